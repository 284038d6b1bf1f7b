"""Judges what goes to translators and comes back: XLIFF as libxml2 reads it and as a translator's tool changes it.

Each export is parsed by lxml, without a document type or entities, and held to the rules of its version: which
element stands where, which attributes it has, identifiers that are name tokens and unique, marks of a target
that its source has. The documents are written again by lxml, some with translations, some with segments cut,
and imported: what was not touched must come to nothing, what was translated must be what the tool prints, and a
broken document must write nothing.
"""

import copy
import json
import random
import re
import sys

import judging

try:
    from lxml import etree
except ImportError:
    print("SKIPPED there is no lxml: install the requirements of the judges")
    print("0 passed, 0 failed")
    sys.exit(1 if judging.IS_CI else 0)

NAME = re.compile(r"[A-Za-z0-9._:-]+")
# Of each element: what may stand in it, in order, and its attributes; those with a mark are needed.
FORMS = {
    "1.2": {
        "xliff": (["file"], {"version!"}),
        "file": (["body"], {"original!", "source-language!", "target-language", "datatype!", "space"}),
        "body": (["trans-unit"], set()),
        "trans-unit": (["source", "target", "note"], {"id!", "resname"}),
        "source": (None, set()), "target": (None, {"state"}), "note": ([], set()),
        "x": ([], {"id!", "equiv-text"}), "g": (None, {"id!", "equiv-text"}),
    },
    "2.0": {
        "xliff": (["file"], {"version!", "srcLang!", "trgLang"}),
        "file": (["unit"], {"id!", "original", "space"}),
        "unit": (["notes", "segment"], {"id!", "name"}),
        "notes": (["note"], set()), "note": ([], set()),
        "segment": (["source", "target"], {"state"}),
        "source": (None, set()), "target": (None, set()),
        "ph": ([], {"id!", "equiv", "disp"}), "pc": (None, {"id!", "equivStart", "dispStart"}),
    },
}
STATES = {"1.2": {"translated"}, "2.0": {"initial", "translated"}}
INLINE = {"1.2": {"x", "g"}, "2.0": {"ph", "pc"}}

MESSAGES = {
    "plain": "Your order is ready", "mark": "Order {order} for {name}, {name}",
    "odd": "'{'it''s'}' & \"<\" > 5 \U0001f469\u200d\U0001f467", "lines": "one\ntwo\r\nthree\t four",
    "space": "  before and after  ", "link": "Read <link>the {name} terms</link> & more",
    "items": "{n, plural, =0 {nothing} one {# item} other {# items}}",
    "deep": "It is {s, select, PAID {paid by {n, plural, one {# card} other {# cards}}} other {open}} now",
    "rank": "{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} of {n, number}",
    "d": {"due": "Due {day, date, long}"}, "cdata": "]]> <![CDATA[ <!-- --", "key:&<\"": "odd key",
}
LOCALES = ["af", "ar", "pl", "zu", "ja"]


def local(element):
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def parse(document):
    """A document as libxml2 reads it, with nothing from elsewhere."""
    return etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def judge_form(document, version, verdict, what):
    """Holds one document to the rules of its version."""
    root = parse(document)
    namespace = f"urn:oasis:names:tc:xliff:document:{version}"
    verdict.check(root.getroottree().docinfo.internalDTD is None, f"{what}: a document type")
    seen = set()
    for element in root.iter():
        name = local(element)
        verdict.check(etree.QName(element).namespace == namespace, f"{what}: {name} in another namespace")
        if not verdict.check(name in FORMS[version], f"{what}: {name} is no element of {version}"):
            continue
        children, attributes = FORMS[version][name]
        found = {etree.QName(key).localname for key in element.attrib}
        needed = {key[:-1] for key in attributes if key.endswith("!")}
        allowed = {key.rstrip("!") for key in attributes}
        verdict.check(needed <= found <= allowed, f"{what}: attributes of {name}: {found}")
        if "state" in element.attrib:
            verdict.check(element.get("state") in STATES[version], f"{what}: the state {element.get('state')}")
        names = [local(child) for child in element]
        if children is None:
            verdict.check(set(names) <= INLINE[version], f"{what}: {names} in {name}")
        else:
            order = [children.index(child) if child in children else -1 for child in names]
            verdict.check(order == sorted(order) and -1 not in order, f"{what}: {names} in {name}")
        if name in ("trans-unit", "unit"):
            verdict.check(NAME.fullmatch(element.get("id")) is not None, f"{what}: id {element.get('id')}")
            verdict.check(element.get("id") not in seen, f"{what}: {element.get('id')} twice")
            seen.add(element.get("id"))
            marks = {part: [mark.get("id") for mark in element.iterfind(f".//{{*}}{part}//*")]
                     for part in ("source", "target")}
            for part, identifiers in marks.items():
                verdict.check(len(set(identifiers)) == len(identifiers), f"{what}: marks of {part}: {identifiers}")
            if marks["target"] and "plural" not in element.get("id"):
                verdict.check(set(marks["target"]) <= set(marks["source"]), f"{what}: marks of {element.get('id')}")
    return root


def write_site(root, messages, translations):
    """Writes a site with catalogs."""
    (root / "locales").mkdir()
    (root / "templates").mkdir()
    (root / "galley.yml").write_text(
        f"name: judge\ndialect: jinja\nlocales: {{default: en, supported: {json.dumps(['en', *LOCALES])}}}\n"
        "environments: {dev: {store: 's3://judge-dev', region: eu-west-1}}\n", encoding="utf-8")
    for locale, texts in {"en": messages, **translations}.items():
        written = json.dumps(texts, ensure_ascii=False, indent=2)
        (root / "locales" / f"{locale}.json").write_text(written, encoding="utf-8")
    calls = ("{{t 'plain'}} {{t 'mark' order='A' name='B'}} {{t 'odd'}} {{t 'lines'}} {{t 'space'}} "
             "{{t 'link' name='B' link='https://a.example/'}} {{t 'items' n=3}} {{t 'deep' s='PAID' n=2}} "
             "{{t 'rank' n=2}} {{t 'cdata'}}")
    (root / "templates" / "all.html").write_text(f"---\nsubject: All\n---\n<p>{calls}</p>\n", encoding="utf-8")


def translate(root, version, seed):
    """Translates every source as a machine would: its text backwards, its marks where they were."""
    order = random.Random(seed)
    wanted = {}
    for unit in root.iter("{*}trans-unit", "{*}unit"):
        source = unit.find(".//{*}source")
        target = unit.find(".//{*}target")
        if target is None:
            target = etree.SubElement(source.getparent(), source.tag.replace("source", "target"))
            source.addnext(target)
        for child in list(target):
            target.remove(child)
        target.attrib.pop("state", None)
        target.text = source.text and f"ž{source.text[::-1]}"
        for child in source:
            target.append(copy.deepcopy(child))
        if not len(source) and order.random() < 0.5 and version == "2.0":
            # A tool that cuts sentences leaves two segments.
            segment = source.getparent()
            segment.addnext(copy.deepcopy(segment))
            segment.getnext().find("{*}source").text = ""
            segment.getnext().find("{*}target").text = "!"
            wanted[unit.get("id")] = (target.text or "") + "!"
        else:
            wanted[unit.get("id")] = target.text or ""
    return wanted


def main():
    """Judges."""
    options = judging.parser(__doc__).parse_args()
    galley = judging.Galley(options.galley)
    verdict = judging.Verdict()
    with judging.scratch() as folder:
        own = judging.copy_site(options.site, folder / "site")
        made = folder / "made"
        made.mkdir()
        part = {key: MESSAGES[key] for key in list(MESSAGES)[:5]}
        write_site(made, MESSAGES, {"af": MESSAGES, "pl": part, "ja": {}})
        # The site: nothing is missing or unused, and what goes out is what comes back.
        for command in ("missing", "unused"):
            process = galley.run("messages", command, "--site", own)
            verdict.check(process.returncode == 0 and process.stdout == b"", f"messages {command} on the site")
        verdict.check(galley.run("messages", "missing", "--site", made).returncode == 1, "missing messages end with 1")
        process = galley.run("messages", "missing", "--site", made, "--format", "json", "--locale", "zu")
        lines = process.stdout.splitlines()
        verdict.check(len(lines) == len(MESSAGES), f"{len(lines)} missing messages in zu")
        verdict.check(all(json.loads(line)["standIn"] == "en" for line in lines), "what stands in")
        for site in (own, made):
            for version in FORMS:
                out = folder / f"out-{site.name}-{version}"
                galley.succeed("messages", "export", "--site", site, "--xliff", version, "--out", out)
                for path in sorted(out.glob("*.xlf")):
                    judge_exchange(galley, site, path, version, verdict)
        judge_broken(galley, made, folder, verdict)
    print(f"{len(LOCALES)} locales in {len(FORMS)} versions, {len(MESSAGES)} messages, and the site")
    verdict.finish()


def judge_exchange(galley, site, path, version, verdict):
    """One export: its form, its way back untouched, and its way back translated."""
    what = f"{site.name} {path.stem} {version}"
    root = judge_form(path.read_bytes(), version, verdict, what)
    catalogs = sorted((site / "locales").glob(f"{path.stem}.*"))
    before = {catalog: catalog.read_bytes() for catalog in catalogs}
    back = path.with_suffix(".back")
    # As it went, and as libxml2 writes it.
    for document in (path.read_bytes(), etree.tostring(root, xml_declaration=True, encoding="UTF-8")):
        back.write_bytes(document)
        said = json.loads(galley.succeed("messages", "import", back, "--site", site, "--format", "json"))
        verdict.check(not said["isWritten"] and said["refused"] == 0, f"{what}: untouched, and {said}")
        verdict.check(all(file.read_bytes() == old for file, old in before.items()), f"{what}: a catalog has changed")
    if site.name == "site":
        return
    wanted = translate(root, version, what)
    back.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    said = json.loads(galley.succeed("messages", "import", back, "--site", site, "--format", "json"))
    verdict.check(said["isWritten"] and said["refused"] == 0 and said["untranslated"] == 0, f"{what}: {said}")
    again = path.with_suffix(".again")
    again.write_bytes(galley.succeed("messages", "export", "--site", site, "--xliff", version, "--locale", path.stem))
    after = judge_form(again.read_bytes(), version, verdict, f"{what} again")
    for unit in after.iter("{*}trans-unit", "{*}unit"):
        target = unit.find(".//{*}target")
        found = "nothing" if target is None else target.text or ""
        verdict.equal(found, wanted.get(unit.get("id"), "no unit"), f"{what} {unit.get('id')}")
    verdict.check(galley.run("check", "--site", site, "--quiet").returncode == 0, f"{what}: the site is broken")
    for file in (site / "locales").glob(f"{path.stem}.*"):
        if file in before:
            file.write_bytes(before[file])
        else:
            file.unlink()


def judge_broken(galley, site, folder, verdict):
    """Documents that were cut or spoiled write nothing."""
    document = galley.succeed("messages", "export", "--site", site, "--locale", "pl")
    path = folder / "broken.xlf"
    catalog = site / "locales" / "pl.json"
    before = catalog.read_bytes()
    laughs = b"<!DOCTYPE x [<!ENTITY a 'b'>" + b"".join(
        b"<!ENTITY %c '&%c;&%c;'>" % (97 + i, 96 + i, 96 + i) for i in range(1, 20)) + b"]><x>&t;</x>"
    cases = [document[:cut] for cut in range(40, len(document) - 10, 997)]
    cases += [laughs, b"<x>" * 100000, document.replace(b"<x id=", b"<x ids=") + b"<", b"\xff" + document, b"",
              document.replace(b'target-language="pl"', b'target-language="xx"')]
    for number, case in enumerate(cases):
        path.write_bytes(case)
        process = galley.run("messages", "import", path, "--site", site)
        verdict.check(process.returncode == 1, f"broken document {number}: status {process.returncode}")
        verdict.check(b"broken.xlf" in process.stderr, f"broken document {number}: {process.stderr[:200]!r}")
        verdict.check(catalog.read_bytes() == before, f"broken document {number} was written")


if __name__ == "__main__":
    main()
