"""Judges the inliner: each element has the same computed style after inlining as before, whatever a browser asks.

    computed_styles.py --galley .build/release/galley [--peers] [--only PATTERN…] [--site .]

Documents are the mails of the corpus by others (GALLEY_SUITES), the mails of the site, and the small ones beside this
file: cases of one question each, and hard ones, named for what is hard in them. Chromium draws each before and after,
at three widths, light, dark and printed, in the states that only a client knows, and as clients dress it up; elements
pair by position, and each longhand that any rule or style attribute touches is compared. Scripts and the network are
off.

With --besides "--minify …" the documents by others also get what `galley inline` can do besides. All of it leaves the
styles alone, but for what it is for: colors that are clipped, mso-hide, and the color of an hr without height.

With --peers the same is asked of css-inline and premailer (Benchmarks/requirements.txt). What may differ stands in
computed_styles.exceptions, one a line, with its reason; an exception that nothing needs fails.
"""

import asyncio
import concurrent.futures
import dataclasses
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from playwright.async_api import async_playwright

import judging
import random_mails
import screenshots

HERE = pathlib.Path(__file__).resolve().parent
# What Chromium is asked for at once: the medium and scheme are the page's, the rest is a frame's.
MEDIA = [
    ({"media": "screen", "color_scheme": "light"}, [
        {"width": 1000, "view": "plain", "label": "1000 light"}, {"width": 600, "view": "plain", "label": "600 light"},
        {"width": 375, "view": "plain", "label": "375 light"}, {"width": 600, "view": "states", "label": "600 states"},
        {"width": 600, "view": "clients", "label": "600 clients"},
        {"width": 375, "view": "states", "label": "375 states"},
    ]),
    ({"media": "screen", "color_scheme": "dark"}, [
        {"width": 1000, "view": "plain", "label": "1000 dark"}, {"width": 600, "view": "plain", "label": "600 dark"},
        {"width": 375, "view": "plain", "label": "375 dark"},
    ]),
    ({"media": "print", "color_scheme": "light"}, [{"width": 600, "view": "plain", "label": "600 print"}]),
]
# about:blank hands its policy on to its frames, so that not one request is made.
HOST = ("<!DOCTYPE html><meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\"><style>:root { color-scheme: light dark }</style>")


@dataclasses.dataclass
class Document:
    """A document before and after inlining, by each of those who inline."""

    name: str
    before: str
    afters: dict = dataclasses.field(default_factory=dict)
    results: dict = dataclasses.field(default_factory=dict)
    # Whether the tool said that an order of declarations can't be kept.
    is_warned: bool = False


@dataclasses.dataclass
class Exemption:
    """A line of the file of exceptions."""

    line: int
    pattern: str
    what: str
    reason: str
    uses: int = 0
    is_due: bool = False

    @property
    def script(self):
        """What the page needs of it."""
        kind, _, value = self.what.partition(":")
        return {"line": str(self.line), "properties": value.split() if kind == "properties" else None,
                "selector": value.strip()}


def read_exceptions(path):
    """The exceptions of a file: pattern | properties:… or elements:… | reason."""
    result = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split(" | ", 2)]
        if len(fields) != 3 or not re.match(r"(properties|elements):", fields[1]) or not fields[2]:
            sys.exit(f"{path.name}:{number}: not 'documents | properties:… or elements:… | reason'")
        result.append(Exemption(number, *fields))
    return result


def decode(content):
    """The text of a document, without its byte order mark, as a browser takes it."""
    return content.decode("utf-8", errors="replace").removeprefix("\N{BYTE ORDER MARK}")


def galley_inlines(galley, documents, name, options):
    """Lets the tool inline all documents, as many at a time as there are processors."""
    def one(document):
        process = galley.run_text(document.before, "inline", "--format", "short", *options)
        if process.returncode in (0, 1) and process.stdout:
            document.afters[name] = decode(process.stdout)
            document.is_warned |= b"css/order-lost" in process.stderr
        return None if process.returncode in (0, 1) else f"{document.name}: {process.stderr.decode()[-300:]}"

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [failure for failure in pool.map(one, documents) if failure]


class PipedGalley(judging.Galley):
    """The tool with a document on its standard input."""

    def run_text(self, text, *arguments):
        return subprocess.run([self.binary, *arguments], input=text.encode(), capture_output=True, check=False,
                              timeout=60)


def folder_documents(folder, prefix):
    """Each HTML file below a folder."""
    return [Document(f"{prefix}/{path.relative_to(folder).as_posix()}", decode(path.read_bytes()))
            for path in sorted(folder.rglob("*.html"))]


def case_documents(path):
    """The documents of a file of cases: each begins with a line `=== what it is about`."""
    for part in path.read_text(encoding="utf-8").split("\n=== ")[1:]:
        title, _, text = part.partition("\n")
        yield Document(f"case/{title.strip()}", f"<!DOCTYPE html>{text}")


def site_documents(galley, site, is_thorough):
    """The mails of a site as they are, and as a copy of it gives them whose sheets ask not to be inlined."""
    with judging.scratch() as scratch:
        copy = judging.copy_site(site, scratch / "site")
        for path in [*copy.rglob("*.html")]:
            text = path.read_text(encoding="utf-8")
            def sheet(link):
                return f"<style data-galley=\"keep\">{(copy / link[1]).read_text(encoding='utf-8')}</style>"
            changed = re.sub(r'<link rel="stylesheet" href="([^"]+)">', sheet, text)
            changed = re.sub(r"<style(?=[ >])(?! data-galley)", '<style data-galley="keep"', changed)
            if changed != text:
                path.write_text(changed, encoding="utf-8")
        before = galley.succeed("render", "--all", "--quiet", "--site", copy).decode().splitlines()
    after = galley.succeed("render", "--all", "--quiet", "--site", site).decode().splitlines()
    result, seen = [], set()
    for plain, inlined in zip(map(json.loads, before), map(json.loads, after), strict=True):
        # In another language a mail has the same elements.
        key = (plain["template"], plain["sample"])
        if key in seen and not is_thorough:
            continue
        seen.add(key)
        name = f"site/{plain['template']}.{plain['locale']}.{plain['sample']}"
        result.append(Document(name, plain["html"], {"galley": inlined["html"]}))
    return result


def peers():
    """Functions that inline, by name: each peer as it comes, and as it is set to lose least."""
    import logging

    import css_inline
    import premailer

    def mailer(**options):
        return lambda text: premailer.Premailer(
            text, cssutils_logging_level=logging.CRITICAL, disable_validation=True, allow_network=False,
            **options).transform()

    plain = css_inline.CSSInliner(load_remote_stylesheets=False)
    careful = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
    return {
        "css-inline": plain.inline,
        "css-inline, keeping sheets": careful.inline,
        "premailer": mailer(),
        "premailer, keeping sheets": mailer(keep_style_tags=True, strip_important=False, include_star_selectors=True),
    }


def peers_inline(documents):
    """Lets the peers inline all documents; returns what they could not read."""
    failures = {}
    for name, inline in peers().items():
        for document in documents:
            try:
                document.afters[name] = inline(document.before)
            except Exception as failure:  # a peer may fail in any way
                failures.setdefault(name, []).append(f"{document.name}: {type(failure).__name__}: {failure!s:.80}")
    return failures


async def compare(documents, exemptions, browser_path, workers):
    """Draws and compares all documents."""
    script = (HERE / "computed_styles.js").read_text(encoding="utf-8")
    queue = asyncio.Queue()
    # The longest first, so that none is left alone at the end.
    for number, document in sorted(enumerate(documents), key=lambda entry: -len(entry[1].before)):
        queue.put_nowait((number, document))

    async def work(browser):
        context = await browser.new_context(offline=True)
        await context.route("**/*", lambda route: route.abort())
        page = await context.new_page()
        await page.set_content(HOST)
        await page.evaluate(f"() => {{ {script}\n globalThis.compareStyles = compare; }}")
        while not queue.empty():
            number, document = queue.get_nowait()
            due = [e for e in exemptions if fnmatch.fnmatchcase(document.name, e.pattern)]
            for emulation, modes in MEDIA:
                await page.emulate_media(**emulation)
                results = await page.evaluate("(work) => compareStyles(work)", {
                    "key": number, "before": document.before, "afters": list(document.afters.values()),
                    "modes": modes, "exceptions": [e.script for e in due]})
                for name, result in zip(document.afters, results):
                    merge(document.results, name, result)
        await context.close()

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        await asyncio.gather(*(work(browser) for _ in range(workers)))
        await browser.close()


def merge(results, name, result):
    """Adds what one medium showed to what the others did."""
    total = results.setdefault(name, {"compared": 0, "differing": 0, "differences": [], "excepted": {}, "trees": None})
    for key in ("compared", "differing"):
        total[key] += result[key]
    total["differences"] += result["differences"]
    total["trees"] = total["trees"] or result["trees"]
    for line, count in result["excepted"].items():
        total["excepted"][line] = total["excepted"].get(line, 0) + count


def table(documents, names, groups):
    """The figures of each group of documents, for each of those who inline."""
    row = "{:36}{:>10}{:>13}{:>11}{:>10}{:>14}{:>13}".format
    lines = [row("", "documents", "compared", "differing", "", "in documents", "other trees")]
    for group in groups:
        for name in names:
            results = [d.results[name] for d in documents if d.name.startswith(group) and name in d.results]
            if not results:
                continue
            compared, differing = sum(r["compared"] for r in results), sum(r["differing"] for r in results)
            lines.append(row(
                f"{group.rstrip('/')}: {name}", len(results), f"{compared:,}", f"{differing:,}",
                f"{100 * differing / max(compared, 1):.4f} %", sum(r["differing"] > 0 for r in results),
                sum(r["trees"] is not None for r in results)))
    return "\n".join(lines)


def spoiled(document):
    """The document without its sheets, in which a difference must be found, or the comparison could not fail."""
    return Document("spoiled/" + document.name, document.before,
                    {"galley": re.sub(r"(?s)<style.*?</style>", "<style></style>", document.before)})


def judge(documents, verdict, exemptions, names):
    """Counts what held for our tool."""
    for document in documents:
        for name in names:
            result = document.results.get(name)
            if result is None:
                continue
            where = document.name if name == "galley" else f"{document.name} ({name})"
            if document.name.startswith("spoiled/"):
                verdict.check(result["differing"] > 0, f"{where}: a lost sheet was not noticed")
                continue
            verdict.check(result["trees"] is None, f"{where}: {result['trees']}")
            if document.is_warned and document.name.startswith("random/"):
                # What a style attribute can't say is fair if it was said; in the written documents it is listed.
                continue
            shown = "".join(f"\n    {label}: {place}: {name} is {after!r}, was {before!r}"
                            for label, place, name, before, after in result["differences"][:6])
            verdict.check(result["differing"] == 0, f"{where}: {result['differing']} values differ{shown}")
            for exemption in exemptions:
                exemption.uses += result["excepted"].get(str(exemption.line), 0)
        for exemption in exemptions:
            exemption.is_due |= fnmatch.fnmatchcase(document.name, exemption.pattern)


def collect(arguments, galley):
    """The documents that the command line asks for: those to be inlined, and the mails of the site, which are."""
    if arguments.documents:
        return [Document(str(path), decode(path.read_bytes())) for path in arguments.documents], []
    documents = [*case_documents(HERE / "computed_styles.cases"), *folder_documents(HERE / "computed_styles", "hard")]
    corpus = pathlib.Path(arguments.suites) / "corpus"
    if corpus.is_dir():
        documents += folder_documents(corpus, "corpus")
    else:
        print(f"SKIPPED the corpus: there is none in {corpus}")
    documents += [Document(f"random/{seed}", random_mails.Maker(seed).document())
                  for seed in range(arguments.seed, arguments.seed + arguments.random)]
    built = site_documents(galley, arguments.site, arguments.thorough)
    if arguments.only:
        documents, built = ([d for d in some if any(fnmatch.fnmatch(d.name, p) for p in arguments.only)]
                            for some in (documents, built))
    return documents, built


def main():
    arguments = judging.parser(__doc__)
    arguments.add_argument(
        "--suites", type=pathlib.Path, default=judging.SUITES, help="the folder of the suites by others")
    arguments.add_argument("--peers", action="store_true", help="ask the same of css-inline and premailer")
    arguments.add_argument("--thorough", action="store_true", help="also all locales, samples and purged mails")
    arguments.add_argument("--besides", type=str.split, default=[], help="options for 'galley inline'")
    arguments.add_argument("--only", action="append", help="only documents whose name matches (repeatable)")
    arguments.add_argument("--random", type=int, default=0, help="also this many documents made by chance")
    arguments.add_argument("--seed", type=int, default=1, help="the seed of the first of them")
    arguments.add_argument("documents", nargs="*", type=pathlib.Path, help="only these files, whatever they are")
    arguments.add_argument("--workers", type=int, default=os.cpu_count(), help="pages drawn at the same time")
    arguments = arguments.parse_args()
    browser = screenshots.browser_path()
    if browser is None:
        print("SKIPPED no Chromium here")
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
    started = time.monotonic()
    verdict = judging.Verdict(limit=200)
    galley = PipedGalley(arguments.galley)
    documents, built = collect(arguments, galley)
    exemptions = read_exceptions(HERE / "computed_styles.exceptions")
    small = ("case/", "hard/", "random/")
    purged = documents if arguments.thorough else [d for d in documents if d.name.startswith(small)]
    for name, some, options in (("galley", documents, []), ("galley --purge", purged, ["--purge"])):
        for failure in galley_inlines(galley, some, name, options + arguments.besides):
            verdict.check(False, failure)
    failures = peers_inline(documents + built) if arguments.peers else {}
    if not arguments.only and not arguments.documents:
        documents.append(spoiled(documents[0]))
    documents += built
    asyncio.run(compare(documents, exemptions, browser, arguments.workers))
    judge(documents, verdict, exemptions, ("galley", "galley --purge"))
    for exemption in exemptions:
        if exemption.is_due:
            verdict.check(exemption.uses > 0, f"line {exemption.line} of the exceptions is needed by nothing")
    names = list(dict.fromkeys(name for document in documents for name in document.afters))
    groups = ("",) if arguments.documents else ("case/", "hard/", "corpus/", "random/", "site/")
    print(table(documents, names, groups))
    for name, texts in failures.items():
        print(f"{name} could not read {len(texts)}, such as {texts[0]}")
    warned = sum(d.is_warned for d in documents if d.name.startswith("random/"))
    if warned:
        print(f"{warned} documents made by chance are not counted: the tool said that an order was lost in them")
    print(f"{sum(e.uses for e in exemptions)} values excepted by {len(exemptions)} lines; "
          f"{time.monotonic() - started:.0f} s")
    verdict.finish()


if __name__ == "__main__":
    main()
