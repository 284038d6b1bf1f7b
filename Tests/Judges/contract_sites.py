"""Sites whose names and texts try to break out of the code that contracts are written as."""

import json
import re

# What ends a comment, a text, a table or an interpolation in one of the languages.
BREAKERS = [
    "*/ export const broken: never = 1; /*",
    '""" + broken() + """',
    "\\",
    'ends with a quotation mark "',
    "ends with two \"\" and a backslash \\",
    "''' ${broken} \\(broken) #{broken} {broken} {{ broken }}",
    "| a | bar `and` ``ticks`` ``` and ~~~",
    "</script><!-- <b>markup</b> --> &amp; [link](x) *bold* _it_ # head",
    "1. first\n\n- second\n\n    code\r\n=====",
    "*\u200b/ hidden, \u202e turned, \u2028 line, \u2029 paragraph, \ufeff mark",
    "Ünïcôde, 日本語, 😀, e\u0301",
]

# Words that mean something in Python, TypeScript, JavaScript or Swift, or in what is written there.
NAMES = """
__proto__ constructor prototype toString valueOf hasOwnProperty arguments eval
class def import from lambda pass yield async await nonlocal global del print except
self cls str int bool float dict list set tuple object type id html date datetime Decimal Any Literal Sequence
to_context from_data toContext fromData KEYS ID DUTIES values at item name match case
interface readonly enum export function var let const new typeof void never unknown symbol number string boolean
init Type Protocol Self hashValue hash encode container encoder decoder CodingKeys contract description protocol
struct func extension operator inout guard defer where is as_ some any none nil super throws rethrows actor
orderId order_id OrderId orderID ORDER_ID _orderId order_id_ _ __ ___ _1 __2x a1b2
""".split()

# Of these, what Jinja2 takes for its own; as fields of records they are allowed.
REFUSED = ["self", "dict", "is", "none", "super"]

TYPES = ["String", "Array", "Any", "Mail", "Keys", "Data", "Optional", "Record", "Type_", "_Hidden", "MailNumber",
         "Class", "None_", "Order_Item", "OrderItem"]

TEMPLATES = ["class", "__proto__", "$ref", "ünï-日本", "a-b", "a_b", "a/b", "1st", "none", "String", "folder/order_item"]

ENUMERATION = ["class", "CLASS", "none", "some", "init", "self", "1st", "A-B", "A_B", "a b", "日本", "😀", "'", '"', "\\",
               "*/", '"""', "$ref", "${x}", "\\(x)", "`", "|", "\u2028", "\u202e", "line\nend", " "]


def _json(value):
    """JSON that YAML reads as well: characters beyond the Basic Multilingual Plane stand as they are."""
    return re.sub(r"\\ud[89ab]..\\ud[c-f]..", lambda pair: json.loads(f'"{pair[0]}"'), json.dumps(value))


def _breaker(index):
    return BREAKERS[index % len(BREAKERS)]


def _variables(dialect_names):
    """Declarations and data: each name with each kind of type in turn."""
    declarations, data = {}, {}
    kinds = [
        ({"type": "string"}, "text"),
        ({"type": "integer"}, 7),
        ({"type": "decimal"}, 12.5),
        ({"type": "decimal"}, "1 299,00"),
        ({"type": "money", "currency": "ZAR"}, "299.00"),
        ({"type": "date"}, "24 November 2026"),
        ({"type": "datetime"}, "2026-11-24T10:00:00Z"),
        ({"type": "url"}, "HTTPS://www.bbws.example/?q='x'&y=\"z\""),
        ({"type": "email"}, "a@bbws.example"),
        ({"type": ENUMERATION}, "A-B"),
        ({"type": "string", "optional": True}, None),
        ({"type": ENUMERATION, "default": "none"}, None),
        ({"type": "string", "optional": True}, "there"),
    ]
    for index, name in enumerate(dialect_names):
        declaration, value = kinds[index % len(kinds)]
        text = _breaker(index)
        declarations[name] = {**declaration, "description": text}
        if declaration["type"] == "string":
            declarations[name]["example"] = text
        data[name] = value
    return declarations, data


def hostile(target):
    """Writes the site into a folder."""
    names = [name for name in NAMES if name not in REFUSED]
    types = {
        name: {"class": {"type": "string", "description": _breaker(index)}, "__proto__": "string",
               "kind": {"type": ENUMERATION}, "init": {"type": "integer", "optional": True},
               **dict.fromkeys(REFUSED, "string")}
        for index, name in enumerate(TYPES)
    }
    configuration = {
        "name": "Hostile */ \"\"\" \\ ' `site` | <b>",
        "dialect": "jinja",
        "locales": {"default": "en", "supported": ["en", "pt-BR"], "fallback": {"pt-BR": ["en"]}},
        "environments": {"dev": {"store": "s3://hostile-dev"}},
        "senders": {"all": {"name": "Sender \"*/\" \\ '''", "address": "all@bbws.example"}},
        "types": types,
    }
    files = {"galley.yml": _json(configuration)}
    for index, template in enumerate(TEMPLATES):
        declarations, data = _variables(names[index:] + names[:index])
        kinds = TYPES[index % len(TYPES):] + TYPES[: index % len(TYPES)]
        record = {"class": "c", "__proto__": "p", "kind": "\\(x)", **dict.fromkeys(REFUSED, "r")}
        for number, kind in enumerate(kinds):
            declarations[f"record{number}"] = kind if number % 2 else {"type": "list", "of": kind}
            data[f"record{number}"] = {**record, "init": 1} if number % 2 else [record, {**record, "init": None}]
        declarations["inline"] = {"type": "record", "fields": {
            "inner": {"type": "list", "of": {"type": "record", "fields": {"class": "string", "Inner": {
                "type": "list", "of": "integer"}}}}}}
        data["inline"] = {"inner": [{"class": "x", "Inner": [1, 2]}, {"class": "y", "Inner": []}]}
        body = []
        for name, declaration in declarations.items():
            kind = declaration["type"] if isinstance(declaration, dict) else "record"
            if name == "inline":
                body.append("{{#each inline.inner as |i|}}{{i.class}}{{#each i.Inner as |n|}}{{n}}{{/each}}{{/each}}")
            elif kind == "list":
                body.append("{{#each " + name + " as |i|}}{{i.class}}{{i.__proto__}}{{i.kind}}{{#if i.init}}y{{/if}}"
                            + "".join("{{i.%s}}" % field for field in REFUSED) + "{{/each}}")
            elif kind == "record":
                body.append("{{%s.class}}{{%s.__proto__}}{{%s.kind}}{{#if %s.init}}y{{/if}}" % ((name,) * 4))
            elif kind == "url":
                body.append('<a href="{{%s}}">link</a>' % name)
            elif declaration.get("optional"):
                body.append("{{#if %s}}{{%s}}{{/if}}" % (name, name))
            else:
                body.append("{{%s}}" % name)
        front = {"description": _breaker(index), "sender": "all", "subject": "Mail {{%s}}" % next(
            name for name, declaration in declarations.items() if declaration["type"] == "money"),
                 "variables": declarations}
        path = f"templates/{template}"
        files[path + ".html"] = (
            "---\n" + _json(front) + "\n---\n<!DOCTYPE html><html lang=\"en\"><head><title>t</title></head><body>"
            + "".join(f"<p>{line}</p>\n" for line in body) + "</body></html>\n")
        less = {name: value for name, value in data.items() if value is not None}
        texts = {name: _breaker(number) if value == "text" else value
                 for number, (name, value) in enumerate(data.items())}
        samples = {"default": data, "less": less, "texts": texts}
        files[path + ".samples.json"] = _json(samples)
    for path, text in files.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return target
