"""Judges the inliner by what a browser makes of a document before and after.

    computed_styles.py --galley .build/release/galley [--peers] [--only PART]

Each document is loaded in Chromium as it is and as `galley inline` writes it, without scripts and without a network,
1000, 600 and 375 px wide, light and dark. For each element, the computed values of all longhands that any rule or
attribute of either document sets must be the same. The documents are those of `computed_styles.cases` beside this
file and the mails of the corpus (see README.md on suites).

What may differ stands in `computed_styles.exceptions`, with its reason; an exception that nothing needs is a failure.
With --peers, css-inline and premailer are judged in the same way and their figures are printed; they fail nothing.
"""

import collections
import concurrent.futures
import fnmatch
import os
import pathlib
import sys
import tempfile

from playwright.sync_api import sync_playwright

import judging
import screenshots

HERE = pathlib.Path(__file__).resolve().parent
SUITES = pathlib.Path(os.environ.get("GALLEY_SUITES") or HERE.parents[2] / "shared" / "suites")
MODES = [(width, scheme) for width in (1000, 600, 375) for scheme in ("light", "dark")]

# The names of all properties that a document sets; the browser takes shorthands apart.
PROPERTIES = r"""
() => {
  const names = new Set();
  const add = (style) => { for (const name of style) names.add(name); };
  const visit = (rules) => {
    for (const rule of rules) {
      if (rule.style) add(rule.style);
      if (rule.cssRules) visit(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets) {
    try { visit(sheet.cssRules); } catch { /* a sheet from elsewhere, which was not loaded */ }
  }
  for (const element of document.querySelectorAll("[style]")) add(element.style);
  return [...names];
}
"""

# The computed values of each element that is rendered, in document order.
VALUES = r"""
(names) => {
  // Another width or scheme may have started a transition.
  for (const animation of document.getAnimations()) { try { animation.finish(); } catch { animation.cancel(); } }
  const skipped = new Set(["HEAD", "STYLE", "SCRIPT", "META", "TITLE", "LINK", "BASE", "TEMPLATE"]);
  const rows = [];
  for (const element of document.querySelectorAll("*")) {
    if (skipped.has(element.tagName) || element.closest("head")) continue;
    const style = getComputedStyle(element);
    rows.push([element.tagName, ...names.map((name) => style.getPropertyValue(name))].join("\u0001"));
  }
  return rows;
}
"""


class Document:
    """A document with a name and the sheets that come behind its own."""

    def __init__(self, name, text):
        self.name = name
        self.text = text


def cases():
    """The documents of the file of cases: each begins with a line `=== what it is about`."""
    for part in (HERE / "computed_styles.cases").read_text(encoding="utf-8").split("\n=== ")[1:]:
        title, _, text = part.partition("\n")
        yield Document(f"case: {title.strip()}", f"<!DOCTYPE html>{text}")


def corpus():
    root = SUITES / "corpus"
    if not root.is_dir():
        print("SKIPPED the corpus: no suites are here")
        return
    for path in sorted(root.rglob("*.html")):
        yield Document(f"corpus: {path.relative_to(root)}", path.read_bytes().decode("utf-8", "replace"))


def exceptions():
    """Pairs of a pattern for documents and a property, each with its reason."""
    result = {}
    for line in (HERE / "computed_styles.exceptions").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, name, reason = (part.strip() for part in line.split("|", 2))
            result[pattern, name] = reason
    return result


class Browser:
    """One page in which documents are loaded in all modes."""

    def __init__(self, chromium):
        self.context = chromium.new_context(java_script_enabled=False, offline=True)
        self.page = self.context.new_page()

    def properties(self, text):
        self.page.set_content(text, wait_until="load")
        return set(self.page.evaluate(PROPERTIES))

    def values(self, text, names):
        """The rows of each mode."""
        self.page.set_content(text, wait_until="load")
        result = []
        for width, scheme in MODES:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=scheme)
            result.append(self.page.evaluate(VALUES, names))
        return result


class Figures:
    """What one tool's output comes to."""

    def __init__(self, name):
        self.name = name
        self.compared = 0
        self.differing = 0
        self.documents = 0
        self.documents_differing = 0
        self.failures = 0

    def line(self):
        failed = f", {self.failures} could not be inlined" if self.failures else ""
        return (f"{self.name}: {self.differing} of {self.compared} values differ, in {self.documents_differing} of "
                f"{self.documents} documents{failed}")


def compare(before, after, names):
    """Yields (mode, position, element, property, value before, value after) where they differ."""
    for mode, (old, new) in zip(MODES, zip(before, after)):
        if len(old) != len(new):
            yield mode, -1, "document", "elements", str(len(old)), str(len(new))
            continue
        for position, (row, other) in enumerate(zip(old, new)):
            if row != other:
                for name, value, changed in zip(["element", *names], row.split("\1"), other.split("\1")):
                    if value != changed:
                        yield mode, position, row.split("\1")[0], name, value, changed


def judge(browser, document, inlined, figures):
    """The differences between a document and what became of it."""
    names = sorted(browser.properties(document.text) | browser.properties(inlined))
    before = browser.values(document.text, names)
    after = browser.values(inlined, names)
    found = list(compare(before, after, names))
    figures.documents += 1
    figures.compared += sum(len(rows) for rows in before) * len(names)
    figures.differing += len(found)
    figures.documents_differing += bool(found)
    return found


def by_galley(galley, documents):
    """What the tool makes of all documents; they are inlined two at a time."""
    with tempfile.TemporaryDirectory(prefix="galley-judge-") as folder:
        def inline(item):
            number, document = item
            path = pathlib.Path(folder) / f"{number}.html"
            path.write_text(document.text, encoding="utf-8", newline="")
            process = galley.run("inline", path, "--format", "json")
            return process.stdout.decode("utf-8") if process.returncode in (0, 1) and process.stdout else None

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(inline, enumerate(documents)))


def by_peers():
    import css_inline
    import premailer
    rust = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, keep_at_rules=True)

    def python(text):
        return premailer.Premailer(text, allow_network=False, cssutils_logging_level="CRITICAL",
                                   disable_link_rewrites=True, keep_style_tags=True).transform()

    return {"css-inline": rust.inline, "premailer": python}


def main():
    arguments = judging.parser(__doc__)
    arguments.add_argument("--peers", action="store_true", help="judge css-inline and premailer as well")
    arguments.add_argument("--only", default="", help="judge documents whose name holds this")
    arguments = arguments.parse_args()
    verdict = judging.Verdict(limit=200)
    documents = [one for one in [*cases(), *corpus()] if arguments.only in one.name]
    allowed = exceptions()
    used = collections.Counter()
    galley = judging.Galley(arguments.galley)
    binary = screenshots.browser_path()
    if binary is None:
        verdict.check(os.environ.get("CI") != "true", "no Chromium to judge with")
        print("SKIPPED everything: there is no Chromium")
        verdict.check(True, "")
        verdict.finish()
    peers = by_peers() if arguments.peers else {}
    figures = {name: Figures(name) for name in ["galley", *peers]}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        browser = Browser(chromium)
        for document, inlined in zip(documents, by_galley(galley, documents)):
            if not verdict.check(inlined is not None, f"{document.name}: could not be inlined"):
                continue
            found = judge(browser, document, inlined, figures["galley"])
            shown = 0
            for mode, position, element, name, value, changed in found:
                rule = next((key for key in allowed if fnmatch.fnmatch(document.name, key[0]) and name == key[1]), None)
                if rule:
                    used[rule] += 1
                    continue
                shown += 1
                what = (f"{document.name} at {mode[0]} px, {mode[1]}: element {position} <{element}>, {name} was "
                        f"'{value}' and is '{changed}'")
                verdict.check(False, what if shown <= 3 else f"{document.name}: more")
            if not found:
                verdict.check(True, document.name)
            for name, inline in peers.items():
                try:
                    judge(browser, document, inline(document.text), figures[name])
                except Exception as error:  # a peer may fail in any way; that is a figure, too
                    figures[name].failures += 1
                    print(f"  {name} on {document.name}: {type(error).__name__}")
        chromium.close()
    for (pattern, name), reason in allowed.items():
        if not arguments.only:
            verdict.check(used[pattern, name], f"the exception '{pattern} | {name}' is not needed any more")
        print(f"  allowed, {used[pattern, name]} times: {pattern} | {name}: {reason}")
    for one in figures.values():
        print(f"  {one.line()}")
    verdict.finish()


if __name__ == "__main__":
    main()
