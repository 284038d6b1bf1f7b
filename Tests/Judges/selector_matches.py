"""Judges which elements selectors match: inlines random rules into random documents and asks Chromium.

    selector_matches.py --galley .build/release/galley [--documents 40] [--seed 1]

Each rule sets a property of its own, so that the `style` of an element tells which rules the tool matched with it.
Chromium's `querySelectorAll` says which it should have been; for selectors that Chromium refuses, that is none.
"""

import json
import random

from playwright.sync_api import sync_playwright

import judging
import screenshots

RULES = 80

# Returns, for each selector, the numbers of the elements that it matches.
MATCH = """
(selectors) => selectors.map((selector) => {
  try { return [...document.querySelectorAll(selector)].map((e) => e.dataset.n).filter((n) => n); }
  catch { return null; }
})
"""

# Returns, for each element, the rules whose property it has.
STYLES = """
() => Object.fromEntries([...document.querySelectorAll("[data-n]")].map((e) =>
  [e.dataset.n, [...(e.getAttribute("style") || "").matchAll(/-g-(\\d+)/g)].map((m) => +m[1])]))
"""

CLASSES = ["x", "y", "z", "X"]
IDS = ["i", "j"]
ATTRIBUTES = ['title="t"', 'title="T u"', 'title="t-u"', 'title=""', 'lang="en"', 'lang="en-GB"', 'lang="de-Latn-CH"',
              'lang=""', 'dir="rtl"', 'dir="ltr"', 'dir="x"', 'TYPE="Text"', "hidden", 'title="a&amp;b"', "xml:lang=fr"]


class Generator:
    """Random documents and selectors, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def pick(self, choices):
        return self.random.choice(choices)

    # Documents

    def document(self):
        trees = ""
        for _ in range(6):
            self.left = 25
            trees += "".join(self.element(0) for _ in range(self.random.randint(1, 3)))
        return trees

    def tag(self, name, extra=""):
        self.count += 1
        self.left -= 1
        text = f'<{name} data-n="{self.count}"{extra}'
        if self.chance(55):
            text += f' class="{" ".join(self.random.choices(CLASSES, k=self.random.randint(1, 3)))}"'
        if self.chance(20):
            text += f' id="{self.pick(IDS)}"'
        taken = set(part.split("=")[0].lower() for part in extra.split())
        for attribute in self.random.sample(ATTRIBUTES, 3):
            name = attribute.split("=")[0].lower()
            if self.chance(25) and name not in taken:
                taken.add(name)
                text += " " + attribute
        return text + ">"

    def element(self, depth):
        name = self.pick(["div", "div", "section", "span", "em", "br", "input", "a", "field", "choice", "table"])
        if name == "br":
            return self.tag("br")
        if name == "input":
            kind = self.pick(["text", "hidden", "checkbox", "tel", "submit", "range", "email"])
            return self.tag("input", f" type={kind}" + self.pick(["", " disabled", " required"]))
        if name == "a":
            return self.tag("a", self.pick([" href=x", "", " href"])) + self.pick(["", "t"]) + "</a>"
        if name == "choice":
            group = self.tag("optgroup", self.pick(["", " disabled"])) + self.tag("option") + "</optgroup>"
            return (self.tag("select", self.pick(["", " required"]))
                    + self.tag("option", self.pick(["", " disabled"])) + "o</option>" + group + "</select>")
        if name == "table":
            cells = "".join(self.tag("td") + self.pick(["", "c"]) + "</td>" for _ in range(self.random.randint(1, 3)))
            return f"{self.tag('table')}{self.tag('tbody')}{self.tag('tr')}{cells}</tr></tbody></table>"
        if name == "field":
            inside = self.tag("input") + self.tag("button") + "</button>" + self.tag("textarea") + "</textarea>"
            count = self.random.randint(0, 2)
            legends = "".join(f"{self.tag('legend')}{self.tag('input')}</legend>" for _ in range(count))
            return f"{self.tag('fieldset', self.pick(['', ' disabled']))}{legends}{inside}</fieldset>"
        text = self.tag(name)
        if depth < 5:
            for _ in range(self.random.randint(0, 4)):
                if self.left > 0:
                    text += self.pick(["", "", " ", "t", "<!-- c -->"]) + self.element(depth + 1)
        text += self.pick(["", "", "", " ", "t", "<!-- c -->", "<!--[if mso]><i class=x></i><![endif]-->"])
        return f"{text}</{name}>"

    # Selectors

    def selector(self):
        if self.chance(3):
            return self.pick(INVALID)
        return ", ".join(self.complex(0) for _ in range(2 if self.chance(10) else 1))

    def complex(self, depth):
        text = self.compound(depth)
        while self.chance(35 if depth == 0 else 25):
            text += self.pick([" ", " ", " > ", ">", " + ", "+", " ~ ", "~", "/**/ /**/"]) + self.compound(depth)
        return text

    def list(self, depth, relative=False, forgiving=False):
        members = []
        for _ in range(self.pick([1, 1, 2, 3])):
            lead = self.pick(["", "", "> ", "+ ", "~ ", ">"]) if relative else ""
            members.append(lead + self.complex(depth + 1))
        if forgiving and self.chance(12):
            strange = self.pick(["", ":bogus", "p:not(:bogus, q)", ".5", "> p"])
            members.insert(self.random.randrange(len(members) + 1), strange)
        return ", ".join(members)

    def compound(self, depth):
        text = self.pick(["", "", "", "*", "div", "SPAN", "em", "section", "input", "td", "*|div", "a", "option"])
        for _ in range(self.random.randint(0 if text else 1, 2)):
            text += self.simple(depth)
        return text

    def simple(self, depth):
        kind = self.random.randrange(100)
        if kind < 30:
            return "." + self.pick(CLASSES + ["\\78 ", "q"])
        if kind < 36:
            return "#" + self.pick(IDS)
        if kind < 48:
            return self.attribute()
        if kind < 62 or depth > 2:
            return self.pick([
                ":first-child", ":last-child", ":only-child", ":first-of-type", ":last-of-type", ":only-of-type",
                ":empty", ":root", ":link", ":any-link", ":enabled", ":disabled", ":required",
                ":is(select, textarea):optional", ":lang(en)", ":lang(EN-gb)", ":lang(de)", ":lang(fr)", ":dir(ltr)",
                ":dir(rtl)", ":DIR(x)"])
        if kind < 72:
            return f":{self.pick(['nth-child', 'nth-last-child', 'nth-of-type', 'nth-last-of-type'])}({self.nth()})"
        if kind < 78:
            return f":{self.pick(['nth-child', 'nth-last-child'])}({self.nth()} of {self.list(depth)})"
        if kind < 84:
            return f":{self.pick(['is', 'where', 'IS'])}({self.list(depth, forgiving=True)})"
        if kind < 91:
            return f":not({self.list(depth)})"
        return f":has({self.list(depth, relative=True)})"

    def nth(self):
        return self.pick(["odd", "EVEN", "2", "+3", "n", "-n+3", " 2n + 1 ", "2n+1", "-2n+4", "3n - 1", "n+2", "0n+1",
                          "-n", "-99999999999", "99999999999", "0", "-1", "+n", "2N"])

    def attribute(self):
        name = self.pick(["title", "title", "TITLE", "lang", "type", "hidden", "*|title", "|title"])
        if self.chance(25):
            return f"[{name}]"
        value = self.pick(["t", "T", "u", '""', '"t u"', "'T u'", "en", "text", '"a&b"', "t-u", "\\74", '"\\74  u"'])
        return f"[ {name} {self.pick(['=', '~=', '|=', '^=', '$=', '*='])} {value}{self.pick(['', '', ' i', ' I'])}]"


INVALID = [
    ":bogus", "div:bogus, .x", "a || b", "a||b", "> .x", ".x >", ".x > > .y", ".x,", ", .x", "div*", "*div",
    "[title]div", ". x", ".5", "#5", ":not()", ":not(:bogus)", ":has()", ":has(:has(.x))", ":has(.x:not(:has(.y)))",
    ":not(.x,)", ":nth-child(+ n)", ":nth-child(2n + +1)", ":nth-child(2 1)", ":nth-child(n of )",
    ":nth-child(n of .x,)", "::before .x", "::before.x", ".x::bogus", ":not(::before)", ":has(::before)", "[title=1]",
    "[title=t x]", "[title t]", ":nth-child(1.5)", ":nth-of-type(2 of .x)", "ns|div", "[ns|title]", ":first-child()",
    ":is", ":lang()", ".x:is (.y)", ".x: empty", "&div",
]


def main():
    parser = judging.parser(__doc__)
    parser.add_argument("--documents", default=40, type=int, help="how many random documents")
    parser.add_argument("--seed", default=1, type=int, help="the first seed")
    arguments = parser.parse_args()
    galley = judging.Galley(arguments.galley)
    verdict = judging.Verdict()
    elements = refused = matches = 0
    with sync_playwright() as playwright, judging.scratch() as folder:
        chromium = playwright.chromium.launch(executable_path=screenshots.browser_path(), args=["--no-sandbox"])
        page = chromium.new_page()
        for seed in range(arguments.seed, arguments.seed + arguments.documents):
            generator = Generator(seed)
            body = generator.document()
            selectors = [generator.selector() for _ in range(RULES)]
            sheet = "\n".join(f"{selector} {{ -g-{number}: 1 }}" for number, selector in enumerate(selectors))
            source = folder / "document.html"
            source.write_text(f"<!doctype html><html><head><style>\n{sheet}\n</style></head><body>{body}</body></html>")
            page.set_content(source.read_text())
            expected = page.evaluate(MATCH, selectors)
            page.set_content(galley.succeed("inline", source).decode())
            styles = page.evaluate(STYLES)
            for number, selector in enumerate(selectors):
                found = sorted(int(n) for n, rules in styles.items() if number in rules)
                wanted = sorted(int(n) for n in expected[number] or [])
                refused += expected[number] is None
                elements += len(styles)
                matches += len(wanted)
                verdict.check(found == wanted, lambda: (
                    f"seed {seed}, {json.dumps(selector)}: too many {sorted(set(found) - set(wanted))}, "
                    f"missing {sorted(set(wanted) - set(found))}"))
        chromium.close()
    print(f"{elements} pairs of element and selector, {matches} matches, {refused} selectors refused by Chromium")
    verdict.finish()


if __name__ == "__main__":
    main()
