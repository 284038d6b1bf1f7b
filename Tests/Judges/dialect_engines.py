"""Fills templates with the engines that senders run; each line of input is a case, each line of output an answer.

A case is `{"engine": …, "template": …, "data": …}`; an answer is `=` and the text, `!` and the engine's complaint,
both in hexadecimal, or `?` where the engine is not on this machine. Nothing of Galley is imported.

Jinja2, python-liquid, pystache, chevron and pybars3 are Python packages. Handlebars.js is Debian's, run by node; `ses`
is the same, and `sendgrid` the same with the blocks that SendGrid documents. Go's text/template is compiled once.
`interpolate` is the regular expression that the service documents. Mustachio has no engine outside of .NET: `mustachio`
is a second reading of its sources, written for these tests, and no proof by the engine itself.

`html5lib` fills nothing: it answers the outline of a page as the HTML standard has it, a tag or a comment a line.
"""

import atexit
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def jinja2_engine():
    import jinja2
    environment = jinja2.Environment(autoescape=False)
    return lambda template, data: environment.from_string(template).render(data)


def liquid_engine():
    import liquid
    environment = liquid.Environment()

    def escape(value):
        return "" if value is None else html.escape(str(value)).replace("&#x27;", "&#39;")
    # Shopify's own Liquid spells an apostrophe like this.
    environment.filters["escape"] = escape
    return lambda template, data: environment.from_string(template).render(**data)


def pystache_engine():
    import pystache
    renderer = pystache.Renderer(escape=lambda text: html.escape(text, quote=True), missing_tags="ignore")
    return lambda template, data: renderer.render(template, data)


def chevron_engine():
    import chevron
    # Its own escaping leaves an apostrophe alone, and spells a quotation mark like ours.
    chevron.renderer._html_escape = lambda text: html.escape(text, quote=True)
    return lambda template, data: chevron.render(template, data)


def pybars_engine():
    """With the two blocks as Handlebars 4 has them: its own are older than `includeZero` and `else` of `unless`."""
    import pybars
    compiler = pybars.Compiler()

    def choose(this, options, value, includeZero=False):  # pylint: disable=invalid-name
        is_zero = value == 0 and value is not False
        is_true = includeZero if is_zero else value is not None and value is not False and value not in ("", [])
        return options["fn" if is_true else "inverse"](this)

    def refuse(this, options, value, includeZero=False):  # pylint: disable=invalid-name
        swapped = {"fn": options["inverse"], "inverse": options["fn"]}
        return choose(this, swapped, value, includeZero)
    helpers = {"if": choose, "unless": refuse}
    return lambda template, data: str(compiler.compile(template)(data, helpers=helpers))


def interpolate_engine():
    name = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
    return lambda template, data: name.sub(lambda match: str(data.get(match.group(1), "")), template)


def outline_engine():
    import html5lib
    walker = html5lib.getTreeWalker("etree")

    def lines(tree):
        for token in walker(tree):
            kind = token["type"]
            if kind in ("StartTag", "EmptyTag"):
                yield " ".join(["<", token["name"], *sorted(name for _, name in token["data"])])
            elif kind == "EndTag":
                yield "> " + token["name"]
            elif kind == "Doctype":
                yield "doctype"
            elif kind == "Comment":
                yield "comment"
                # What Outlook reads of it, and others don't.
                if token["data"].startswith("[if") and "]>" in token["data"]:
                    yield from lines(html5lib.parseFragment(token["data"].split("]>", 1)[1], treebuilder="etree"))
    return lambda page, _: "\n".join(lines(html5lib.parse(page, treebuilder="etree")))


class Mustachio:
    """What the sources of Mustachio say about paths, sections and escaping."""

    tag = re.compile(r"(\{\{\{.*?\}\}\}|\{\{.*?\}\})", re.DOTALL)

    def __init__(self, template, data):
        self.tokens = self.tag.split(template)
        self.data = data
        self.check()

    def check(self):
        """What the tokenizer refuses or takes for something else: wrong paths, and a section within its own."""
        scopes = []
        for token in self.tokens[1::2]:
            path = token.strip("{}").lstrip("#^/&").strip()
            if token.startswith("{{!"):
                continue
            if token.startswith("{{#each"):
                if not token.startswith("{{#each "):
                    raise ValueError(f"a loop without a path: {token}")
                path = path.removeprefix("each ")
                scopes.append(None)
            elif token.startswith("{{/"):
                if token != "{{/each}}" and token.startswith("{{/each") or not scopes:
                    raise ValueError(f"no end: {token}")
                scope = scopes.pop()
                if scope != (None if token == "{{/each}}" else path):
                    raise ValueError(f"another end: {token}")
                continue
            elif token.startswith(("{{#", "{{^")):
                if scopes and scopes[-1] == path:
                    raise ValueError(f"a section within its own: {token}")
                scopes.append(path)
            if re.search(r"\.{3,}|[^\w./_]+|(?<!\.{2})/|\.{2,}($|[^/])", path):
                raise ValueError(f"no path: {token}")
        if scopes:
            raise ValueError("an open section")

    @staticmethod
    def lookup(chain, path):
        """A context is the chain of values that led to it; a step up is one shorter."""
        for step in re.findall(r"\.\.[\\/]|[^.]+", path):
            if step.startswith(".."):
                chain = chain[:-1] if len(chain) > 1 else chain
            else:
                value = chain[-1].get(step) if isinstance(chain[-1], dict) else None
                chain = [*chain, value]
        return chain

    @staticmethod
    def exists(value):
        if isinstance(value, (dict, list, str)):
            return len(value) > 0
        return value is not None and value is not False

    @staticmethod
    def encode(text):
        text = html.escape(text, quote=True).replace("&#x27;", "&#39;")
        return re.sub("[\u00a0-\u00ff\U00010000-\U0010ffff]", lambda match: f"&#{ord(match.group())};", text)

    def end_of(self, start):
        depth = 0
        for index in range(start, len(self.tokens)):
            token = self.tokens[index]
            if token.startswith(("{{#", "{{^")):
                depth += 1
            elif token.startswith("{{/"):
                depth -= 1
                if depth == 0:
                    return index
        raise ValueError("an open section")

    def run(self, start, end, chain):
        output = []
        index = start
        while index < end:
            token = self.tokens[index]
            if not token.startswith("{{") or index % 2 == 0:
                output.append(token)
            elif token.startswith("{{!"):
                pass
            elif token.startswith(("{{#", "{{^")):
                close = self.end_of(index)
                words = token[3:-2].split()
                inner = self.lookup(chain, words[-1])
                if words[0] == "each" and len(words) == 2:
                    for item in inner[-1] or []:
                        output.append(self.run(index + 1, close, [*inner, item]))
                elif self.exists(inner[-1]) == token.startswith("{{#"):
                    output.append(self.run(index + 1, close, inner))
                index = close
            else:
                is_raw = token.startswith("{{{")
                value = self.lookup(chain, token.strip("{}"))[-1]
                if isinstance(value, (str, int, float)):
                    output.append(str(value) if is_raw else self.encode(str(value)))
            index += 1
        return "".join(output)


def mustachio_engine():
    def render(template, data):
        reading = Mustachio(template, data)
        return reading.run(0, len(reading.tokens), [data])
    return render


def batch(command):
    """An engine that is a program: it takes all cases as lines and answers in lines of its own."""
    def render_all(cases):
        lines = "".join(json.dumps(case) + "\n" for case in cases)
        process = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, check=True)
        return process.stdout.decode().splitlines()
    return render_all


def node_engine():
    library = pathlib.Path("/usr/share/javascript/handlebars/handlebars.js")
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None or not library.exists():
        raise ImportError("node with Debian's libjs-handlebars")
    return batch([node, str(HERE / "handlebars_engine.js"), str(library)])


def go_engine():
    go = shutil.which("go")
    if go is None:
        raise ImportError("go")
    folder = tempfile.mkdtemp(prefix="galley-go-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    binary = pathlib.Path(folder) / "engine"
    environment = {"PATH": "/usr/bin:/bin:" + str(pathlib.Path(go).parent), "HOME": folder, "GO111MODULE": "off",
                   "GOFLAGS": "", "GOCACHE": folder + "/cache", "GOTOOLCHAIN": "local", "GOPROXY": "off"}
    subprocess.run([go, "build", "-o", str(binary), str(HERE / "go_engine" / "main.go")], check=True, env=environment)
    return batch([str(binary)])


ENGINES = {
    "jinja2": jinja2_engine, "liquid": liquid_engine, "pystache": pystache_engine,
    "mustachio": mustachio_engine, "chevron": chevron_engine, "pybars3": pybars_engine,
    "interpolate": interpolate_engine, "html5lib": outline_engine,
}
PROGRAMS = {"handlebars": node_engine, "ses": node_engine, "sendgrid": node_engine, "go": go_engine}


def answers_of(name, cases):
    try:
        if name in PROGRAMS:
            return PROGRAMS[name]()(cases)
        render = ENGINES[name]()
    except ImportError as lack:
        return ["?" + str(lack).encode().hex()] * len(cases)
    result = []
    for case in cases:
        try:
            result.append("=" + render(case["template"], case["data"]).encode().hex())
        except Exception as error:  # Whatever an engine says is an answer.
            result.append("!" + repr(error).encode().hex())
    return result


def main():
    cases = [json.loads(line) for line in sys.stdin]
    answers = [None] * len(cases)
    for name in sorted({case["engine"] for case in cases}):
        chosen = [index for index, case in enumerate(cases) if case["engine"] == name]
        for index, answer in zip(chosen, answers_of(name, [cases[index] for index in chosen]), strict=True):
            answers[index] = answer
    print("\n".join(answers))


if __name__ == "__main__":
    main()
