"""Judges what `galley contract` writes as its readers take it: validators, compilers, the engine that fills the mails.

Of the site and of one with hostile names and texts: each schema is one of draft 2020-12, each sample is valid and
seeded changes of it are not; the Python module is strictly typed, agrees with the schema about samples and changes, and
what its data make of the published templates in Jinja2 is what `galley render` shows; the TypeScript module compiles,
takes samples and refuses changes; the Swift file compiles without a warning and brings each sample through unchanged.
"""

import copy
import importlib.util
import json
import random
import re
import shutil
import subprocess
import sys

import jinja2
import jsonschema
import referencing
from jsonschema.validators import Draft202012Validator

import contract_sites
import dialect_engines
import judging
import rendering_law

FORMATS = {"json-schema": "contract.json", "markdown": "contract.md", "python": "contract_module.py",
           "typescript": "contract.ts", "swift": "Contract.swift"}


class Site:
    """A site with its contracts, its bundle and its samples."""

    def __init__(self, galley, site, folder):
        self.galley, self.path, self.folder = galley, site, folder
        self.bundle = galley.build(site, folder / "dist")
        self.environment = self.bundle.environments[0]
        for format_, name in FORMATS.items():
            galley.succeed("contract", "--site", site, "--format", format_, "--out", folder / name, "--quiet")
        galley.succeed("contract", "--site", site, "--format", "json-schema", "--out", folder / "schemas", "--quiet")
        manifest = self.bundle.manifest(self.environment)
        self.templates = {entry["id"]: entry for entry in manifest["templates"]}
        self.samples = {name: judging.samples(site, name) for name in self.templates}
        self.schemas = {name: json.loads((folder / "schemas" / f"{name}.schema.json").read_bytes())
                        for name in self.templates}


# Changes of data


def resolved(schema, root):
    """A schema without a reference or a choice with null around it."""
    while True:
        if "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema:
            schema = schema["anyOf"][0]
        else:
            return schema


def places(value, schema, root, path=()):
    """Each value in the data with its schema and the path to it."""
    schema = resolved(schema, root)
    yield path, value, schema
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, schema["properties"][name], root, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, schema["items"], root, (*path, index))


WRONG = {"string": [7, True, [], {}], "integer": ["7", True, []], "boolean": ["true", 1], "decimal": [True, []],
         "list": ["text", {}, 7], "record": ["text", [], 7], "enumeration": [7, True, []]}


def changed(value, schema, random_):
    """The data with one fault, what the fault is, and whether types alone show it."""
    result = copy.deepcopy(value)
    kinds = ["missing", "unknown", "type", "choice", "null", "text"]
    while True:
        kind = random_.choice(kinds)
        path, item, part = random_.choice(list(places(result, schema, schema)))
        type_ = part.get("x-galley-type", "record")
        if kind == "missing" and part.get("required") and item is not None:
            name = random_.choice(part["required"])
            del item[name]
            return result, f"{path}: without '{name}'", True
        if kind == "unknown" and type_ == "record" and item is not None:
            item["unknownName"] = 1
            return result, f"{path}: with 'unknownName'", False
        new = None
        if kind == "type" and path:
            new = random_.choice(WRONG.get(type_, WRONG["string"]))
        elif kind == "choice" and type_ == "enumeration" and item is not None:
            new = item + "?"
        elif kind == "text" and type_ in ("url", "email", "color"):
            new = {"url": random_.choice(["javascript:alert(1)", "no url", "https://a b"]), "email": "nobody",
                   "color": "#12"}[type_]
        elif kind == "null" and path and (isinstance(path[-1], int) or path[-1] in parent(result, path, schema)):
            put(result, path, None)
            return result, f"{path}: null", True
        if new is not None and path:
            put(result, path, new)
            return result, f"{path}: {new!r} in place of {type_}", kind != "text"


def parent(value, path, schema):
    """The names that the record around a place must have."""
    for at, _, part in places(value, schema, schema):
        if at == path[:-1]:
            return part.get("required", [])
    return []


def put(value, path, new):
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


def changes(site, count, seed):
    """Seeded faults of every mail: (mail, data, words, whether types show it)."""
    random_ = random.Random(seed)
    for name, schema in site.schemas.items():
        samples = list(site.samples[name].values())
        for _ in range(count):
            yield name, *changed(random_.choice(samples), schema, random_)


# Judges


def judge_schemas(site, faults, verdict):
    """Schemas are schemas, take each sample and refuse each fault; the compound document says the same."""
    whole = json.loads((site.folder / FORMATS["json-schema"]).read_bytes())
    Draft202012Validator.check_schema(whole)
    registry = referencing.Registry().with_resource(whole["$id"], referencing.Resource.from_contents(whole)).crawl()
    validators = {}
    for name, schema in site.schemas.items():
        Draft202012Validator.check_schema(schema)
        verdict.check(schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"], f"{name}: is of 2020-12")
        if len(site.schemas) > 1:
            verdict.check(whole["$defs"][name] == schema, f"{name}: stands in the compound document")
        validators[name] = [Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER),
                            Draft202012Validator({"$ref": schema["$id"]}, registry=registry)]
        keys = site.schemas[name]["x-galley-mail"]["keys"]
        parts = {locale: keys_ for (id_, locale), keys_ in site.bundle.parts(site.environment).items() if id_ == name}
        verdict.check(keys == parts, f"{name}: the keys are those of the manifest")
        verdict.check(schema["examples"] == [site.samples[name]["default"]], f"{name}: the example is the sample")
        verdict.check(schema["x-galley-mail"]["escaping"] == site.templates[name]["escaping"], f"{name}: duties")
        published = Draft202012Validator(site.templates[name]["variables"])
        for sample, data in site.samples[name].items():
            for validator in [*validators[name], published]:
                error = jsonschema.exceptions.best_match(validator.iter_errors(data))
                verdict.check(error is None, lambda: f"{name} '{sample}': {error.json_path}: {error.message}")
    for name, data, words, _ in faults:
        for validator in validators[name]:
            verdict.check(not validator.is_valid(data), f"{name}: the schema takes {words}")


def load(path):
    """The module in a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def judge_python(site, faults, verdict):
    """The module is strictly typed, refuses faults, and its data fill the published mails as `galley render` does."""
    path = site.folder / FORMATS["python"]
    checker = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", "--cache-dir",
                              site.folder / "mypy", path], capture_output=True, text=True, check=False)
    if "No module named mypy" in checker.stderr:
        print("SKIPPED types of Python: there is no mypy")
        verdict.check(not judging.IS_CI, "mypy is missing")
    else:
        verdict.check(checker.returncode == 0, lambda: f"mypy --strict: {checker.stdout[:2000]}{checker.stderr[:500]}")
    module = load(path)
    verdict.check(set(module.MAILS) == set(site.templates), "MAILS holds each mail")
    engine = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)
    for rendering in site.galley.render_all(site.path, site.environment):
        name, locale = rendering["template"], rendering["locale"]
        mail_type = module.MAILS[name]
        mail = mail_type.from_data(site.samples[name][rendering["sample"]])
        keys = mail_type.KEYS[locale]
        envelope = site.bundle.mail(site.environment, keys.mail)
        if envelope["sender"]:
            verdict.check(envelope["sender"]["address"] == mail_type.SENDER, f"{name}: the sender")
        published = {"html": site.bundle.bytes(site.environment, keys.html).decode(),
                     "text": site.bundle.bytes(site.environment, keys.text).decode(),
                     "subject": envelope["subject"], "preheader": envelope["preheader"]}
        for part, text in published.items():
            where = f"{name} {locale} '{rendering['sample']}' {part} by the data of the Python module"
            # The parameter is there only where some dialect of the site leaves a duty to its caller.
            context = mail.to_context(part) if hasattr(mail_type, "DUTIES") else mail.to_context()
            json.dumps(context)
            if mail_type.DIALECT == "jinja":
                filled = engine.from_string(text).render(context)
            else:
                plain = {name_: "" if item is None else item for name_, item in context.items()}
                filled = rendering_law.Interpolation().fill(text, part, plain, {})
            verdict.equal(filled, rendering[part], where)
    for name, data, words, _ in faults:
        try:
            module.MAILS[name].from_data(data).to_context()
            verdict.check(False, f"{name}: the Python module takes {words}")
        except module.ContractError:
            verdict.check(True, "")


# Dialects that can say the site and leave duties to their callers, and a text in which every duty shows.
CALLERS = ("go",)
HOSTILE = "a <b> & \"c\" 'd' 50% ä/?=@~\r\nBcc: e@bbws.example"


def judge_duties(galley, site, dialect, folder, verdict):
    """In a dialect that leaves duties to its caller, the Python module's data make what `galley render` shows."""
    path = rendering_law.site_in_dialect(site.path, folder / "site", dialect)
    for name, template in site.templates.items():
        data = site.samples[name]["default"]
        hostile = rendering_law.with_texts(data, template["variables"], HOSTILE)
        file = path / "templates" / f"{name}.samples.json"
        file.write_text(json.dumps({"default": data, "hostile": hostile}), encoding="utf-8")
    bundle = galley.build(path, folder / "dist")
    module_file = folder / f"duties_{dialect}.py"
    galley.succeed("contract", "--site", path, "--format", "python", "--out", module_file, "--quiet")
    module = load(module_file)
    cases, shown, duties = [], [], 0
    for rendering in galley.render_all(path, site.environment):
        name = rendering["template"]
        mail_type = module.MAILS[name]
        mail = mail_type.from_data(judging.samples(path, name)[rendering["sample"]])
        duties += len(mail_type.DUTIES)
        keys = mail_type.KEYS[rendering["locale"]]
        envelope = bundle.mail(site.environment, keys.mail)
        published = {"html": bundle.bytes(site.environment, keys.html).decode(),
                     "text": bundle.bytes(site.environment, keys.text).decode(),
                     "subject": envelope["subject"], "preheader": envelope["preheader"]}
        for part, text in published.items():
            where = f"{dialect} {name} {rendering['locale']} '{rendering['sample']}' {part}"
            context = mail.to_context(part)
            if mail_type.DIALECT == "interpolate":
                plain = {key: "" if item is None else item for key, item in context.items()}
                verdict.equal(rendering_law.Interpolation().fill(text, part, plain, {}), rendering[part], where)
            else:
                cases.append({"engine": mail_type.DIALECT, "template": text, "data": context})
                shown.append((rendering[part], where))
    verdict.check(duties > 0, f"{dialect} leaves duties to its caller")
    for answer, (expected, where) in zip(dialect_engines.answers_of(dialect, cases), shown, strict=True):
        if answer.startswith("?"):
            print(f"SKIPPED {dialect}: there is no {bytes.fromhex(answer[1:]).decode()}")
            verdict.check(not judging.IS_CI, f"{dialect}: its engine is missing")
            return
        if verdict.check(answer.startswith("="), f"{where}: {bytes.fromhex(answer[1:]).decode()}"):
            verdict.equal(bytes.fromhex(answer[1:]).decode(), expected, where)


def typescript(value):
    """A value as TypeScript writes it; `__proto__` needs brackets, or it would be no property."""
    if isinstance(value, dict):
        members = (f"[{json.dumps(key)}]: {typescript(item)}" for key, item in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(typescript, value)) + "]"
    return json.dumps(value)


def judge_typescript(site, faults, verdict):
    """The module compiles; samples have the types that it declares, and faulty data have not."""
    compiler = shutil.which("tsc")
    if compiler is None:
        print("SKIPPED TypeScript: there is no tsc (Debian's node-typescript)")
        verdict.check(not judging.IS_CI, "tsc is missing")
        return
    lines = ['import { Mails, mails } from "./contract";', "export const all: (keyof Mails)[] = [];"]
    for name, samples in site.samples.items():
        lines.append(f"all.push({json.dumps(name)}); mails[{json.dumps(name)}].keys;")
        for index, data in enumerate(samples.values()):
            lines.append(f"all[{index}] = ((data: Mails[{json.dumps(name)}]) => {json.dumps(name)} as const)"
                         f"({typescript(data)});")
    shown = [fault for fault in faults if fault[3]]
    for name, data, words, _ in shown:
        lines += [f"// @ts-expect-error {json.dumps(words)}",
                  f"((data: Mails[{json.dumps(name)}]) => data)({typescript(data)});"]
    (site.folder / "use.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")
    outcome = subprocess.run([compiler, "--strict", "--noEmit", "--target", "es2020", "--module", "commonjs",
                              site.folder / "use.ts"], capture_output=True, text=True, check=False)
    verdict.check(outcome.returncode == 0, lambda: f"tsc: {outcome.stdout[:2000]}{outcome.stderr[:500]}")
    verdict.check(len(shown) > 10, "there were faults for tsc to see")


SWIFT_MAIN = """
import Foundation

func passed<T: Mail>(_ type: T.Type, _ data: Data) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  let value = try JSONDecoder().decode(T.self, from: data)
  let output = try encoder.encode(value)
  guard try JSONDecoder().decode(T.self, from: output) == value else { throw CocoaError(.coderInvalidValue) }
  return output
}

let types = Dictionary(uniqueKeysWithValues: allMails.map { ($0.contract.id, $0) })
while let line = readLine() {
  let id = String(line.prefix { $0 != "\\t" })
  let data = Data(line.drop { $0 != "\\t" }.utf8)
  guard let type = types[id] else { fatalError("no mail \\(id)") }
  do {
    print("=" + String(decoding: try passed(type, data), as: UTF8.self))
  } catch {
    print("!")
  }
}
"""


def with_nulls(value, schema, root):
    """The data with null for what is missing, as the Swift code writes it."""
    schema = resolved(schema, root)
    if isinstance(value, dict):
        return {name: with_nulls(value.get(name), part, root) for name, part in schema["properties"].items()}
    if isinstance(value, list):
        return [with_nulls(item, schema["items"], root) for item in value]
    return value


def judge_swift(site, faults, verdict):
    """The file compiles without a warning, and samples come through its types unchanged."""
    compiler = shutil.which("swiftc")
    if compiler is None:
        print("SKIPPED Swift: there is no swiftc")
        return
    source, main = site.folder / FORMATS["swift"], site.folder / "main.swift"
    main.write_text(SWIFT_MAIN, encoding="utf-8")
    build = subprocess.run([compiler, "-swift-version", "6", "-warnings-as-errors", "-Onone", source, main, "-o",
                            site.folder / "passing"], capture_output=True, text=True, check=False)
    if not verdict.check(build.returncode == 0, lambda: f"swiftc: {build.stderr[:3000]}"):
        return
    # Types in Swift leave out what they do not know, and a text is as good as another.
    shown = [fault for fault in faults if fault[3]]
    cases = [(name, data) for name, samples in site.samples.items() for data in samples.values()]
    cases += [(name, data) for name, data, _, _ in shown]
    lines = "".join(f"{name}\t{json.dumps(data)}\n" for name, data in cases)
    answers = subprocess.run([site.folder / "passing"], input=lines, capture_output=True, text=True, check=False)
    results = answers.stdout.split("\n")[:-1]
    if not verdict.check(len(results) == len(cases), lambda: f"Swift answered {len(results)}: {answers.stderr[:500]}"):
        return
    for (name, data), answer in zip(cases, results):
        schema = site.schemas[name]
        if any(data is item for item in site.samples[name].values()):
            wanted = with_nulls(data, schema, schema)
            verdict.check(answer[0] == "=" and json.loads(answer[1:]) == wanted, f"{name}: Swift makes {answer:.200}")
        else:
            verdict.check(answer == "!", f"{name}: Swift takes {json.dumps(data):.200}")


def judge_markdown(site, verdict):
    """Tables keep their columns, and nothing of an author's becomes markup."""
    text = (site.folder / FORMATS["markdown"]).read_text(encoding="utf-8")
    prose = re.sub(r"(?ms)^(```+)json$.*?^\1$", "", text)
    prose = re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", "", prose)
    tags = set(re.findall(r"(?<!\\)<[^>]*>?", prose)) - {"<!-- Written by galley contract; do not edit. -->"}
    verdict.check(not tags, lambda: f"Markdown holds markup of an author: {tags}")
    columns = 0
    for line in text.split("\n"):
        if line.startswith("| "):
            count = line.replace("\\|", "").count("|")
            verdict.check(columns in (0, count), f"a row keeps its columns: {line:.120}")
            columns = count
        else:
            columns = 0
    for name in site.templates:
        verdict.check(f"`{name}`" in text, f"Markdown shows '{name}'")


def judge_stability(site, verdict):
    """One mail alone has the names that it has among all; a second run writes the same."""
    name = sorted(site.templates)[-1]
    for format_, file in FORMATS.items():
        again = site.galley.succeed("contract", "--site", site.path, "--format", format_)
        verdict.equal(again, (site.folder / file).read_bytes(), f"{format_}: a second run")
    one = site.galley.succeed("contract", "--site", site.path, "--format", "python", name).decode()
    (site.folder / "one_mail.py").write_text(one, encoding="utf-8")
    module = load(site.folder / "one_mail.py")
    whole = sys.modules["contract_module"]
    verdict.equal(module.MAILS[name].__name__, whole.MAILS[name].__name__, f"the name of {name} alone")
    verdict.check(list(module.MAILS) == [name], "one mail alone")


def main():
    arguments = judging.parser(__doc__)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--faults", type=int, default=40, help="seeded faults a mail")
    arguments = arguments.parse_args()
    print(f"seed {arguments.seed}")
    verdict = judging.Verdict()
    galley = judging.Galley(arguments.galley)
    with judging.scratch() as folder:
        (folder / "hostile").mkdir()
        paths = {"site": arguments.site, "hostile": contract_sites.hostile(folder / "hostile")}
        for label, path in paths.items():
            (folder / f"{label}-out").mkdir()
            site = Site(galley, path, folder / f"{label}-out")
            faults = list(changes(site, arguments.faults, arguments.seed))
            judge_schemas(site, faults, verdict)
            judge_python(site, faults, verdict)
            judge_typescript(site, faults, verdict)
            judge_swift(site, faults, verdict)
            judge_markdown(site, verdict)
            judge_stability(site, verdict)
            if label == "site":
                for dialect in CALLERS:
                    (folder / dialect).mkdir()
                    judge_duties(galley, site, dialect, folder / dialect, verdict)
    verdict.finish()


if __name__ == "__main__":
    main()
