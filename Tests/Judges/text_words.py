"""Judges that a text part says what the HTML shows: its words are those that html2text reads, in the same order.

The mails are those of the site, each locale and sample, and the documents of other people's collections, as far as the
tool takes them for templates. What is left out of the comparison, on both sides: what the HTML hides (this judge finds
it by itself), addresses, and the words of header cells, which stand once in a table and once a row in the text. A link
whose words are its address has them once. Each part must also be fit to be sent: no space at the end of a line, no two
blank lines in a row, no tag, no character reference that is left.
"""

import collections
import difflib
import html.parser
import json
import pathlib
import re

import html2text

import judging

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
UNREAD = {"head", "title", "style", "script", "select", "map", "object", "svg", "xml", "template", "audio", "video",
          "iframe", "canvas", "datalist"}
# Elements whose start ends an open one of the same kind, as in a browser.
SIBLINGS = {"p", "li", "td", "th", "tr", "dt", "dd", "option"}


def styles(text):
    """The declarations of a style attribute."""
    pairs = (part.split(":", 1) for part in (text or "").lower().split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip() for name, value in pairs}


def is_zero(value):
    return bool(re.fullmatch(r"0(\.0*)?[a-z%]*", value or ""))


def is_hidden(attributes):
    style = styles(attributes.get("style"))
    flat = any(is_zero(style.get(name)) for name in ("max-height", "height", "max-width", "width"))
    tiny = is_zero(style.get("font-size"))
    return (
        "hidden" in attributes or (attributes.get("aria-hidden") or "").strip().lower() == "true"
        or (attributes.get("data-text") or "").strip() == "skip"
        or style.get("display") == "none" or style.get("visibility") == "hidden" or is_zero(style.get("opacity"))
        or (flat and (tiny or style.get("overflow") in ("hidden", "clip")))
        or (style.get("mso-hide") == "all" and (flat or tiny)))


class Visible(html.parser.HTMLParser):
    """Writes a document again without what is hidden, and notes its addresses and header cells."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.output = []
        self.stack = []
        self.tables = []
        self.addresses = set()
        self.header_words = set()

    @property
    def is_shown(self):
        return not any(hidden for _, hidden in self.stack)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in SIBLINGS and self.stack and self.stack[-1][0] == tag:
            self.stack.pop()
        if tag not in VOID:
            self.stack.append((tag, tag in UNREAD or is_hidden(attributes)))
        elif is_hidden(attributes):
            return
        if tag == "table":
            for table in self.tables[-1:]:
                table["is_layout"] |= any(name == "th" for name, _ in self.stack[table["depth"]:])
            self.tables.append({"words": set(), "has_value": False, "is_layout": False, "depth": len(self.stack)})
        elif tag == "td" and self.tables:
            self.tables[-1]["has_value"] = True
        if self.is_shown:
            self.addresses.update(word for word in words(attributes.get("href") or ""))
            self.output.append(self.get_starttag_text())

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if tag not in (name for name, _ in self.stack):
            return
        shown = self.is_shown
        if tag == "table" and self.tables:
            table = self.tables.pop()
            if table["has_value"] and not table["is_layout"]:
                self.header_words |= table["words"]
        while self.stack and self.stack.pop()[0] != tag:
            pass
        if shown:
            self.output.append(f"</{tag}>")

    def emit(self, text):
        if self.is_shown:
            self.output.append(text)
            if self.tables and any(name == "th" for name, _ in self.stack[self.tables[-1]["depth"]:]):
                self.tables[-1]["words"].update(words(html.unescape(text)))

    def handle_data(self, data):
        self.emit(data)

    def handle_entityref(self, name):
        self.emit(f"&{name};")

    def handle_charref(self, name):
        self.emit(f"&#{name};")


INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u2060-\u2064\ufeff\u115f\u1160\u3164\u180e]")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\bmailto:\S+", re.IGNORECASE)


def words(text):
    """The words of a text: letters and figures, whatever stands between them."""
    return [word.casefold() for word in re.findall(r"[^\W_]+", INVISIBLE.sub("", text))]


def reference(document):
    """The words that html2text reads in what a document shows; its addresses; the words of its header cells."""
    visible = Visible()
    visible.feed(re.sub(r"<!--.*?-->|<!\[(?:if|endif).*?>", "", document, flags=re.DOTALL))
    visible.close()
    reader = html2text.HTML2Text(bodywidth=0)
    reader.ignore_links = reader.ignore_emphasis = reader.images_to_alt = True
    reader.ignore_mailto_links = reader.unicode_snob = True
    text = reader.handle("".join(visible.output)).replace("\\", "")
    # An ordered list is numbered by both, each in its way.
    text = re.sub(r"(?m)^[\s|]*(?:\d+\.|[*-])\s", "", text)
    return text, visible


def comparable(text, left_out):
    text = ADDRESS.sub(" ", text)
    return [word for word in words(text) if word not in left_out]


def differences(found, expected):
    """What one has and the other lacks, with what stands around it."""
    matcher = difflib.SequenceMatcher(None, found, expected, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            around = " ".join(found[max(0, a - 3):a])
            yield f"behind '{around}': ours '{' '.join(found[a:b])}', html2text '{' '.join(expected[c:d])}'"


def check_form(verdict, text, what, data=""):
    verdict.check(not re.search(r"[ \t]+$", text, re.MULTILINE), f"{what}: a line ends in a space")
    verdict.check("\n\n\n" not in text and not text.startswith("\n"), f"{what}: two blank lines in a row")
    markup = {found for found in re.findall(r"</?[a-z]+[\s>]|&(?:[a-z]+|#\d+);", text) if found not in data}
    verdict.check(not markup, f"{what}: markup is left: {markup}")


def check_words(verdict, document, text, what):
    expected, visible = reference(document)
    left_out = visible.header_words | visible.addresses
    ours = re.sub(r"(?m)^\s*(?:(?:\d+|[a-z]{1,2}|[ivxlc]+)\.|-)\s", "", text)
    found, wanted = comparable(ours, left_out), comparable(expected, left_out)
    verdict.check(found == wanted, lambda: f"{what}: " + "; ".join(list(differences(found, wanted))[:4]))
    return len(wanted)


def corpus_documents():
    if not (judging.SUITES / "corpus").is_dir():
        print("SKIPPED documents of others: GALLEY_SUITES does not lead to them")
        return
    for path in sorted((judging.SUITES / "corpus").rglob("*.htm*")):
        yield path.relative_to(judging.SUITES).as_posix(), path.read_text(encoding="utf-8", errors="replace")


CONFIGURATION = """name: words
locales: {default: en, supported: [en]}
dialect: jinja
environments:
  dev: {store: 's3://words-dev', region: eu-west-1}
"""


class Mended(html.parser.HTMLParser):
    """Writes a document again as it is, but for attributes that are given twice."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.output = []

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(names) == len(set(names)):
            return self.output.append(self.get_starttag_text())
        first = {}
        for name, value in attributes:
            first.setdefault(name, value or "")
        pairs = "".join(f' {name}="{html.escape(value)}"' for name, value in first.items())
        self.output.append(f"<{tag}{pairs}>")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.output.append(f"</{tag}>")

    def handle_data(self, data):
        self.output.append(data)

    def handle_entityref(self, name):
        self.output.append(f"&{name};")

    def handle_charref(self, name):
        self.output.append(f"&#{name};")

    def handle_comment(self, data):
        self.output.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.output.append(f"<!{decl}>")

    def unknown_decl(self, data):
        self.output.append(f"<![{data}]>")


def as_template(document):
    """A document as a template: what other engines fill in becomes a word, what they decide goes, as do scripts, sheets
    on a network and attributes that are given twice."""
    document = re.sub(r"\{\{\{?\s*[#/^!>&].*?\}?\}\}|\{%.*?%\}|<%.*?%>", "", document, flags=re.DOTALL)
    document = re.sub(r"\{\{\{?.*?\}?\}\}|\*\|.*?\|\*|%recipient[^%]*%", "VALUE", document, flags=re.DOTALL)
    document = re.sub(r"<script\b.*?</script>|<link\b[^>]*>", "", document, flags=re.DOTALL | re.IGNORECASE)
    mended = Mended()
    mended.feed(document)
    mended.close()
    return "---\nsubject: Words\n---\n" + "".join(mended.output).replace("\x1a", "").replace("{{", "{ {")


def check_corpus(verdict, galley):
    """Each document of others is a site of one mail; those that the tool refuses are counted."""
    counts = collections.Counter()
    for name, document in corpus_documents():
        with judging.scratch() as site:
            (site / "templates").mkdir()
            (site / "galley.yml").write_text(CONFIGURATION, encoding="utf-8")
            (site / "templates" / "mail.html").write_text(as_template(document), encoding="utf-8")
            process = galley.run("render", "--all", "--site", site)
        verdict.check(process.returncode in (0, 1), f"{name}: ended with {process.returncode}")
        if process.returncode != 0 or not process.stdout:
            counts["refused"] += 1
            continue
        mail = json.loads(process.stdout.decode().splitlines()[0])
        counts["documents"] += 1
        counts["words"] += check_words(verdict, mail["html"], mail["text"], name)
        check_form(verdict, mail["text"], name)
    return counts


def main():
    options = judging.parser(__doc__).parse_args()
    galley = judging.Galley(options.galley)
    verdict = judging.Verdict()
    total = 0
    for mail in galley.render_all(options.site, "prod"):
        what = f"{mail['template']} {mail['locale']} {mail['sample']}"
        total += check_words(verdict, mail["html"], mail["text"], what)
        sample = judging.samples(options.site, mail["template"]).get(mail["sample"])
        check_form(verdict, mail["text"], what, json.dumps(sample, ensure_ascii=False))
    counts = check_corpus(verdict, galley)
    print(f"{total} words of the site; {counts['documents']} documents of others with {counts['words']} words, "
          f"{counts['refused']} refused by other checks")
    verdict.finish()


if __name__ == "__main__":
    main()
