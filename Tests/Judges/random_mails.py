"""Small documents made by chance, for computed_styles.py: rules that fight over few elements and few properties."""

import random

TYPES = ["div", "p", "b", "a", "td", "i"]
CLASSES = ["a", "b", "c"]
# Families whose members reset or alias each other; a document keeps to one or two, so that its rules meet.
FAMILIES = [
    {"margin": ["1px", "2px 3px", "0", "inherit"], "margin-left": ["4px", "auto"], "margin-top": ["5px", "1px"],
     "margin-inline": ["6px", "7px 8px"], "margin-inline-start": ["9px"], "margin-block": ["3px"]},
    {"border": ["1px solid red", "none", "2px dotted"], "border-top": ["3px solid blue", "0"],
     "border-color": ["lime", "red blue"], "border-left-width": ["5px"], "border-style": ["dashed", "solid none"],
     "border-inline": ["4px double navy"], "border-width": ["1px 2px 3px 4px"]},
    {"background": ["red", "url(x) no-repeat", "none"], "background-color": ["blue", "transparent"],
     "background-size": ["3px"], "background-image": ["url(y)", "none"], "color": ["red", "blue", "notacolor"]},
    {"font": ["12px serif", "bold 10px/2 Arial"], "font-size": ["20px", "2em"], "line-height": ["3", "10px"],
     "font-weight": ["bold", "400"], "font-family": ["'A B', serif", "monospace"]},
    {"color": ["red", "blue", "lime", "inherit", "initial", "rgb(1 2 3)", "bad"], "opacity": [".5", "1", "x"]},
    {"padding": ["1px", "2px 3px 4px"], "padding-right": ["5px"], "padding-inline-end": ["6px"],
     "all": ["unset", "initial"], "color": ["red", "lime"], "direction": ["rtl"]},
    {"text-decoration": ["none", "underline"], "text-decoration-color": ["red"], "list-style": ["square", "none"],
     "list-style-type": ["disc"], "overflow": ["hidden", "auto scroll"], "overflow-x": ["visible"],
     "word-wrap": ["break-word"], "overflow-wrap": ["normal"]},
    {"--x": ["red", "1px", "initial"], "color": ["var(--x)", "blue"], "margin": ["var(--x)", "3px"],
     "margin-left": ["2px"], "border": ["1px solid var(--x, lime)"], "border-color": ["navy"]},
    {"width": ["1px", "50%", "auto"], "inline-size": ["9px"], "max-width": ["100px", "none"], "display": ["block",
     "inline", "none", "-x-box"], "mso-hide": ["all", "none"], "top": ["1px", "2px"], "inset": ["3px"]},
]
CONDITIONS = ["(max-width: 600px)", "(max-width: 400px)", "screen and (min-width: 601px)", "print", "screen", "all",
              "(prefers-color-scheme: dark)"]
STATES = [":hover", ":focus", ":visited", ":active"]
STRUCTURE = [":first-child", ":last-child", ":nth-child(2)", ":nth-child(odd)", ":not(.a)", ":not(:first-child)",
             ":is(.a, #n)", ":where(.b)", ":only-child", ":nth-of-type(2)", ":not(b, .c)", ":empty", ":root *",
             ":has(b)", "[title]", "[title=x]", ":link", ":lang(en)", ":nth-last-child(2 of .a)", ":first-of-type"]


class Maker:
    """Makes documents, the same ones for the same seed."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.properties = {}

    def happens(self, probability):
        return self.chance.random() < probability

    def compound(self):
        pick = self.chance.choice
        words = pick(["", "", pick(TYPES), "*"])
        if self.happens(0.5):
            words += "." + pick(CLASSES)
        if self.happens(0.08):
            words += pick(["#n", "#m"])
        if self.happens(0.15):
            words += pick(STRUCTURE)
        if self.happens(0.08):
            words += pick(STATES)
        return words or pick(TYPES)

    def selector(self):
        words = self.compound()
        while self.happens(0.3):
            words += self.chance.choice([" ", " > ", " + ", " ~ "]) + self.compound()
        return words + ("::before" if self.happens(0.02) else "")

    def declarations(self, limit):
        names = [self.chance.choice(list(self.properties)) for _ in range(self.chance.randint(1, limit))]
        return "; ".join(f"{name}: {self.chance.choice(self.properties[name])}"
                         + (" !important" if self.happens(0.12) else "") for name in names)

    def rule(self, depth=0):
        if depth < 2 and self.happens(0.2):
            inner = " ".join(self.rule(depth + 1) for _ in range(self.chance.randint(1, 3)))
            return f"@media {self.chance.choice(CONDITIONS)} {{ {inner} }}"
        if depth < 2 and self.happens(0.04):
            wrapper = self.chance.choice(["@layer x", "@layer y", "@supports (color: red)"])
            return f"{wrapper} {{ {self.rule(depth + 1)} }}"
        selectors = ", ".join(self.selector() for _ in range(self.chance.choice([1, 1, 1, 2, 3])))
        return f"{selectors} {{ {self.declarations(3)} }}"

    def element(self, depth):
        name = self.chance.choice(TYPES[:4] if depth else TYPES[:2])
        words = name
        if self.happens(0.6):
            words += f" class=\"{' '.join(self.chance.sample(CLASSES, self.chance.randint(1, 2)))}\""
        if self.happens(0.1):
            words += f" id={self.chance.choice('nm')}"
        if name == "a" and self.happens(0.7):
            words += " href=#x"
        if self.happens(0.1):
            words += " title=x"
        if self.happens(0.15):
            words += f" style=\"{self.declarations(2)}\""
        # What HTML would put elsewhere is not the subject here.
        below = 0 if name in ("p", "a") else self.chance.randint(0, 3) if depth < 4 else 0
        inner = "".join(self.inline() if name == "b" else self.element(depth + 1) for _ in range(below))
        return f"<{words}>{inner or 'x'}</{name}>"

    def inline(self):
        return f"<i class={self.chance.choice(CLASSES)}>x</i>"

    def document(self):
        families = self.chance.sample(FAMILIES, self.chance.choice([1, 1, 2]))
        self.properties = {name: values for family in families for name, values in family.items()}
        sheets = "".join(f"<style>{' '.join(self.rule() for _ in range(self.chance.randint(1, 7)))}</style>"
                         for _ in range(self.chance.choice([1, 1, 2])))
        body = "".join(self.element(0) for _ in range(self.chance.randint(1, 4)))
        return f"<!DOCTYPE html><html lang=en><head><title>x</title>{sheets}</head><body>{body}</body></html>"
