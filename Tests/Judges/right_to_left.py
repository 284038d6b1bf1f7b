"""Judges right-to-left mails by Chromium: each must be the mirror image of the same mail from left to right.

    right_to_left.py --galley .build/release/galley [--random 80] [--seed N]

Three sites are built with two locales that say the same in the same words, one of which runs from right to left: the
site at hand, the Arabic test site, and one of random mails. In both renderings every character becomes a square, which
has no direction of its own, so that nothing but layout decides. Then each element's box must be the other's box seen
in a mirror, at the width of a desktop and of a phone, and each computed style that names a side must be the style of
the other side.
"""

import pathlib
import random
import re
import shutil
import sys
import tempfile

from playwright.sync_api import sync_playwright

import judging
from screenshots import browser_path

ARABIC = pathlib.Path(__file__).resolve().parents[1] / "Sites" / "arabic"
WIDTHS = {600: 800, 375: 812}
TOLERANCE = 1.0

# Runs in the page: makes all text neutral, and measures each element.
MEASURE = r"""
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) node.nodeValue = node.nodeValue.replace(/[^\s]/gu, "\u25a0");
  for (const image of document.images) image.alt = "";
  const same = document.createElement("style");
  same.textContent = '* { font-family: "DejaVu Sans", sans-serif !important; letter-spacing: 0 !important }';
  document.head.append(same);
  const sided = ["margin-L", "padding-L", "border-L-width", "border-L-style", "border-L-color", "border-top-L-radius",
    "border-bottom-L-radius", "L"];
  const whole = ["float", "clear", "text-align", "direction", "box-shadow", "text-shadow", "background-position",
    "background-image"];
  return {
    width: document.documentElement.clientWidth,
    elements: [...document.body.querySelectorAll("*")].map((element) => {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const values = {};
      for (const name of sided) for (const side of ["left", "right"]) {
        const property = name.replace("L", side);
        values[property] = style.getPropertyValue(property);
      }
      for (const name of whole) values[name] = style.getPropertyValue(name);
      // What has a direction of its own, such as an amount, keeps it.
      if (element.hasAttribute("dir") && element.parentElement !== document.body) delete values.direction;
      return { tag: element.tagName, name: element.className, shown: element.getClientRects().length > 0,
        box: [box.left, box.top, box.right, box.bottom], values };
    }),
  };
}
"""

SIDES = {"left": "right", "right": "left"}


def other_side(text):
    """A name or a word with the sides swapped."""
    return re.sub(r"\b(left|right)\b", lambda match: SIDES[match[0]], text)


def other_value(name, value):
    """A computed value as it is from the other side."""
    if name == "direction":
        return {"ltr": "rtl", "rtl": "ltr"}[value]
    if name in ("float", "clear", "text-align"):
        return other_side(value)
    if name in ("box-shadow", "text-shadow"):
        # Chromium writes the color first, then the offset along the line.
        return re.sub(r"(\) )(-?)([\d.]+px)",
                      lambda m: m[1] + ("" if m[2] or float(m[3][:-2]) == 0 else "-") + m[3], value)
    if name == "background-image":
        if "radial" in value:
            return None
        turned = re.sub(r"\(to (left|right)", lambda m: "(to " + SIDES[m[1]], value)
        return re.sub(r"\((-?)([\d.]+deg)", lambda m: "(" + ("" if m[1] else "-") + m[2], turned)
    if name == "background-position":
        layers = [layer.split() for layer in value.split(", ")]
        if any(len(layer) != 2 or not layer[0].endswith("%") for layer in layers):
            return None
        return ", ".join(f"{100 - float(x[:-1]):g}% {y}" for x, y in layers)
    return value


def compare(left, right):
    """What of two measured pages is not mirrored."""
    complaints = []
    if len(left["elements"]) != len(right["elements"]):
        return [f"{len(left['elements'])} elements, and {len(right['elements'])}"]
    for one, other in zip(left["elements"], right["elements"]):
        what = f"<{one['tag'].lower()} class={one['name']}>" if one["name"] else f"<{one['tag'].lower()}>"
        if one["shown"]:
            x0, y0, x1, y1 = other["box"]
            image = [right["width"] - x1, y0, right["width"] - x0, y1]
            if any(abs(a - b) > TOLERANCE for a, b in zip(one["box"], image)):
                complaints.append(f"{what} is at {one['box']}, in the mirror at {image}")
        for name, value in one["values"].items():
            expected = other_value(name, value)
            found = other["values"][other_side(name)]
            # Where nobody said anything, a background starts at the left in both.
            if expected is None or name == "background-position" and found == value == "0% 0%":
                continue
            if found != expected and not nearly(found, expected):
                complaints.append(f"{what} has {name}: {value}, and from the other side {found}")
    return complaints


def nearly(found, expected):
    """Whether two lengths are the same but for rounding."""
    return found.endswith("px") and expected.endswith("px") and found.count("px") == expected.count("px") == 1 \
        and abs(float(found[:-2]) - float(expected[:-2])) <= TOLERANCE


# Sites.

def all_plurals(text):
    """A catalog with each plural in the six categories of Arabic."""
    def fill(match):
        one, other = match[1], match[2]
        return "one {%s} " % one + " ".join("%s {%s}" % (c, other) for c in ("zero", "two", "few", "many", "other"))
    return re.sub(r"one \{([^{}]*)\} other \{([^{}]*)\}", fill, text)


def copied(site, folder, default):
    """A copy of a site whose second locale is Arabic in the words of the first."""
    for part in judging.SITE_PARTS:
        if (site / part).is_dir():
            shutil.copytree(site / part, folder / part)
    catalog = (site / "locales" / f"{default}.yml").read_text(encoding="utf-8")
    for other in (folder / "locales").glob("*.yml"):
        other.unlink()
    (folder / "locales" / f"{default}.yml").write_text(catalog, encoding="utf-8")
    (folder / "locales" / "ar.yml").write_text(all_plurals(catalog), encoding="utf-8")
    text = (site / "galley.yml").read_text(encoding="utf-8")
    text = re.sub(r"supported: .*", f"supported: [{default}, ar]", text, count=1)
    text = re.sub(r"  fallback:\n(?:    .*\n)+", "", text, count=1)
    (folder / "galley.yml").write_text(text, encoding="utf-8")
    return folder


class Maker:
    """Makes mails in which many things have sides, the same ones for the same seed."""

    LENGTHS = ["0", "3px", "8px", "15px", "1em", "5%"]

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def length(self):
        return self.chance.choice(self.LENGTHS)

    def four(self, pick):
        return " ".join(pick() for _ in range(self.chance.choice([1, 2, 3, 4, 4, 4])))

    def declaration(self):
        pick, side = self.chance.choice, self.chance.choice(["left", "right"])
        return pick([
            lambda: f"margin-{side}: {pick(self.LENGTHS + ['auto', '-4px'])}",
            lambda: f"padding-{side}: {self.length()}",
            lambda: f"margin: {self.four(lambda: pick(self.LENGTHS + ['auto']))}",
            lambda: f"padding: {self.four(self.length)}",
            lambda: f"border-{side}: {pick('1357')}px solid {pick(['red', '#00f'])}",
            lambda: f"border: solid; border-width: {self.four(lambda: pick(['0', '1px', '4px']))}",
            lambda: f"border-style: {self.four(lambda: pick(['solid', 'dotted', 'none']))}; border-width: 2px",
            lambda: f"border-color: {self.four(lambda: pick(['red', 'lime', 'rgb(1, 2, 3)']))}",
            lambda: f"border-radius: {self.four(lambda: pick(['0', '4px', '9px']))}",
            lambda: f"border-radius: {self.four(self.length)} / {self.four(self.length)}",
            lambda: f"border-top-{side}-radius: 6px",
            lambda: f"float: {side}; width: {pick(['30%', '80px'])}",
            lambda: f"clear: {pick(['left', 'right', 'both'])}",
            lambda: f"text-align: {pick(['left', 'right', 'center', 'start', 'end', 'justify'])}",
            lambda: f"position: relative; {side}: {self.length()}",
            lambda: f"text-indent: {pick(['1em', '-3px'])}",
            lambda: f"width: {pick(['50%', '120px', 'auto'])}",
            lambda: f"background: #eee url(https://x.example/a.png) {pick(['10%', '70%', 'left', 'right'])} 20%",
            lambda: f"background-image: linear-gradient({pick(['to left', 'to right top', '30deg'])}, red, blue)",
            lambda: f"box-shadow: {pick(['3px', '-2px', '0'])} 1px 2px red",
            lambda: "display: inline-block",
            lambda: f"margin-inline-start: {self.length()}",
            lambda: f"padding-inline-end: {self.length()}",
        ])() + (" !important" if self.chance.random() < 0.1 else "")

    def declarations(self):
        return "; ".join(self.declaration() for _ in range(self.chance.randint(1, 4)))

    def rule(self):
        selector = self.chance.choice(["div", "p", "td", "table", "li", "span", ".a", ".b", "div .b", "td p",
                                       "p:first-child", "[align=left]", "td[align='right']"])
        rule = f"{selector} {{ {self.declarations()} }}"
        if self.chance.random() < 0.25:
            query = self.chance.choice(["max-width: 480px", "min-width: 500px", "max-width: 900px"])
            return f"@media ({query}) {{ {rule} }}"
        return rule

    def attributes(self, aligned):
        words = f" class={self.chance.choice('abc')}"
        if aligned and self.chance.random() < 0.3:
            words += f" align={self.chance.choice(['left', 'right', 'center'])}"
        if self.chance.random() < 0.4:
            words += f" style=\"{self.declarations()}\""
        return words

    def words(self):
        return " ".join("x" * self.chance.randint(1, 8) for _ in range(self.chance.randint(1, 12)))

    def block(self, depth):
        kind = self.chance.choice(["p", "p", "div", "table", "ul", "ol"] if depth < 3 else ["p"])
        attributes = self.attributes(kind in ("p", "div", "table"))
        if kind == "p":
            span = f"<span{self.attributes(False)}>{self.words()}</span>"
            return f"<p{attributes}>{self.words()} {span} {self.words()}</p>"
        if kind == "div":
            inner = "".join(self.block(depth + 1) for _ in range(self.chance.randint(1, 3)))
            return f"<div{attributes}>{inner}</div>{self.chance.choice(['', '<br clear=left>', '<br clear=all>'])}"
        if kind == "table":
            count = self.chance.randint(1, 3)
            rows = "".join(
                "<tr>" + "".join(f"<td{self.attributes(True)}>{self.block(3)}</td>" for _ in range(count)) + "</tr>"
                for _ in range(self.chance.randint(1, 2)))
            return f"<table{attributes}>{rows}</table>"
        items = "".join(f"<li{self.attributes(False)}>{self.words()}</li>" for _ in range(2))
        return f"<{kind}{attributes}>{items}</{kind}>"

    def mail(self):
        sheet = " ".join(self.rule() for _ in range(self.chance.randint(2, 8)))
        body = "".join(self.block(0) for _ in range(self.chance.randint(1, 4)))
        return (f"---\nsubject: Mail\n---\n<!DOCTYPE html><html><head><title>Mail</title><style>{sheet}</style></head>"
                f"<body><div>{body}</div></body></html>\n")


def random_site(folder, count, seed):
    """A site of random mails."""
    (folder / "templates").mkdir()
    (folder / "galley.yml").write_text(
        "name: random\nlocales: {default: en, supported: [en, ar]}\ndialect: jinja\nenvironments:\n"
        "  dev: {store: 's3://random-dev', region: eu-west-1}\n", encoding="utf-8")
    for number in range(count):
        text = Maker(seed + number).mail()
        (folder / "templates" / f"mail{number:03}.html").write_text(text, encoding="utf-8")
    return folder


# Judging.

def judge(page, galley, site, verdict):
    """Compares each mail of a site in its two locales."""
    environment = re.search(r"^environments:\n  (\w+):", (site / "galley.yml").read_text("utf-8"), re.M)[1]
    pairs = {}
    for rendering in galley.render_all(site, environment):
        pairs.setdefault((rendering["template"], rendering["sample"]), {})[rendering["locale"]] = rendering["html"]
    boxes = 0
    for (template, sample), texts in sorted(pairs.items()):
        arabic = texts.pop("ar")
        (english,) = texts.values()
        where = f"{site.name} {template} '{sample}'"
        verdict.check('dir="rtl"' in arabic and 'dir="rtl"' not in english, f"{where}: the direction is said")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            measured = []
            for text in (english, arabic):
                page.set_content(text, wait_until="domcontentloaded")
                measured.append(page.evaluate(MEASURE))
            boxes += sum(element["shown"] for element in measured[0]["elements"])
            complaints = compare(*measured)
            verdict.check(not complaints, lambda: f"{where} {width}: {len(complaints)} things, such as\n  "
                          + "\n  ".join(complaints[:4]))
    return boxes


def main():
    arguments = judging.parser(__doc__)
    arguments.add_argument("--random", type=int, default=80, help="how many random mails")
    arguments.add_argument("--seed", type=int, default=1, help="the first seed")
    arguments = arguments.parse_args()
    browser = browser_path()
    if browser is None and not judging.IS_CI:
        print("SKIPPED no Chromium here\n1 passed, 0 failed")
        sys.exit(0)
    verdict = judging.Verdict()
    galley = judging.Galley(arguments.galley)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        root = pathlib.Path(name)
        for part in ("site", "arabic", "random"):
            (root / part).mkdir()
        sites = [copied(arguments.site, root / "site", "en-ZA"), copied(ARABIC, root / "arabic", "en"),
                 random_site(root / "random", arguments.random, arguments.seed)]
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        context = chromium.new_context(offline=True)
        context.route("**/*", lambda route: route.abort())
        page = context.new_page()
        boxes = {site.name: judge(page, galley, site, verdict) for site in sites}
        chromium.close()
    print(f"seed {arguments.seed}; boxes: " + ", ".join(f"{name} {count}" for name, count in boxes.items()))
    verdict.finish()


if __name__ == "__main__":
    main()
