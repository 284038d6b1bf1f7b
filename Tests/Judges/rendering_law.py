"""Judges that what is published renders as what was shown: Jinja2 over dist/ equals `galley render`, byte for byte.

For each template × locale × environment × sample the published HTML, text, subject and preheader are filled by the real
Jinja2 (autoescape off, as the sending service does it), or, for the `interpolate` dialect, by a regular expression with
the escaping that the manifest demands of the caller. The same site is published in each other dialect that can say all
of it, and held to the engine of that dialect. The samples are those of the site and, in a second site, the same
with hostile texts. Hostile texts must also leave the markup as it was: the tags and attribute names that Python's HTML
parser sees are those of the same sample with harmless texts, and a subject stays one line.
"""

import html.parser
import json
import re
import urllib.parse

import jinja2
import markupsafe

import dialect_engines
import judging

HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "--><b>{{x}}</b><!--",
    "{{x}}{{ 7*7 }}{{{x}}}",
    "{% if x %}{% endif %}{# x #}{%- raw -%}",
    "\\1\\g<0>\\n$1$&\\",
    "one\r\nBcc: two@example.com\nthree\rfour",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &",
    "]]></style></title><![endif]-->",
]
HARMLESS = "harmless"

# Values that may be any text. Trusted markup, colors, enumerations and addresses of mail are checked by whoever sends.
FREE_TYPES = {"string", "money", "date", "datetime", "decimal", "urlPart"}


def with_texts(value, schema, text):
    """The value with each free text in it replaced, and each URL lengthened as far as a check of its scheme allows."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {key: with_texts(item, properties.get(key, {}), text) for key, item in value.items()}
    if isinstance(value, list):
        return [with_texts(item, schema.get("items", {}), text) for item in value]
    if not isinstance(value, str) or not value:
        return value
    if schema.get("x-galley-type") == "url":
        return value + "?x=" + re.sub(r"[\x00-\x20]", "+", text)
    return text if schema.get("x-galley-type") in FREE_TYPES else value


class Outline(html.parser.HTMLParser):
    """The tags and attribute names of a page; conditional comments are looked into."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.events = []

    @classmethod
    def of(cls, text):
        outline = cls()
        outline.feed(text)
        outline.close()
        return outline.events

    def handle_starttag(self, tag, attrs):
        self.events.append(("start", tag, tuple(name for name, _ in attrs)))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.events.append(("end", tag))

    def handle_comment(self, data):
        self.events.append(("comment", data[:12] if data.startswith("[if") else ""))
        if data.startswith("[if"):
            self.events += Outline.of(data.split("]>", 1)[-1].removesuffix("<![endif]"))

    def handle_decl(self, decl):
        self.events.append(("declaration", decl))

    def unknown_decl(self, data):
        self.events.append(("unknown", data))

    def handle_pi(self, data):
        self.events.append(("instruction", data))


class Jinja:
    """The service as it is: autoescape off, an undefined name prints nothing."""

    def __init__(self):
        self.environment = jinja2.Environment(autoescape=False)
        self.compiled = {}

    def fill(self, text, part, values, duties):
        if text not in self.compiled:
            self.compiled[text] = self.environment.from_string(text)
        return self.compiled[text].render(values)


class Interpolation:
    """The service as it was documented: `{{name}}` by one regular expression, with the escaping it owes."""

    pattern = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}")
    escapes = {
        "html": lambda text: str(markupsafe.escape(text)),
        "url": lambda text: str(markupsafe.escape(text)),
        "urlPart": lambda text: jinja2.filters.do_urlencode(text),
        "line": lambda text: text.replace("\r", " ").replace("\n", " "),
        "none": lambda text: text,
    }

    def fill(self, text, part, values, duties):
        def value(match):
            name = match.group(1)
            found = values
            for step in name.split("."):
                found = found.get(step, "") if isinstance(found, dict) else ""
            return self.escapes[duties.get((part, name), "none")](str(found))
        return self.pattern.sub(value, text)


def duties_of(template):
    """What the caller owes, from the manifest's entry of a template: (part, variable) → duty."""
    return {(entry["part"], entry["variable"]): entry["escape"] for entry in template["escaping"]}


class Law:
    """One site, built and rendered, held to the law."""

    def __init__(self, galley, site, out, verdict):
        self.galley, self.site, self.verdict = galley, site, verdict
        self.bundle = galley.build(site, out)
        self.engines = {"jinja": Jinja(), "interpolate": Interpolation()}
        self.filled = {}

    def hold(self, environment):
        manifest = self.bundle.manifest(environment)
        templates = {entry["id"]: entry for entry in manifest["templates"]}
        parts = self.bundle.parts(environment)
        renderings = self.galley.render_all(self.site, environment)
        self.verdict.check({(r["template"], r["locale"]) for r in renderings} == set(parts),
                           f"{environment}: render --all shows each mail in each locale")
        values = {name: judging.samples(self.site, name) for name in templates}
        shown = {(r["template"], r["sample"]) for r in renderings}
        self.verdict.check(shown == {(name, sample) for name, all_ in values.items() for sample in all_},
                           f"{environment}: render --all shows each sample")
        for rendering in renderings:
            self.hold_one(environment, rendering, templates[rendering["template"]],
                          parts[rendering["template"], rendering["locale"]],
                          values[rendering["template"]][rendering["sample"]])

    def hold_one(self, environment, rendering, template, keys, values):
        where = f"{environment} {rendering['template']} {rendering['locale']} '{rendering['sample']}'"
        engine = self.engines.get(template["dialect"])
        if not self.verdict.check(engine is not None, f"{where}: no engine for {template['dialect']}"):
            return
        mail = self.bundle.mail(environment, keys["mail"])
        published = {
            "html": self.bundle.bytes(environment, keys["html"]).decode(),
            "text": self.bundle.bytes(environment, keys["text"]).decode(),
            "subject": mail["subject"],
            "preheader": mail["preheader"],
        }
        duties = duties_of(template)
        for part, text in published.items():
            try:
                filled = engine.fill(text, part, values, duties)
            except jinja2.TemplateError as error:
                self.verdict.check(False, f"{where} {part}: Jinja2 says {error}")
                continue
            self.verdict.equal(rendering[part], filled, f"{where} {part}")
            self.filled[environment, rendering["template"], rendering["locale"], rendering["sample"], part] = filled


def hostile_site(site, bundle, target):
    """A copy of the site whose samples are the site's own with harmless and with hostile texts."""
    judging.copy_site(site, target)
    for template in bundle.manifest(bundle.environments[0])["templates"]:
        schema = template["variables"]
        result = {}
        for name, values in judging.samples(site, template["id"]).items():
            for index, text in enumerate([HARMLESS, *HOSTILE]):
                label = f"{name} {index}" if index else f"{name} harmless"
                result[label] = with_texts(values, schema, text)
        result = {"default": judging.samples(site, template["id"])["default"], **result}
        path = target / "templates" / f"{template['id']}.samples.json"
        path.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    return target


def judge_neutrality(law, verdict):
    """Hostile texts change no tag, no attribute and no line of a subject."""
    for (environment, template, locale, sample, part), filled in law.filled.items():
        label, _, index = sample.rpartition(" ")
        where = f"{environment} {template} {locale} '{sample}' {part}"
        if part == "subject":
            verdict.check(not re.search(r"[\r\n]", filled), f"{where}: one line")
        elif part == "html" and index.isdigit():
            harmless = law.filled[environment, template, locale, f"{label} harmless", part]
            verdict.check(Outline.of(filled) == Outline.of(harmless),
                          f"{where}: {HOSTILE[int(index) - 1]!r} changes the markup")


# The dialects in which each mail of the site can be said, with their engines.
OTHER_DIALECTS = ("go", "liquid", "sendgrid")

DUTIES = {
    "html": lambda text: str(markupsafe.escape(text)),
    "url": lambda text: str(markupsafe.escape(text)),
    "urlPart": lambda text: urllib.parse.quote(text, safe="/~"),
    "address": lambda text: urllib.parse.quote(text, safe="/~@"),
    "line": lambda text: text.replace("\r", " ").replace("\n", " "),
}


def after_duties(value, part, duties, path=""):
    """The data of a part after the caller has done what the manifest says."""
    if isinstance(value, dict):
        return {key: after_duties(item, part, duties, f"{path}.{key}" if path else key) for key, item in value.items()}
    if isinstance(value, list):
        return [after_duties(item, part, duties, path + "[]") for item in value]
    duty = duties.get((part, path))
    return DUTIES[duty](value) if duty in DUTIES and isinstance(value, str) else value


def site_in_dialect(site, target, dialect):
    """A copy of a site in another dialect, but for mails that have one of their own."""
    copy = judging.copy_site(site, target)
    settings = copy / "galley.yml"
    text, count = re.subn(r"(?m)^dialect:.*$", f"dialect: {dialect}", settings.read_text(encoding="utf-8"))
    settings.write_text(text if count else f"dialect: {dialect}\n{text}", encoding="utf-8")
    return copy


def judge_dialect(dialect, galley, site, folder, verdict):
    """The whole site in another dialect, filled by that dialect's engine, is what `galley render` shows."""
    copy = site_in_dialect(site, folder / dialect, dialect)
    bundle = galley.build(copy, folder / f"{dialect}-dist")
    environment = bundle.environments[0]
    templates = {entry["id"]: entry for entry in bundle.manifest(environment)["templates"]}
    parts = bundle.parts(environment)
    cases, shown = [], []
    for rendering in galley.render_all(copy, environment):
        if templates[rendering["template"]]["dialect"] != dialect:
            continue  # A mail that has a dialect of its own.
        keys = parts[rendering["template"], rendering["locale"]]
        mail = bundle.mail(environment, keys["mail"])
        values = judging.samples(copy, rendering["template"])[rendering["sample"]]
        duties = duties_of(templates[rendering["template"]])
        published = {"subject": mail["subject"], "preheader": mail["preheader"]}
        published |= {part: bundle.bytes(environment, keys[part]).decode() for part in ("html", "text")}
        for part, template in published.items():
            cases.append({"engine": dialect, "template": template, "data": after_duties(values, part, duties)})
            shown.append((rendering[part], f"{dialect} {rendering['template']} {rendering['sample']} {part}"))
    for answer, (expected, where) in zip(dialect_engines.answers_of(dialect, cases), shown, strict=True):
        if answer.startswith("?"):
            print(f"SKIPPED {dialect}: there is no {bytes.fromhex(answer[1:]).decode()}")
            verdict.check(not judging.IS_CI, f"{dialect}: its engine is missing")
            return
        filled = bytes.fromhex(answer[1:]).decode()
        if verdict.check(answer.startswith("="), f"{where}: {filled}"):
            verdict.equal(filled, expected, where)


def main():
    arguments = judging.parser(__doc__)
    arguments.add_argument("--hostile-env", action="append",
                           help="environments for hostile samples (default: the first)")
    arguments = arguments.parse_args()
    verdict = judging.Verdict()
    galley = judging.Galley(arguments.galley)
    with judging.scratch() as folder:
        law = Law(galley, arguments.site, folder / "dist", verdict)
        for environment in law.bundle.environments:
            law.hold(environment)
        site = hostile_site(arguments.site, law.bundle, folder / "hostile")
        hostile = Law(galley, site, folder / "hostile-dist", verdict)
        for environment in arguments.hostile_env or hostile.bundle.environments[:1]:
            hostile.hold(environment)
        judge_neutrality(hostile, verdict)
        for dialect in OTHER_DIALECTS:
            judge_dialect(dialect, galley, arguments.site, folder, verdict)
    verdict.finish()


if __name__ == "__main__":
    main()
