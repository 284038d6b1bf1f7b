"""Judges messages against ICU: plurals of many locales, known and left to the sender, numbers, dates, whole patterns.

A small site prints the category of each number in each locale three times: by a cardinal rule and by an ordinal one on
numbers that are known when it is built, and by the same rules on the items of a list that only the sender knows. ICU
says what each must be. Then patterns with nested choices, offsets and apostrophes are formatted by both. ICU comes with
Debian's python3-icu or PyPI's PyICU, and its CLDR may be older than ours: what differs for that is listed by locale.
"""

import datetime
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import icu
except ImportError:
    # Debian's package is for Debian's Python.
    system = "/usr/bin/python3"
    trial = [system, "-c", "import icu"]
    if not os.path.exists(system) or subprocess.run(trial, capture_output=True, check=False).returncode != 0:
        print("SKIPPED there is no ICU for Python: install python3-icu or PyICU")
        print("0 passed, 0 failed")
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
    os.execv(system, [system, *sys.argv])

import judging

# All languages that ICU knows, and these.
LISTED = """
af af-ZA am ar ar-EG as az be bg bn br bs ca ceb cs cy da de dsb el en en-ZA es et eu fa fil fr ga gd gl gu gv he hi hr
hsb hu hy id is it ja ka kk kn ko ksh kw lag lt lv mk mr mt nb ne nl or pa pl pt pt-BR pt-PT ro ru shi si sk sl sq sr sv
sw ta te th tk tr tzm uk ur uz vi xh zh zu zu-ZA blo ht lld pt-AO scn
""".split()
LOCALES = sorted({*LISTED, *(name for name in icu.Locale.getAvailableLocales() if re.fullmatch("[a-z]{2,3}", name))})

# Where our CLDR is newer than that of the ICU that judges.
NEWER = {
    "blo": "its rules are newer than ICU 72", "ht": "its rules are newer than ICU 72",
    "lld": "its rules are newer than ICU 72", "scn": "its category many is newer than ICU 72",
    "pt-AO": "inherits from pt-PT by CLDR; ICU 72 looks plurals up by cutting the tag, which leads to pt",
}

INTEGERS = [*range(201), 1000, 1000000]
DECIMALS = """
0.0 0.1 0.5 1.0 1.00 1.1 1.2 1.5 2.0 2.5 3.1 10.0 11.1 0.11 2.21 100.0 1000.5 1000000.0
""".split()
CASES = "zero {zero} one {one} two {two} few {few} many {many} other {other}"

# Skeletons of numbers, with what is said differently for a reason: by locale and skeleton, or by one of them.
SKELETONS = [
    "", "precision-integer", ".00", ".0#", "percent scale/100 .0", "currency/ZAR", "currency/USD", "currency/EUR",
    "currency/JPY", "currency/ZAR unit-width-iso-code", "group-off",
]
AMOUNTS = ["0", "1", "-1", "0.5", "1.5", "2.5", "0.125", "999", "1234", "-1234.5", "12345.675", "1234567.891", "99.995"]
TABLE = judging.SITE / "Sources" / "GalleyTemplate" / "Messages" / "NumberTable.swift"
# All that have a line of their own, and some that have that of a shorter tag.
NUMBER_LOCALES = sorted({
    *re.findall(r"^    ([a-zA-Z0-9-]+)\|", TABLE.read_text(encoding="utf-8"), re.M),
    *"af-ZA zu-ZA en-US es-ES fa-IR nl-BE pl-PL de-DE pt-BR sq-AL".split(),
})
# What ICU's own data had otherwise when it was made: by locale, and by locale and kind.
NEWER_NUMBERS = {
    ("nb", "currency"): "the currency stands behind the amount since CLDR 44",
}

# Locales that ICU is asked for in more words: ar counts in Latin digits since CLDR 44, and Galley writes dates of the
# Gregorian calendar everywhere.
ASKED = {"ar": "ar@numbers=latn", "ar-SA": "ar-SA@calendar=gregorian"}

DATE_LOCALES = "af af-ZA ar ar-EG ar-SA ar-AE de de-DE en en-US en-GB en-ZA fr fr-LU zu zu-ZA".split()
DATES = [
    "2026-11-24T09:05:07", "2026-01-01T00:00:00", "2024-02-29T12:30:00", "1999-12-31T23:59:59", "2026-03-08T01:00:00",
    "2026-05-03T13:07:00", "2026-06-06T18:45:30", "2026-07-15T11:11:11", "2026-08-20T20:20:20", "2026-09-11T03:04:05",
    "2026-10-16T16:00:00", "2026-04-01T06:30:00",
]
DATE_STYLES = [
    *(f"date, {style}" for style in ("full", "long", "medium", "short")), "date", "time", "time, medium", "time, short",
    *(f"date, ::{skeleton}" for skeleton in """
        y yM yMd yMEd yMMM yMMMd yMMMEd yMMMM yMMMMd yMMMMEEEEd yyMMdd yMMdd yMMMdd Md MEd MMMd MMMEd MMMMd MMMMEEEEd M
        MMM MMMM d E EEEE Ed H Hm Hms h hm hms ms jm jms yMdHm yMMMdHm yMMMMdjm yMMMMEEEEdHms MMMdjm MMMEdHm
        """.split()),
]
# Where our CLDR is newer than that of the ICU that judges: by locale and style.
NEWER_DATES = {
    ("de", "date, ::yM"): "the month has one digit in newer data; ICU 78 says so, too",
    **{("en-GB", f"date, ::{skeleton}"): "no comma stands behind the day in newer data; ICU 78 says so, too"
       for skeleton in ("MEd", "MMMEd", "MMMMEEEEd", "MMMEdHm")},
}

# Patterns with the values of n and s, formatted as they are in English; all numbers are under 1000.
PATTERNS = [
    ("Hello", [(1, "x")]), ("{s} and {n}", [(1, "x"), (999, "<b> & 'q'")]), ("it's {s}", [(1, "x")]),
    ("it''s {s}", [(1, "x")]), ("'{'{s}'}'", [(1, "x")]), ("'{s}' {s}", [(1, "x")]), ("'{''s''}'", [(1, "x")]),
    ("a 'b' c", [(1, "x")]), ("''''", [(1, "x")]), ("# is no number", [(1, "x")]), ("{ s } { n }", [(1, "x")]),
    ("{n, plural, one {# item} other {# items}}", [(n, "x") for n in (0, 1, 2, 21, 100)]),
    ("{n,plural,one{# item}other{# items}}", [(n, "x") for n in (0, 1, 2)]),
    ("{n, plural, =0 {none} =1 {just {s}} one {never} other {#}}", [(n, "x") for n in (0, 1, 2)]),
    ("{n, plural, offset:1 =0 {nobody} =1 {{s}} one {{s} and # other} other {{s} and # others}}",
     [(n, "x") for n in (0, 1, 2, 3, 12)]),
    ("{n, plural, offset: 2 =2 {two} one {# more} other {# others}}", [(n, "x") for n in (1, 2, 3, 4)]),
    ("{n, plural, one {'#' #} other {'#'''#''}}", [(n, "x") for n in (1, 2)]),
    ("{n, plural, one {it''s #} other {it's '{#}'}}", [(n, "x") for n in (1, 2)]),
    ("{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}", [(n, "x") for n in (*range(25), 101, 111, 112)]),
    ("{s, select, PAID {paid} other {open: {s}}}", [(1, "PAID"), (1, "x"), (1, "other"), (1, "paid")]),
    ("{s,select,a{A}b{B # {n}}other{}}!", [(3, "a"), (4, "b"), (5, "c")]),
    ("{s, select, a {{n, plural, one {# a} other {# as}}} other {{n, plural, one {# b} other {# bs}}}}",
     [(n, s) for n in (1, 2) for s in "ab"]),
    ("{n, plural, one {{s, select, a {# in a} other {it}}} other {{s, select, a {#} other {{n} of #}}}}",
     [(n, s) for n in (1, 2) for s in "ab"]),
    ("{n, plural, one {{n, selectordinal, one {#st} other {#th}} and #} other {{s} #}}", [(1, "x"), (2, "x")]),
]


def site(folder):
    """Writes the site into a folder."""
    root = pathlib.Path(folder)
    for name in ("templates", "locales"):
        (root / name).mkdir()
    values = "[" + ", ".join([*map(str, INTEGERS), *DECIMALS]) + "]"
    (root / "galley.yml").write_text(
        f"name: judge\ndialect: jinja\nlocales: {{default: en, supported: {json.dumps(LOCALES)}}}\n"
        "environments: {dev: {store: 's3://judge-dev', region: eu-west-1}}\n"
        f"data:\n  numbers: {values}\n", encoding="utf-8")
    messages = {"card": f"{{n, plural, {CASES}}}", "rank": f"{{n, selectordinal, {CASES}}}"}
    for locale in LOCALES:
        own = {**messages, **{f"p{index}": pattern for index, (pattern, _) in enumerate(PATTERNS)}}
        (root / "locales" / f"{locale}.json").write_text(json.dumps(own), encoding="utf-8")
    calls = "".join(
        f"<p>{index}:{number}:{{{{t 'p{index}' {arguments}}}}}</p>" for index, number, arguments in tried())
    (root / "templates" / "all.html").write_text(
        "---\nsubject: All\nvariables:\n  sent: {type: list, of: integer}\n---\n"
        "<div>{{#each data.numbers as |n|}}<i>{{n}} {{t 'card' n=n}} {{t 'rank' n=n}}</i>{{/each}}</div>\n"
        "<div>{{#each sent as |n|}}<b>{{n}} {{t 'card' n=n}} {{t 'rank' n=n}}</b>{{/each}}</div>\n"
        f"<div>{calls}</div>\n", encoding="utf-8")
    (root / "templates" / "all.samples.json").write_text(json.dumps({"default": {"sent": INTEGERS}}), encoding="utf-8")
    return root


def tried():
    """Each pattern's number with the number of a try, and the arguments of the call that it is."""
    for index, (pattern, values) in enumerate(PATTERNS):
        for number, (n, s) in enumerate(values):
            text = s.replace("'", "’")
            names = arguments_of(pattern)
            arguments = [f"n={n}"] * ("n" in names) + [f's="{text}"'] * ("s" in names)
            yield index, number, " ".join(arguments)


def printing_site(folder, locales, data, messages, body):
    """Writes a site of one mail that prints the same messages in all locales."""
    root = pathlib.Path(folder)
    for name in ("templates", "locales"):
        (root / name).mkdir()
    (root / "galley.yml").write_text(
        f"name: judge\ndialect: jinja\nlocales: {{default: en, supported: {json.dumps(locales)}}}\n"
        f"environments: {{dev: {{store: 's3://judge-dev', region: eu-west-1}}}}\ndata:\n  {data}\n", encoding="utf-8")
    for locale in locales:
        (root / "locales" / f"{locale}.json").write_text(json.dumps(messages), encoding="utf-8")
    (root / "templates" / "all.html").write_text(f"---\nsubject: All\n---\n<div>{body}</div>\n", encoding="utf-8")
    return root


def number_site(folder):
    """Writes a site that prints amounts by all skeletons."""
    messages = {f"m{index}": f"{{n, number, ::{skeleton}}}" for index, skeleton in enumerate(SKELETONS)}
    calls = "".join(f"<i>{index}:{{{{n}}}}:{{{{t 'm{index}' n=n}}}}</i>" for index in range(len(SKELETONS)))
    return printing_site(
        folder, NUMBER_LOCALES, f"amounts: [{', '.join(AMOUNTS)}]", messages,
        f"{{{{#each data.amounts as |n|}}}}{calls}{{{{/each}}}}")


def judge_numbers(galley, verdict):
    """Compares how numbers are written."""
    with tempfile.TemporaryDirectory() as folder:
        mails = {mail["locale"]: mail["html"] for mail in galley.render_all(number_site(folder), "dev")}
    differing = set()
    for locale in NUMBER_LOCALES:
        found = re.findall(r"<i[^>]*>(\d+):([^:]+):(.*?)</i>", mails[locale], re.S)
        verdict.check(len(found) == len(AMOUNTS) * len(SKELETONS), f"{locale}: {len(found)} amounts")
        for index, amount, own in found:
            skeleton = SKELETONS[int(index)]
            language = icu.Locale(ASKED.get(locale, locale))
            said = icu.NumberFormatter.forSkeleton(skeleton).locale(language).formatDecimal(amount.encode())
            own = html.unescape(own)
            reason = NEWER_NUMBERS.get((locale, skeleton.partition("/")[0]))
            if own != said and reason:
                differing.add(f"{locale}: {reason}")
                continue
            verdict.check(own == said, f"{locale}: {amount} as '{skeleton}' is {own!r}, ICU says {said!r}")
    for line in sorted(differing):
        print(f"DIFFERS {line}")
    print(f"{len(SKELETONS)} styles of {len(AMOUNTS)} amounts in {len(NUMBER_LOCALES)} locales")


def date_site(folder):
    """Writes a site that prints dates in all styles."""
    messages = {f"m{index}": f"{{d, {style}}}" for index, style in enumerate(DATE_STYLES)}
    calls = "".join(f"<i>{index}:{{{{t 'm{index}' d=d}}}}</i>" for index in range(len(DATE_STYLES)))
    return printing_site(
        folder, DATE_LOCALES, f"dates: {json.dumps(DATES)}", messages,
        f"{{{{#each data.dates as |d|}}}}{calls}{{{{/each}}}}")


def date_formatter(style, locale):
    """What ICU formats a style with."""
    lengths = {"full": icu.DateFormat.kFull, "long": icu.DateFormat.kLong, "medium": icu.DateFormat.kMedium,
               "short": icu.DateFormat.kShort}
    kind, _, rest = style.partition(", ")
    if rest.startswith("::"):
        pattern = icu.DateTimePatternGenerator.createInstance(locale).getBestPattern(rest[2:])
        result = icu.SimpleDateFormat(pattern, locale)
    elif kind == "date":
        result = icu.DateFormat.createDateInstance(lengths[rest or "medium"], locale)
    else:
        result = icu.DateFormat.createTimeInstance(lengths[rest or "medium"], locale)
    result.setTimeZone(icu.TimeZone.createTimeZone("UTC"))
    return result


def judge_dates(galley, verdict):
    """Compares how dates and times are written."""
    with tempfile.TemporaryDirectory() as folder:
        mails = {mail["locale"]: mail["html"] for mail in galley.render_all(date_site(folder), "dev")}
    differing = set()
    for locale in DATE_LOCALES:
        found = re.findall(r"<i[^>]*>(\d+):(.*?)</i>", mails[locale], re.S)
        verdict.check(len(found) == len(DATES) * len(DATE_STYLES), f"{locale}: {len(found)} dates")
        formatters = [date_formatter(style, icu.Locale(ASKED.get(locale, locale))) for style in DATE_STYLES]
        for position, (index, own) in enumerate(found):
            style, text = DATE_STYLES[int(index)], DATES[position // len(DATE_STYLES)]
            moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp()
            said = formatters[int(index)].format(moment)
            reason = NEWER_DATES.get((locale, style)) or NEWER_DATES.get((locale.split("-")[0], style))
            if html.unescape(own) != said and reason:
                differing.add(f"{locale} '{style}': {reason}")
                continue
            verdict.check(
                html.unescape(own) == said,
                f"{locale}: {text} as '{style}' is {html.unescape(own)!r}, ICU says {said!r}")
    for line in sorted(differing):
        print(f"DIFFERS {line}")
    print(f"{len(DATE_STYLES)} styles of {len(DATES)} dates in {len(DATE_LOCALES)} locales")


def arguments_of(pattern):
    """The names of a pattern's arguments, as ICU reads it."""
    parsed = icu.MessagePattern(pattern)
    parts = [parsed.getPart(index) for index in range(parsed.countParts())]
    return {parsed.getSubstring(part) for part in parts if part.getType() == icu.UMessagePatternPartType.ARG_NAME}


def category(formats, locale, kind, text):
    """What ICU says of a number."""
    rules = formats[locale]
    if "." not in text:
        return rules[kind].format(["n"], [icu.Formattable(int(text))])
    digits = len(text.split(".")[1])
    number = icu.NumberFormatter.withLocale(icu.Locale(locale)).precision(icu.Precision.fixedFraction(digits))
    return rules["rules"].select(number.formatDoubleToValue(float(text)))


def main():
    """Judges."""
    options = judging.parser(__doc__).parse_args()
    galley = judging.Galley(options.galley)
    verdict = judging.Verdict(limit=3000)
    formats = {
        locale: {
            "plural": icu.MessageFormat(f"{{n, plural, {CASES}}}", icu.Locale(locale)),
            "selectordinal": icu.MessageFormat(f"{{n, selectordinal, {CASES}}}", icu.Locale(locale)),
            "rules": icu.PluralRules.forLocale(icu.Locale(locale)),
        } for locale in LOCALES}
    differing = set()
    with tempfile.TemporaryDirectory() as folder:
        mails = {mail["locale"]: mail["html"] for mail in galley.render_all(site(folder), "dev")}
    for locale in LOCALES:
        for element, count in (("i", len(INTEGERS) + len(DECIMALS)), ("b", len(INTEGERS))):
            found = re.findall(rf"<{element}[^>]*>(\S+) (\w+) (\w+)</{element}>", mails[locale])
            verdict.check(len(found) == count, f"{locale}: {len(found)} of {count} numbers in <{element}>")
            for text, cardinal, ordinal in found:
                wanted = [("plural", cardinal)] + [("selectordinal", ordinal)] * ("." not in text)
                for kind, own in wanted:
                    said = category(formats, locale, kind, text)
                    if own != said and locale in NEWER:
                        differing.add(locale)
                        continue
                    verdict.check(own == said, f"{locale}: {kind} of {text} in <{element}> is {own}, ICU says {said}")
    english = dict(re.findall(r"<p[^>]*>(\d+:\d+):(.*?)</p>", mails["en"], re.S))
    for index, (pattern, values) in enumerate(PATTERNS):
        for number, (n, s) in enumerate(values):
            text = s.replace("'", "’")
            said = icu.MessageFormat(pattern, icu.Locale("en")).format(
                ["n", "s"], [icu.Formattable(n), icu.Formattable(text)])
            verdict.equal(html.unescape(english.get(f"{index}:{number}", "nothing")), said, f"{pattern} with {n}, {s}")
    judge_numbers(galley, verdict)
    judge_dates(galley, verdict)
    for locale in sorted(differing):
        print(f"DIFFERS {locale}: {NEWER[locale]}")
    print(f"ICU {icu.ICU_VERSION}, {len(LOCALES)} locales, {sum(len(v) for _, v in PATTERNS)} formatted patterns")
    verdict.finish()


if __name__ == "__main__":
    main()
