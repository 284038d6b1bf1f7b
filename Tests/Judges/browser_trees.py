"""Judges the tree on which rules are matched: inlines a rule for each element that Chromium makes of random tag soup.

    browser_trees.py --galley .build/release/galley [--documents 400] [--seed 1]

Each rule says where its element stands, from the root down: the name at each step, and the position where the tool
knows it without a tag. So a tag gets the rule of its element, and no other, if the tool builds the same tree. Where
Chromium makes several elements of a tag, or one of none, their rules must stay in the sheet.
"""

import concurrent.futures
import json
import os
import random
import re

from playwright.sync_api import sync_playwright

import judging
import screenshots

# The elements of documents, each with its tag's number and its path, without what a template holds.
ELEMENTS = """
(sources) => sources.map((source) => {
  const root = new DOMParser().parseFromString(source, "text/html").documentElement, found = [];
  const visit = (element, path) => {
    found.push({ tag: element.getAttribute("data-n"), name: element.localName, path });
    if (element.localName === "template") return;
    [...element.children].forEach((child, index) => {
      const isPlain = ["head", "body"].includes(child.localName) || child.matches("tbody:only-child");
      // A rule that names a prefix always stays.
      const name = child.localName.includes(":") ? "*" : child.localName;
      visit(child, `${path} > ${name}` + (isPlain ? "" : `:nth-child(${index + 1})`));
    });
  };
  visit(root, "html");
  return found;
})
"""

COMMON = "a b i font p p div span table tr td th tbody ul li dl dt dd h1 h2 br img em u strong center label".split()
ALL = COMMON + """
    html head body title style script noscript template base link meta thead tfoot caption colgroup col table tr tr td
    form input button select option optgroup textarea pre hr image object marquee nobr big code svg math rect g
    foreignObject desc mi annotation-xml ruby rb rt rtc rp ol menu dir section details dialog address blockquote iframe
    xmp param area wbr o:p x-y
""".split()
RAW = {"style", "script", "title", "textarea", "iframe", "xmp"}
# What never gets a style, whatever rule matches.
UNSTYLED = set("html head meta title style script base link param template noscript".split())
BEGINNINGS = ["<p data-n=0>", "<!DOCTYPE html><p data-n=0>", "<!DOCTYPE html>x", "<div data-n=0></div>",
              "<!DOCTYPE html><html data-n=h><head data-n=e><title>t</title></head><body data-n=b>",
              '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><head data-n=e></head>',
              "<html data-n=h>"]
PIECES = ["x", "y z", " ", "\n", "<!-- c -->", "</body>", "</html>", "</table>", "</td></tr>", "</p>", "</br>", "</a>"]


class Soup:
    """A document of tags in any order, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0
        names = self.random.choice([COMMON, ALL])
        self.names = self.random.sample(names, 6) if self.random.random() < .4 else names
        self.open = []
        length = self.random.randint(2, self.random.choice([8, 30]))
        self.text = self.random.choice(BEGINNINGS) + "".join(self.piece() for _ in range(length))

    def piece(self):
        kind = self.random.random()
        if kind < .55:
            return self.start(self.random.choice(self.names))
        if kind < .8:
            if self.open and self.random.random() < .8:
                last = -1 if self.random.random() < .7 else self.random.randrange(-len(self.open), 0)
                return f"</{self.open.pop(last)}>"
            return f"</{self.random.choice(self.names)}>"
        return self.random.choice(PIECES)

    def start(self, name):
        self.count += 1
        extra = {"input": " type=hidden", "font": " color=red", "annotation-xml": " encoding=text/html"}.get(name, "")
        if self.random.random() < .5:
            extra = ""
        end = " />" if self.random.random() < .03 and name not in RAW else ">"
        if name in RAW:
            end += f"x</{name}>"
        else:
            self.open.append(name)
        return f"<{name} data-n={self.count}{extra}{end}"


def inline(galley, folder, number, source, elements):
    """What the tool makes of a document and a rule for each of its elements."""
    document, sheet = folder / f"{number}.html", folder / f"{number}.css"
    document.write_text(source, encoding="utf-8")
    rules = [f"{element['path']} {{ -g-{index}: 1 }}" for index, element in enumerate(elements)]
    sheet.write_text("\n".join(rules), encoding="utf-8")
    return galley.run("inline", "--placeholders", "none", "--css", sheet, document).stdout.decode()


def judge(verdict, where, output, elements):
    """Compares what each tag was given with what its element should get; returns how many tags that were."""
    given = {tag: set(map(int, re.findall(r"-g-(\d+)", style)))
             for tag, style in re.findall(r'<[^<>]* data-n=(\w+)[^<>]*? style="([^"]*)"', output)}
    tags = [element["tag"] for element in elements]
    single = 0
    for index, element in enumerate(elements):
        is_styled = element["name"] not in UNSTYLED and ":" not in element["name"]
        is_writable = is_styled and element["tag"] and tags.count(element["tag"]) == 1
        single += bool(is_writable)
        takers = sorted(tag for tag, rules in given.items() if index in rules)
        wanted = [element["tag"]] if is_writable else []
        verdict.check(takers == wanted and (is_writable or f"-g-{index}:" in output), lambda: (
            f"{where}: '{element['path']}' of tag {element['tag']} was given to {takers}"))
    return single


def main():
    parser = judging.parser(__doc__)
    parser.add_argument("--documents", default=400, type=int, help="how many random documents")
    parser.add_argument("--seed", default=1, type=int, help="the first seed")
    arguments = parser.parse_args()
    galley = judging.Galley(arguments.galley)
    verdict = judging.Verdict()
    seeds = range(arguments.seed, arguments.seed + arguments.documents)
    sources = [Soup(seed).text for seed in seeds]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=screenshots.browser_path(), args=["--no-sandbox"])
        documents = chromium.new_page().evaluate(ELEMENTS, sources)
        chromium.close()
    with judging.scratch() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outputs = [*pool.map(lambda work: inline(galley, folder, *work), zip(seeds, sources, documents))]
    total = single = 0
    for seed, source, output, elements in zip(seeds, sources, outputs, documents):
        total += len(elements)
        single += judge(verdict, f"seed {seed}, {json.dumps(source)}", output, elements)
    print(f"{total} elements in {len(sources)} documents; {single} have a tag to themselves and may be styled")
    verdict.finish()


if __name__ == "__main__":
    main()
