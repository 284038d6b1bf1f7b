"""Measures Galley: the inliner beside css-inline, templates beside Jinja2, how time and memory grow, start and build.

    make bench

What is compared takes turns in one run, so that a busy machine slows all of it; the medians of the rounds are shown,
and a ratio is the median of the rounds' ratios. Only ratios can be compared between machines. Where something is asked
of a figure, its row says so and whether it is met. The inputs by others are found through GALLEY_SUITES (see
README.md); without them the site's own mails are inlined.
"""

import argparse
import fcntl
import importlib.metadata
import json
import os
import pathlib
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import css_inline
import jinja2

ROOT = pathlib.Path(__file__).resolve().parents[1]
SUITES = pathlib.Path(os.environ.get("GALLEY_SUITES") or ROOT.parent / "shared" / "suites")


class Workload:
    """Documents that are inlined together: one figure."""

    def __init__(self, name, documents):
        self.name = name
        self.documents = documents
        self.bytes = sum(len(text.encode()) for text in documents)


def read(path):
    return path.read_bytes().decode("utf-8", errors="replace")


def workloads(site_output):
    """What is inlined: the corpus, css-inline's own inputs one by one, or the site's mails."""
    result = []
    corpus = sorted((SUITES / "corpus").rglob("*.html")) if SUITES.is_dir() else []
    if corpus:
        result.append(Workload(f"corpus, {len(corpus)} mails", [read(path) for path in corpus]))
    inputs = SUITES / "css-inline-bench" / "benchmarks.json"
    if inputs.exists():
        result += [Workload(f"css-inline's '{entry['name']}'", [entry["html"]])
                   for entry in json.loads(inputs.read_text(encoding="utf-8"))]
    if not result:
        print(f"No suites in {SUITES}: inlining the site's own mails instead.")
        mails = sorted(site_output.rglob("*.html"))
        result.append(Workload(f"the site, {len(mails)} mails", [read(path) for path in mails]))
    return result


class Peer:
    """css-inline in this process."""

    def __init__(self, loads):
        self.loads = loads
        self.inliner = css_inline.CSSInliner(load_remote_stylesheets=False)

    def measure(self, index, passes):
        """Nanoseconds for one pass over a workload."""
        documents, inline = self.loads[index].documents, self.inliner.inline
        started = time.perf_counter_ns()
        for _ in range(passes):
            for text in documents:
                inline(text)
        return (time.perf_counter_ns() - started) / passes


def instructions(valgrind, binary, listing, index, passes):
    """How many instructions a process that makes so many passes over a workload takes."""
    command = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", str(binary), str(listing)]
    said = subprocess.run(command, input=f"{index} {passes}\n", capture_output=True, text=True, check=True).stderr
    return next(int(line.split()[-1].replace(",", "")) for line in said.splitlines() if "refs:" in line)


class Benchmark:
    """A process of galley-bench, which measures itself when asked."""

    def __init__(self, binary, *arguments):
        self.process = subprocess.Popen([str(binary), *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, passes, *words):
        """Nanoseconds for one pass, of so many, over what the words name."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("galley-bench ended")
        return int(answer) / passes

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


class Galley(Benchmark):
    """Galley's inliner in a process that holds the documents and measures itself when asked."""

    def __init__(self, binary, loads, folder):
        self.loads = loads
        paths = []
        for number, load in enumerate(loads):
            for index, text in enumerate(load.documents):
                path = folder / f"{number}-{index}.html"
                path.write_text(text, encoding="utf-8", newline="")
                paths.append(f"{number} {path}\n")
        listing = folder / "documents"
        listing.write_text("".join(paths))
        self.binary, self.listing = binary, listing
        super().__init__(binary, listing)

    def measure(self, index, passes, mode="anew"):
        """Nanoseconds for one pass over a workload, by a session that starts anew or knows the style sheets."""
        return self.ask(passes, index, passes, mode)


def passes_for(measure, index, target=20_000_000):
    """How many passes take some 20 ms, after a warm-up."""
    once = max(measure(index, 1), 1)
    once = min(once, max(measure(index, 1), 1))
    return max(1, min(20_000, int(target / once)))


def table(header, rows):
    """Prints columns, the first to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, ["-" * width for width in widths], *rows]:
        print("  " + "  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))))
    print()


def duration(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.0f} ns"


def asked(figure, limit, at_most=True, unit="×"):
    """What is asked of a figure and whether it is met: two cells of a row."""
    is_met = figure <= limit if at_most else figure >= limit
    return [f"{'≤' if at_most else '≥'} {limit:g}{unit}", "yes" if is_met else "NO"]


def bench_inliner(binary, loads, rounds, folder):
    """The inliner beside css-inline, in turns."""
    version = importlib.metadata.version("css-inline")
    print(f"Inliner, in process, one thread, medians of {rounds} rounds; the peer is css-inline {version}")
    print("'knowing' is a session that has seen the style sheets, as a server's or a build's has")
    galley, peer = Galley(binary, loads, folder), Peer(loads)
    contestants = {
        "anew": galley.measure,
        "knowing": lambda index, passes: galley.measure(index, passes, "knowing"),
        "peer": peer.measure,
    }
    rows, mail_sized = [], {"anew": [], "knowing": []}
    for index, load in enumerate(loads):
        times = take_turns({name: (measure, index) for name, measure in contestants.items()}, rounds)
        median = {name: statistics.median(values) for name, values in times.items()}
        faster = {name: ratio(times["peer"], times[name]) for name in mail_sized}
        limit = 6 if index == 0 else 1.5 if load.bytes > 1_000_000 else None
        if load.name.startswith("css-inline") and load.bytes < 100_000:
            for name, ratios in mail_sized.items():
                ratios.append(faster[name])
        rows.append([load.name, f"{load.bytes:,}", duration(median["anew"]), speed(load, median["anew"]),
                     duration(median["peer"]), speed(load, median["peer"]), f"{faster['anew']:.1f}×",
                     f"{faster['knowing']:.1f}×",
                     *(asked(faster["anew"], limit, at_most=False) if limit else ["", ""])])
    galley.close()
    if mail_sized["anew"]:
        means = {name: statistics.geometric_mean(ratios) for name, ratios in mail_sized.items()}
        rows.append([f"the {len(mail_sized['anew'])} mail-sized ones, geometric mean", "", "", "", "", "",
                     f"{means['anew']:.1f}×", f"{means['knowing']:.1f}×", *asked(means["anew"], 5, at_most=False)])
    table(["input", "bytes", "galley", "", "css-inline", "", "faster", "knowing", "asked", "met"], rows)
    bench_instructions(binary, galley.listing, loads)


def take_turns(contestants, rounds):
    """The times of each contestant, a measuring function with its workload, in rounds of alternating order."""
    passes = {name: passes_for(measure, index) for name, (measure, index) in contestants.items()}
    times = {name: [] for name in contestants}
    for number in range(rounds):
        for name in list(contestants) if number % 2 else reversed(contestants):
            measure, index = contestants[name]
            times[name].append(measure(index, passes[name]))
    return times


def ratio(times, others):
    """The median of the ratios of times that were measured in turns."""
    return statistics.median(one / other for one, other in zip(times, others))


def speed(load, nanoseconds):
    return f"{load.bytes / nanoseconds * 1e3:.0f} MB/s"


def count_instructions(binary, listing, loads):
    """How many instructions a pass over each workload takes, which no other load on the machine changes."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    counts = []
    for index, load in enumerate(loads):
        # What a first pass costs besides, such as building tables, is not a document's.
        more = 40 if load.bytes < 50_000 else 1
        once, many = (instructions(valgrind, binary, listing, index, passes) for passes in (1, 1 + more))
        counts.append((many - once) / more)
    return counts


def bench_instructions(binary, listing, loads):
    """What a pass costs, counted."""
    counts = count_instructions(binary, listing, loads)
    if counts is None:
        print("No instructions are counted: valgrind is missing\n")
        return
    rows = []
    for index, (load, count) in enumerate(zip(loads, counts)):
        limit = asked(count / load.bytes, 30, unit="") if index == 0 else ["", ""]
        rows.append([load.name, f"{count:,.0f}", f"{count / load.bytes:.1f}", *limit])
    print("Instructions, counted by callgrind; a pass starts without knowing any style sheet")
    table(["input", "a pass", "a byte", "asked", "met"], rows)


def long_mail(size):
    """A mail of so many bytes: a table of rows that are styled by classes."""
    rules = "".join(f".r{i} {{ background-color: #{i:02x}ffee }}\n.t{i} {{ font-size: {i}px; margin: 0 {i}px }}\n"
                    for i in range(10, 50))
    parts = [f"<style>.cell {{ padding: 8px }}\n.text {{ color: #333333; line-height: 1.5 }}\n{rules}</style><table>\n"]
    length = len(parts[0])
    while length < size:
        i = 10 + len(parts) % 40
        parts.append(f'<tr class="row r{i}"><td class="cell" style="border: 0" align="left"><p class="text t{i}">Thing '
                     f'{len(parts)} of what you ordered is on its way to you. <a href="https://shop.example/things/'
                     f'{len(parts)}">Look where it is</a></p></td></tr>\n')
        length += len(parts[-1])
    return "".join(parts) + "</table>\n"


def many_rules(count):
    """A mail with so many rules, each of which matches one element."""
    rules = "".join(f".c{i} {{ color: #{i:06x}; padding: {i % 9}px }}\n" for i in range(count))
    return f"<style>\n{rules}</style>\n" + "".join(f'<p class="c{i}">Some words</p>\n' for i in range(count))


def bench_growth(binary, rounds, folder):
    """How the time of a document grows when it, or the number of its matching rules, is doubled."""
    sizes = [Workload(f"{size} MB of a mail", [long_mail(size * 1_000_000)]) for size in (1, 2, 4)]
    sheets = [Workload(f"{count} rules with a match", [many_rules(count)]) for count in (1250, 2500, 5000)]
    loads = sizes + sheets
    galley = Galley(binary, loads, folder)
    times = take_turns({index: (galley.measure, index) for index in range(len(loads))}, rounds)
    galley.close()
    counts = count_instructions(binary, galley.listing, loads)
    rows = []
    for index, load in enumerate(loads):
        row = [load.name, f"{load.bytes:,}", duration(statistics.median(times[index]))]
        if index % 3 == 0:
            rows.append([*row, "", "", "", ""])
        else:
            growth = ratio(times[index], times[index - 1])
            counted = f"{counts[index] / counts[index - 1]:.2f}×" if counts else ""
            rows.append([*row, f"{growth:.2f}×", *asked(growth, 2.2), counted])
    print(f"Growth, in process, medians of {rounds} rounds: what twice as much takes")
    table(["what", "bytes", "time", "growth", "asked", "met", "of instructions"], rows)


class Templates(Benchmark):
    """The site's mails in a process that evaluates them and measures itself when asked."""

    def __init__(self, binary):
        super().__init__(binary, "--site", ROOT)
        self.count = int(self.process.stdout.readline())

    def measure(self, work, passes):
        """Nanoseconds of the processor for one pass over the mails."""
        return self.ask(passes, work, passes)


class Published:
    """What was published of the site in one environment, filled by Jinja2 in this process."""

    def __init__(self, output):
        manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
        headings = {template["id"]: [template["subject"], template.get("preheader") or {}]
                    for template in manifest["templates"]}
        self.environment = jinja2.Environment(autoescape=False)
        self.mails = []
        seen = set()
        for item in manifest["objects"]:
            # A mail that has further keys is there as often.
            if item["part"] != "html" or (item["template"], item["locale"]) in seen:
                continue
            seen.add((item["template"], item["locale"]))
            samples = ROOT / "templates" / f"{item['template']}.samples.json"
            data = json.loads(samples.read_text(encoding="utf-8"))["default"] if samples.exists() else {}
            texts = [heading[item["locale"]] for heading in headings[item["template"]] if item["locale"] in heading]
            self.mails.append(([read(output / item["key"]), *texts], data))
        self.compiled = [([self.environment.from_string(text) for text in texts], data) for texts, data in self.mails]

    def measure(self, work, passes):
        """Processor nanoseconds for a pass: to fill templates that were compiled before, or to compile and to fill."""
        started = time.process_time_ns()
        for _ in range(passes):
            if work == "render":
                for templates, data in self.compiled:
                    for template in templates:
                        template.render(data)
            else:
                for texts, data in self.mails:
                    for text in texts:
                        self.environment.from_string(text).render(data)
        return (time.process_time_ns() - started) / passes


def bench_templates(binary, output, rounds):
    """The evaluation of the site's mails beside Jinja2, which fills what is published of them, in turns."""
    galley, peer = Templates(binary), Published(output)
    if galley.count != len(peer.mails):
        sys.exit(f"{galley.count} mails are evaluated, and {len(peer.mails)} are published")
    contestants = {work: (galley.measure, work) for work in ("whole", "evaluate", "write", "fill")}
    contestants |= {work: (peer.measure, work) for work in ("compile", "render")}
    times = take_turns(contestants, rounds)
    galley.close()
    rows = []
    for ours, what, theirs, against, limit in (
            ("whole", "parse, check, evaluate and write", "compile", "compile and render", 10),
            ("evaluate", "evaluate parsed templates", "compile", "compile and render", 10),
            ("write", "evaluate them and write the dialect", "compile", "compile and render", 10),
            ("evaluate", "evaluate parsed templates", "render", "render, compiled before", None),
            ("fill", "fill what is evaluated", "render", "render, compiled before", None)):
        faster = ratio(times[theirs], times[ours])
        a_mail = [duration(statistics.median(times[work]) / galley.count) for work in (ours, theirs)]
        rows.append([what, a_mail[0], against, a_mail[1], f"{faster:.1f}×",
                     *(asked(faster, limit, at_most=False) if limit else ["", ""])])
    print(f"Templates, in process, CPU time for each of {galley.count} mails of the site, medians of {rounds} rounds;"
          f" the peer is Jinja2 {importlib.metadata.version('jinja2')}")
    print("Galley puts layouts, partials and messages together and checks each value's place; Jinja2 fills the result")
    table(["galley", "a mail", "Jinja2", "a mail", "faster", "asked", "met"], rows)


def timed(command, **options):
    """Wall and CPU seconds of one run of a command, which must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, **options)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}: {said.decode()}")
    return wall * 1e9, (usage.ru_utime + usage.ru_stime) * 1e9, usage.ru_maxrss


def bench_processes(galley, rounds, folder):
    """The whole process: a check, a build into nothing, a build that changes nothing."""
    build = [galley, "build", "--quiet", "--site", ROOT, "--out"]
    commands = {
        "check the site": lambda number: [galley, "check", "--quiet", "--site", ROOT],
        "build the site into an empty folder": lambda number: [*build, folder / f"cold-{number}"],
        "build the site again, nothing changed": lambda number: [*build, folder / "cold-0"],
    }
    rows = []
    for name, command in commands.items():
        runs = [timed(list(map(str, command(number)))) for number in range(rounds)]
        wall, cpu, memory = (statistics.median(column) for column in zip(*runs))
        rows.append([name, duration(wall), duration(min(run[0] for run in runs)), duration(cpu),
                     f"{memory / 1024:.0f} MiB"])
    outputs = sum(1 for _ in (folder / "cold-0").rglob("*.html"))
    print(f"Whole process, medians of {rounds} runs; the site makes {outputs} HTML files")
    table(["what", "wall", "best", "CPU", "memory"], rows)


def bench_start(galley, empty, rounds, folder):
    """Whole processes beside a program that does nothing and is linked in the same way, in turns."""
    page = folder / "start.html"
    page.write_text(long_mail(9_000), encoding="utf-8")
    commands = {
        "an empty program": [empty],
        "galley --version": [galley, "--version"],
        "galley inline, one file of 9 kB": [galley, "inline", page],
        "galley inline --help": [galley, "inline", "--help"],
    }
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(timed(list(map(str, command)))[1])
    rows = []
    for name, values in times.items():
        beside = ratio(values, times["an empty program"])
        limit = asked(beside, 2) if "9 kB" in name else ["", ""]
        rows.append([name, duration(statistics.median(values)), duration(min(values)), f"{beside:.1f}×", *limit])
    print(f"Start, CPU time of whole processes, medians of {rounds} rounds")
    table(["what", "CPU", "least", "of the empty one", "asked", "met"], rows)


def peak_memory(command):
    """The largest memory in bytes that a process held until it wrote, which it does last; None without /proc.

    The pipe is too small for what is written, so that the process is there to be asked. What the system tells of a
    process that has ended is no use: that counts the memory of this one, too, from which it was started.
    """
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        select.select([process.stdout], [], [])
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        process.stdout.read()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def bench_memory(galley, folder):
    """The memory of `galley inline` beyond that for a small document."""
    def peak(name, text):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return peak_memory([str(galley), "inline", str(path)])

    if not hasattr(fcntl, "F_SETPIPE_SZ"):
        print("No memory is measured: only Linux tells\n")
        return
    small = peak("small.html", long_mail(9_000))
    rows = [["9 kB", f"{small / 1e6:.1f} MB", "", "", ""]]
    for size in (1, 4):
        text = long_mail(size * 1_000_000)
        largest = peak(f"{size}.html", text)
        each = (largest - small) / len(text)
        rows.append([f"{size} MB", f"{largest / 1e6:.1f} MB", f"{each:.1f}", *asked(each, 12, unit="")])
    print("Memory of galley inline at its peak, and by how much a byte of input raises it")
    table(["document", "peak", "bytes a byte", "asked", "met"], rows)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--galley", required=True, type=pathlib.Path)
    arguments.add_argument("--bench", required=True, type=pathlib.Path)
    arguments.add_argument("--empty", required=True, type=pathlib.Path, help="the program that does nothing")
    arguments.add_argument("--rounds", type=int, default=15)
    arguments = arguments.parse_args()
    galley, bench, empty = (path.resolve() for path in (arguments.galley, arguments.bench, arguments.empty))
    with tempfile.TemporaryDirectory(prefix="galley-bench-") as name:
        folder = pathlib.Path(name)
        timed([str(galley), "build", "--quiet", "--site", str(ROOT), "--out", str(folder / "site")])
        for part in ("documents", "growing"):
            (folder / part).mkdir()
        print()
        # While this process is small: the memory of those that it starts is never told to be less than its own.
        bench_processes(galley, arguments.rounds, folder)
        bench_start(galley, empty, max(40, arguments.rounds), folder)
        bench_memory(galley, folder)
        bench_templates(bench, folder / "site" / "dev", arguments.rounds)
        bench_growth(bench, arguments.rounds, folder / "growing")
        bench_inliner(bench, workloads(folder / "site"), arguments.rounds, folder / "documents")


if __name__ == "__main__":
    main()
