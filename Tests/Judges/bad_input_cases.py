"""The table of bad inputs: each line of the security design that a build can meet, as a change to a tiny site.

Numbers are those of the design's list "Bad inputs". A case says which files are written over the tiny site below, the
code that must be reported (or how it begins), and where. In a text the mark ‸ stands at the place that the message must
point at; it is taken out before the file is written. Bytes that are no UTF-8 are written as lone surrogates, `\\udcXX`.
"""

import dataclasses
import os
import pathlib
import socket
from typing import Callable, Optional

SITE = {
    "galley.yml": """\
name: tiny
dialect: jinja
locales:
  default: en
  supported: [en, de]
  fallback: {de: [en]}
environments:
  dev: {store: 's3://tiny-dev', region: eu-west-1, data: {portal: 'https://portal.dev.tiny.example'}}
  prod: {store: 's3://tiny-prod', region: eu-west-1, data: {portal: 'https://portal.tiny.example'}}
data:
  brand: Tiny
  links: [One, Two]
senders:
  orders: {name: Tiny, address: orders@tiny.example}
""",
    "locales/en.yml": "order:\n  title: Your order\n  hello: Good day {name},\n",
    "locales/de.yml": "order:\n  title: Ihre Bestellung\n  hello: Guten Tag {name},\n",
    "partials/note.html": "---\nparameters:\n  text: string\n---\n<p>{{text}}</p>\n",
    "templates/order.html": "",
    "templates/order.samples.json": """\
{
  "default": {"orderId": "o1", "note": "Soon", "orderUrl": "https://tiny.example/o1", "lines": ["One", "Two"]},
  "bare": {"orderId": "o2", "orderUrl": "https://tiny.example/o2", "lines": []}
}
""",
}

FRONT = """\
---
sender: orders
subject: 'Order {{orderId}}'
preheader: 'About order {{orderId}}'
variables:
  orderId: string
  note: {type: string, optional: true}
  orderUrl: url
  lines: {type: list, of: string}
---
"""

PAGE = """\
<!DOCTYPE html>
<html lang="{{locale.tag}}">
<head><meta charset="utf-8"><title>{{t "order.title"}}</title></head>
<body>
<h1>{{t "order.title"}}</h1>
<p>{{t "order.hello" name=orderId}}</p>
{{#if note}}{{> note text=note}}{{/if}}
<p>{{#each lines as |line|}}{{line}}, {{else}}none{{/each}}</p>
<p><a href="{{orderUrl}}">{{data.brand}}</a></p>
%s
</body>
</html>
"""


def page(text, front=FRONT):
    """The template with a text in its body."""
    return front + PAGE.replace("%s", text)


SITE["templates/order.html"] = page("")


def body(text, **others):
    """A change that puts a text into the template's body, and perhaps other files beside it."""
    return {"templates/order.html": page(text), **files(others)}


def front(old, new):
    """A change of one line of the front matter."""
    assert old in FRONT, old
    return {"templates/order.html": page("", FRONT.replace(old, new))}


def config(old, new):
    """A change of one piece of galley.yml."""
    assert old in SITE["galley.yml"], old
    return {"galley.yml": SITE["galley.yml"].replace(old, new)}


def config_with(text):
    """galley.yml with more at its end."""
    return {"galley.yml": SITE["galley.yml"] + text}


def partial(name, text):
    """A partial that the template calls."""
    return body("{{> %s}}" % name, **{f"partials/{name}.html": text})


def files(by_path):
    """Files by path."""
    return dict(by_path)


def template(name, text=None):
    """A second template with the variables and samples of the first."""
    return {f"templates/{name}.html": SITE["templates/order.html"] if text is None else text,
            f"templates/{name}.samples.json": SITE["templates/order.samples.json"]}


def samples(text):
    """Other samples."""
    return {"templates/order.samples.json": text}


# What a mapping can't say: links, special files, permissions.

def link(path, target):
    def change(root):
        (root / path).symlink_to(target)
    return change


def link_chain(path, length):
    def change(root):
        folder = root / path
        (root / "partials/end.html").write_text("<p>end</p>\n")
        target = "end.html"
        for index in range(length):
            name = f"chain{index}.html" if index + 1 < length else folder.name
            (folder.parent / name).symlink_to(target)
            target = name
    return change


def fifo(path):
    return lambda root: os.mkfifo(root / path)


def unix_socket(path):
    def change(root):
        here = os.getcwd()
        server = socket.socket(socket.AF_UNIX)
        try:
            os.chdir((root / path).parent)  # the address of a socket holds 107 bytes at most
            server.bind(os.path.basename(path))
        finally:
            os.chdir(here)
            server.close()
    return change


def folder(path):
    return lambda root: (root / path).mkdir(parents=True)


def forbidden(path):
    return lambda root: (root / path).chmod(0)


def named(name):
    """A template under a name given in bytes."""
    def change(root):
        with open(os.path.join(os.fsencode(root / "templates"), name), "wb") as file:
            file.write(SITE["templates/order.html"].encode())
    return change


def both(*changes):
    """Several changes, one after the other."""
    def change(root):
        for one in changes:
            apply(one, root)
    return change


def deep_folders(depth):
    def change(root):
        path = root / "templates"
        for _ in range(depth):
            path = path / "d"
        path.mkdir(parents=True)
        (path / "x.html").write_text(SITE["templates/order.html"])
        (path / "x.samples.json").write_text(SITE["templates/order.samples.json"])
    return change


def many_files(count):
    def change(root):
        for index in range(count):
            (root / "templates" / f"t{index}.html").write_text("x")
    return change


def replace_output(how):
    """Puts something else where dist/ was."""
    def change(root):
        saved = root.parent / (root.name + " dist")
        (root / "dist").rename(saved)
        how(root / "dist", saved)
    return change


MARK = "‸"


def apply(change, root):
    """Makes a change to a copy of the tiny site."""
    if callable(change):
        change(root)
        return
    for path, text in change.items():
        target = root / path
        if text is None:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, str):
            text = text.replace(MARK, "").encode("utf-8", "surrogateescape")
        target.write_bytes(text)


def marked_place(change):
    """The place that the mark in a change stands at, as path:line:column, or None."""
    if callable(change):
        return None
    for path, text in change.items():
        if isinstance(text, str) and MARK in text:
            before = text[:text.index(MARK)].replace("\r\n", "\n").replace("\r", "\n")
            line = before.count("\n") + 1
            return f"{path}:{line}:{len(before) - (before.rfind(chr(10)) + 1) + 1}"
    return None


@dataclasses.dataclass(frozen=True)
class Case:
    """One bad input and what must be said about it."""

    number: int
    title: str
    change: object
    # The code, or how it begins; None where nothing must be said. Several are alternatives.
    code: object = None
    # path:line:column, path:line or path; the mark in the change says it better.
    at: Optional[str] = None
    # 1: the sources have errors; 2: the machine or the command line; 0: this is fine.
    status: int = 1
    # How many errors.
    errors: int = 1
    # What the message must contain.
    says: str = ""
    # More arguments for `galley build`.
    arguments: tuple = ()
    # Run as another user than root, for whom permissions mean something.
    unprivileged: bool = False
    # Largest file that may be written.
    file_size: Optional[int] = None

    @property
    def place(self):
        return marked_place(self.change) or self.at


def fine(number, title, change, code=None, **more):
    """An input that looks bad and is not; `code` is a remark that must be made."""
    return Case(number, title, change, code, status=0, errors=0, **more)


def stuck(number, title, change, says, **more):
    """Something that the machine can't do: status 2 and a sentence."""
    return Case(number, title, change, None, status=2, errors=0, says=says, **more)


ORDER = "templates/order.html"
# Put together here, so that nobody's scanner takes this file for a leak.
ACCESS_KEY = "AK" + "IA" + "QYLPMN5HHHFPZAM2"
PRIVATE_KEY = "-----BEGIN " + "RSA PRIVATE" + " KEY-----"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
LIMIT = 2 * 1024 * 1024


def of_size(count):
    """A template of so many bytes, nearly all of them comment."""
    rest = len(page("{{!  }}").encode())
    return {ORDER: page("{{! " + "x" * (count - rest) + " }}")}


FILES_AND_NAMES = [
    Case(1, "an empty file", {ORDER: ""}, "site/no-front-matter", ORDER),
    Case(2, "only white space", {ORDER: " \n\t\n\n"}, "site/no-front-matter", ORDER),
    Case(3, "only a byte order mark", {ORDER: b"\xef\xbb\xbf"}, "site/no-front-matter", ORDER),
    fine(4, "a byte order mark before content", {ORDER: "\ufeff" + page("")}, "source/byte-order-mark"),
    Case(5, "UTF-16, little end first", {ORDER: page("").encode("utf-16")}, "source/wrong-encoding", f"{ORDER}:1:1"),
    Case(6, "UTF-16, big end first", {ORDER: b"\xfe\xff" + page("").encode("utf-16-be")}, "source/wrong-encoding",
         f"{ORDER}:1:1"),
    Case(7, "UTF-32", {ORDER: page("").encode("utf-32")}, "source/wrong-encoding", f"{ORDER}:1:1"),
    Case(8, "a latin-1 byte", body("<p>caf‸\udce9</p>"), "source/not-utf-8"),
    Case(9, "an overlong form", body("<p>‸\udcc0\udcaf</p>"), "source/not-utf-8"),
    Case(10, "half of a surrogate pair", body("<p>‸\udced\udca0\udc80</p>"), "source/not-utf-8"),
    Case(11, "a character cut by the end of the file", {ORDER: page("") + "‸\udce2\udc82"}, "source/not-utf-8"),
    Case(12, "NUL in text", body("<p>a‸\x00b</p>"), "source/control-character"),
    Case(13, "a control character", body("<p>a‸\x01b</p>"), "source/control-character"),
    Case(13, "the byte that stands for holes", body("<p>a‸\x1ab</p>"), "source/control-character"),
    Case(14, "U+FFFE", body("<p>a‸\ufffeb</p>"), "source/control-character"),
    fine(15, "CR LF throughout", {ORDER: page("<p>x</p>").replace("\n", "\r\n")}),
    Case(15, "an error in a file of CR LF", {ORDER: page("<p>{{‸noted}}</p>").replace("\n", "\r\n")}, "template/"),
    Case(15, "an error in a file of CR", {ORDER: page("<p>{{‸noted}}</p>").replace("\n", "\r")}, "template/"),
    fine(16, "CR, LF and CR LF mixed", body("<p>a</p>\r<p>b</p>\r\n<p>c</p>")),
    fine(17, "no line end at the end", {ORDER: page("").rstrip("\n")}),
    Case(18, "a line of 10 MB", body("<p>" + "x" * 10_000_000 + "</p>"), "source/too-large", ORDER),
    fine(19, "a file of 2 MiB", of_size(LIMIT)),
    Case(19, "a file of 2 MiB and one byte", of_size(LIMIT + 1), "source/too-large", ORDER),
    Case(20, "a picture named .html", {"partials/logo.html": PNG}, "source/not-utf-8", "partials/logo.html:1:1"),
    Case(21, "a folder named x.html", folder("templates/x.html"), "source/not-a-file", "templates/x.html"),
    Case(22, "a named pipe", fifo("templates/x.html"), "source/not-a-file", "templates/x.html"),
    Case(22, "a socket", unix_socket("partials/x.html"), "source/not-a-file", "partials/x.html"),
    Case(23, "/dev/zero by link", link("partials/x.html", "/dev/zero"), "source/link", "partials/x.html"),
    stuck(24, "an unreadable file", forbidden("templates/order.html"), ORDER, unprivileged=True),
    stuck(25, "an unreadable folder", forbidden("partials"), "partials", unprivileged=True),
    stuck(26, "an output folder that can't be written",
          both(body("<p>new</p>"), lambda root: [p.chmod(0o555) for p in [root / "dist", root / "dist/dev"]]),
          "dist", unprivileged=True),
    stuck(27, "a full disk", body("<p>new</p>"), "dist", file_size=64),
    stuck(28, "dist is a file", replace_output(lambda path, saved: path.write_text("mine")), "dist"),
    stuck(29, "dist is a link to outside", replace_output(lambda path, saved: path.symlink_to(saved)), "dist"),
    Case(30, "a link to /etc/passwd", link("partials/x.html", "/etc/passwd"), "source/link", "partials/x.html"),
    Case(30, "a folder linked to outside", link("partials/x", "/etc"), "source/link", "partials/x"),
    Case(31, "a link to itself", link("partials/x.html", "x.html"), "source/link", "partials/x.html"),
    Case(32, "a chain of 50 links", link_chain("partials/x.html", 50), "source/link", "partials/x.html", errors=50),
    Case(33, "a link to nothing", link("partials/x.html", "nowhere.html"), "source/link", "partials/x.html"),
    Case(34, "a name with a line feed", named(b"a\nb.html"), "source/bad-name", "templates"),
    Case(35, "a name with an escape sequence", named(b"a\x1b[31mb.html"), "source/bad-name", "templates"),
    Case(36, "a name that is not UTF-8", named(b"caf\xe9.html"), "source/bad-name", "templates"),
    Case(37, "two names that look the same", both(template("caf\u00e9"), named("cafe\u0301.html".encode())),
         "source/bad-name", "templates"),
    Case(38, "two names that differ in case", {"partials/Box.html": "<p>x</p>", "partials/box.html": "<p>x</p>"},
         "source/name-twins", "partials/box.html"),
    Case(39, "a name that Windows keeps for itself", named(b"con.html"), "source/bad-name", "templates"),
    Case(39, "such a name for a partial", {"partials/aux.html": "<p>x</p>"}, "source/bad-name", "partials"),
    Case(40, "a name of 255 bytes", {f"partials/{'x' * 250}.html": "<p>x</p>"}, "source/bad-name", "partials"),
    Case(42, "a key of over 1,024 bytes", front("sender: orders", f"sender: orders\nkey: ‸{'k/' * 600}x.html"),
         "declaration/bad-key"),
    Case(43, "a key with an empty folder", front("sender: orders", "sender: orders\nkey: ‸a//b.html"),
         "declaration/bad-key"),
    Case(43, "a key that leads out", front("sender: orders", "sender: orders\nkey: ‸../b.html"),
         "declaration/bad-key"),
    Case(43, "a key from the root", front("sender: orders", "sender: orders\nkey: ‸/b.html"), "declaration/bad-key"),
    fine(44, "a hidden file", {"templates/.hidden.html": "{{", "partials/.x.swp": "{{"}),
    Case(45, "a name with a question mark", named(b"a?b.html"), "source/bad-name", "templates"),
    Case(45, "a name with a hash", named(b"a#b.html"), "source/bad-name", "templates"),
    Case(45, "a name with a percent sign", named(b"a%2Fb.html"), "source/bad-name", "templates"),
    Case(45, "a name with a space", named(b"a b.html"), "source/bad-name", "templates"),
    Case(45, "a name like an option", named(b"-rf.html"), "source/bad-name", "templates"),
    Case(48, "more files than a site may have", many_files(2_001), "source/too-many-files", errors=1),
    Case(49, "folders 500 deep", deep_folders(500), "source/too-many-files", "templates/d"),
    fine(50, "what a killed run left", files({"dist/.galley-staging-0123/dev/x.html": "half"})),
]

LANGUAGE = [
    Case(51, "a tag that is not closed", body("<p>‸{{orderId</p>"), "template/unclosed-tag"),
    Case(52, "an empty tag", body("<p>‸{{}}</p>"), "template/empty-tag"),
    Case(53, "three braces, then two", body("<p>‸{{{orderId}}</p>"), "template/unbalanced-braces"),
    Case(54, "two braces, then three", body("<p>‸{{orderId}}}</p>"), "template/unbalanced-braces"),
    Case(55, "two names in a tag", body("<p>{{ ‸orderId note }}</p>"), "template/unknown-helper"),
    Case(56, "a path of 10,000 names", body("<p>{{‸" + "x." * 10_000 + "x}}</p>"), "template/too-deep"),
    Case(57, "an unknown build value", body("<p>{{data.‸brnd}}</p>"), "template/unknown-field", says="brand"),
    Case(57, "an unknown variable", body("<p>{{‸ordrId}}</p>"), "template/undeclared-name", says="orderId"),
    Case(58, "a variable with the name of a build value",
         front("  orderId: string", "  orderId: string\n  ‸data: string"), "declaration/reserved-name"),
    Case(59, "a block that is not closed", body("‸{{#if note}}<p>x</p>"), "template/unclosed-block"),
    Case(60, "a block closed twice", body("{{#if note}}<p>x</p>{{/if}}‸{{/if}}"), "template/stray-end"),
    Case(61, "else outside of a block", body("<p>x</p>‸{{else}}"), "template/stray-else"),
    Case(62, "a block with another's end", body("{{#if note}}<p>x</p>‸{{/unless}}"), "template/mismatched-end"),
    Case(63, "a call of nothing", body("‸{{>}}"), "template/"),
    Case(63, "a partial that is not there", body("{{> ‸nothing}}"), "template/unknown-partial"),
    Case(64, "a partial outside", body("{{> ‸../x}}"), "template/partial-name"),
    Case(65, "a partial from the root", body("{{> ‸/etc/passwd}}"), "template/partial-name"),
    Case(66, "a partial outside, encoded", body("{{> ‸%2e%2e/x}}"), "template/"),
    Case(67, "a partial's name with NUL", body("{{> a‸\x00b}}"), "source/control-character"),
    Case(68, "a folder as a partial", both(folder("partials/parts"), body("{{> parts}}")), "template/unknown-partial",
         f"{ORDER}:20:5"),
    Case(69, "a partial that calls itself", partial("loop", "<p>{{> ‸loop}}</p>\n"), "template/recursive-partial"),
    Case(70, "two partials that call one another",
         body("{{> one}}", **{"partials/one.html": "{{> two}}", "partials/two.html": "{{> ‸one}}"}),
         "template/recursive-partial"),
    Case(71, "30 levels of doubling",
         body("{{> p0}}", **{f"partials/p{i}.html": "{{> p%d}}{{> p%d}}\n" % (i + 1, i + 1) for i in range(30)},
              **{"partials/p30.html": "x"}), "evaluation/budget"),
    Case(72, "a partial whose name data would choose", body("{{> ‸(orderId)}}"), "template/unsupported"),
    Case(74, "a partial that opens an attribute", partial("half", '<p><a href="'), ("html/", "template/"),
         "partials/half.html"),
    Case(76, "a message that no locale has", body("<p>{{t ‸\"order.nothing\"}}</p>"), "message/unknown"),
    fine(76, "a message that one locale has not",
         files({"locales/de.yml": "order:\n  title: Ihre Bestellung\n"}), "message/missing"),
    fine(77, "a message that only one locale has",
         files({"locales/de.yml": SITE["locales/de.yml"] + "  extra: Mehr\n"}), "message/extra-key"),
    Case(78, "a message with other arguments than its original",
         files({"locales/de.yml": "order:\n  title: Ihre Bestellung\n  hello: ‸Guten Tag {nam},\n"}),
         "message/arguments-differ"),
    Case(80, "a message with braces of a template",
         files({"locales/de.yml": "order:\n  title: 'Ihre ‸{{order}}'\n  hello: Guten Tag {name},\n"}), "message/"),
    Case(81, "a plural", files({"locales/de.yml": "order:\n  title: '‸{n, plural, one {x}}'\n"
                                                  "  hello: Guten Tag {name},\n"}), "message/case"),
    Case(82, "a message given twice",
         files({"locales/de.yml": SITE["locales/de.yml"] + "  ‸title: Noch einmal\n"}), "data/duplicate-key"),
    Case(83, "a locale with an underscore", config("[en, de]", "[en, de, ‸en_us]"), ("message/locale", "config/")),
    Case(83, "a locale with nothing behind the hyphen", config("[en, de]", "[en, de, ‸xx-]"),
         ("message/locale", "config/")),
    Case(83, "a locale that is a path", config("[en, de]", "[en, de, ‸../en]"), ("message/locale", "config/")),
    Case(86, "an invisible character in a name", body("<p>{{‸order\u200bId}}</p>"), "template/name-spelling"),
    Case(87, "a Cyrillic letter in a name", body("<p>{{‸d\u0430ta.brand}}</p>"), "template/name-spelling"),
    Case(88, "a tag of Jinja", body("<p>‸{% if x %}</p>"), "template/foreign-tag"),
    fine(90, "braces meant as text", body("<p>\\{{orderId}} and &#123;% x %}</p>")),
    Case(91, "a raw block without an end", body("‸{{{{raw}}}}<p>x</p>"), "template/"),
    fine(92, "a comment with an end inside", body("{{!-- a {{!-- b --}} c --}}"), "template/stray-comment-end"),
    Case(92, "a comment without an end", body("‸{{!-- a"), "template/unclosed-comment"),
    Case(93, "branches that end in different places", body('‸{{#if note}}<a href="{{else}}<b>{{/if}}x'), "escape/"),
    Case(94, "a loop around half a tag", body("‸{{#each lines as |line|}}<td {{/each}}>"), "escape/"),
    Case(95, "front matter that is not closed", {ORDER: "‸---\nsubject: x\n<p>x</p>\n"},
         "template/unclosed-front-matter"),
    Case(96, "front matter that is a list", {ORDER: "---\n‸- subject\n- x\n---\n" + PAGE.replace("%s", "")},
         "declaration/not-a-mapping"),
    Case(97, "an unknown key in front matter", front("sender: orders", "sender: orders\n‸sbject: x"),
         "declaration/unknown-key",
         says="subject"),
    Case(97, "a variable of an unknown type",
         front("  orderId: string", "  orderId: ‸strng"), "declaration/unknown-type", says="string"),
    Case(97, "a variable given twice", front("  orderId: string", "  orderId: string\n  ‸orderId: string"),
         "data/duplicate-key"),
    Case(97, "a variable that nothing uses",
         front("  orderId: string", "  orderId: string\n  ‸unused: {type: string, optional: true}"),
         "template/unused-variable"),
    Case(97, "an optional value printed unguarded", body("<p>{{‸note}}</p>"), "template/unguarded-optional"),
    Case(97, "a parameter that is missing", body("{{> ‸note}}"), "template/missing-argument"),
    Case(97, "a parameter that is unknown", body("{{> note text=orderId ‸tone=\"x\"}}"), "template/unknown-argument"),
    Case(97, "a helper that is unknown", body("<p>{{‸upper orderId}}</p>"), "template/unknown-helper"),
    Case(97, "a subject of two lines",
         front("subject: 'Order {{orderId}}'", "subject: ‸\"Order\\n{{orderId}}\""), "declaration/text-not-in-place"),
    Case(97, "no subject", front("subject: 'Order {{orderId}}'\n", ""), "declaration/no-subject", ORDER),
    Case(97, "a layout that is not there", front("sender: orders", "sender: orders\nlayout: ‸nothing"),
         "template/unknown-layout"),
    Case(97, "a sender that is not there", front("sender: orders", "sender: ‸order"), ("site/", "declaration/"),
         says="orders"),
]

PLACES = [
    Case(98, "a quote that is not closed", body('<p ‸title="x>text</p>'), ("html/", "template/")),
    Case(101, "a comment that is not closed", body("‸<!-- x"), ("html/", "template/")),
    Case(103, "a conditional comment that is not closed", body("‸<!--[if mso]><p>x</p>"), ("html/", "template/")),
    Case(131, "a value in an unquoted attribute", body("<p title=‸{{orderId}}>x</p>"), "escape/"),
    Case(132, "a value in a script", body("<script>var x = '‸{{orderId}}'</script>"), "escape/"),
    Case(133, "a value in a style attribute", body('<p style="color: ‸{{orderId}}">x</p>'), "escape/"),
    Case(134, "a value in a comment", body("<!-- ‸{{orderId}} -->"), "escape/"),
    Case(135, "a value as a tag", body("<‸{{orderId}}>x"), "escape/"),
    Case(136, "a value as an attribute", body("<p ‸{{orderId}}>x</p>"), "escape/"),
    Case(137, "two values as one address", body('<a href="{{orderUrl}}‸{{orderId}}">x</a>'), "escape/"),
    Case(137, "a text as an address", body('<a href="‸{{orderId}}">x</a>'), "escape/"),
    Case(138, "a value in srcset", body('<img alt="" src="https://tiny.example/x.png" srcset="‸{{orderUrl}}">'),
         "escape/"),
    Case(122, "a value in an event handler", body('<p onclick="‸{{orderId}}">x</p>'), "escape/"),
]

CONFIGURATION = [
    Case(161, "no galley.yml", {"galley.yml": None}, "config/missing", says="galley init"),
    Case(162, "galley.yml in latin-1", config("name: tiny", "name: caf‸\udce9"), "source/not-utf-8"),
    Case(163, "JSON with a comma too many", samples('{"default": {"orderId": "o1"‸,}}'), "data/json-syntax"),
    Case(163, "JSON with a key twice", samples('{"default": {}, ‸"default": {}}'), "data/duplicate-key"),
    Case(163, "JSON 10,000 deep", samples('{"default": ' + "[" * 10_000 + "]" * 10_000 + "}"), "data/too-deep",
         "templates/order.samples.json:1"),
    Case(163, "JSON with 1e999", samples('{"default": {"orderId": ‸1e999}}'), "data/number-out-of-range"),
    Case(163, "JSON that ends early", samples('{"default": {'), "data/json-syntax", "templates/order.samples.json:1"),
    Case(164, "an unknown key", config("name: tiny", "name: tiny\n‸dialct: jinja"), "config/", says="dialect"),
    Case(165, "a wrong type", config("supported: [en, de]", "supported: ‸5"), "config/"),
    Case(165, "a dialect that is not there", config("dialect: jinja", "dialect: ‸jinga"), "config/", says="jinja"),
    Case(165, "YAML with a tab", config("  default: en", "‸\tdefault: en"), "data/yaml-syntax"),
    Case(165, "YAML with an alias", config("name: tiny", "name: ‸&a tiny"), "data/yaml-unsupported"),
    Case(165, "YAML with a key twice", config("dialect: jinja", "dialect: jinja\n‸dialect: jinja"),
         "data/duplicate-key"),
    Case(165, "a default locale that is not supported", config("default: en", "default: ‸fr"), "config/"),
    Case(165, "no environments", {"galley.yml": "name: tiny\nlocales: {default: en, supported: [en]}\n"}, "config/",
         "galley.yml"),
    stuck(166, "an unknown environment", {}, "prod", arguments=("--env", "prd")),
    stuck(166, "an unknown locale", {}, "de", arguments=("--locale", "dee")),
    stuck(166, "an unknown template", {}, "order", arguments=("ordr",)),
    stuck(166, "an unknown option", {}, "--evn", arguments=("--evn", "dev")),
    Case(167, "two environments with one bucket", config("s3://tiny-prod", "s3://tiny-dev"), "config/", "galley.yml"),
    Case(170, "an access key in the data", config_with(f"types: {{}}\n# ‸{ACCESS_KEY}\n"), "source/secret"),
    Case(171, "a private key in a template", body(f"<!-- ‸{PRIVATE_KEY} -->"), "source/secret"),
    Case(172, "a sample without a declared value",
         samples('{"default": ‸{"orderId": "o1", "note": "n", "lines": ["One"]}, "bare": {"orderId": "o2", '
                 '"orderUrl": "https://tiny.example/", "lines": []}}'), "sample/"),
    Case(172, "a sample with a value that is not declared",
         samples(SITE["templates/order.samples.json"].replace('"orderId": "o2"', '"orderId": "o2", ‸"ordrId": 1')),
         "sample/", says="ordrId"),
    Case(172, "a sample with a value of the wrong type",
         samples(SITE["templates/order.samples.json"].replace('"orderId": "o2"', '"orderId": ‸2')),
         "sample/"),
    Case(172, "no sample 'default'",
         samples(SITE["templates/order.samples.json"].replace('"default"', '"first"')),
         "sample/", "templates/order.samples.json"),
    Case(172, "two mails for one key",
         both(template("other", SITE[ORDER].replace("sender: orders", "sender: orders\nkey: order.html"))),
         "package/key-collision", says="order.html"),
]

CASES = FILES_AND_NAMES + LANGUAGE + PLACES + CONFIGURATION


def write_site(root: pathlib.Path):
    """Writes the tiny site, which builds without a finding."""
    for path, text in SITE.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
