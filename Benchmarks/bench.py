"""Measures Galley: the inliner beside css-inline, the build of the whole site, and the start of the tool.

    make bench

Peers take turns in one run, so that a busy machine slows both; the medians of the rounds are shown, and the ratio is
the median of the rounds' ratios. Only ratios can be compared between machines. The inputs by others are found through
GALLEY_SUITES (see README.md); without them the site's own mails are inlined.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import css_inline

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


def instructions(binary, listing, index, passes):
    """How many instructions a process that makes so many passes over a workload takes, or None without valgrind."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    command = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", str(binary), str(listing)]
    said = subprocess.run(command, input=f"{index} {passes}\n", capture_output=True, text=True, check=True).stderr
    return next(int(line.split()[-1].replace(",", "")) for line in said.splitlines() if "refs:" in line)


class Galley:
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
        self.process = subprocess.Popen([str(binary), str(listing)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def measure(self, index, passes):
        self.process.stdin.write(f"{index} {passes}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("galley-bench ended")
        return int(answer) / passes

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


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


def bench_inliner(binary, loads, rounds, folder):
    """The inliner beside css-inline, in turns."""
    version = importlib.metadata.version("css-inline")
    print(f"Inliner, in process, one thread, medians of {rounds} rounds; the peer is css-inline {version}")
    galley, peer = Galley(binary, loads, folder), Peer(loads)
    rows, mail_sized = [], []
    for index, load in enumerate(loads):
        passes = {one: passes_for(one.measure, index) for one in (galley, peer)}
        times = {galley: [], peer: []}
        for number in range(rounds):
            for one in ((galley, peer) if number % 2 else (peer, galley)):
                times[one].append(one.measure(index, passes[one]))
        ratio = statistics.median(theirs / ours for ours, theirs in zip(times[galley], times[peer]))
        ours, theirs = statistics.median(times[galley]), statistics.median(times[peer])
        if load.name.startswith("css-inline") and load.bytes < 100_000:
            mail_sized.append(ratio)
        rows.append([load.name, f"{load.bytes:,}", duration(ours), f"{load.bytes / ours * 1e3:.0f} MB/s",
                     duration(theirs), f"{load.bytes / theirs * 1e3:.0f} MB/s", f"{ratio:.1f}×"])
    galley.close()
    table(["input", "bytes", "galley", "", "css-inline", "", "faster"], rows)
    # What a first pass costs besides, such as building tables, is not a document's.
    once, thrice = (instructions(binary, galley.listing, 0, passes) for passes in (1, 3))
    if once:
        print(f"  {loads[0].name}: {(thrice - once) / 2 / loads[0].bytes:.0f} instructions a byte")
    if mail_sized:
        print(f"  Geometric mean over css-inline's {len(mail_sized)} mail-sized inputs: "
              f"{statistics.geometric_mean(mail_sized):.1f}×\n")


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
    """The whole process: start, a check, a build into nothing, a build that changes nothing."""
    build = [galley, "build", "--quiet", "--site", ROOT, "--out"]
    commands = {
        "start (galley --version)": lambda number: [galley, "--version"],
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


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--galley", required=True, type=pathlib.Path)
    arguments.add_argument("--bench", required=True, type=pathlib.Path)
    arguments.add_argument("--rounds", type=int, default=15)
    arguments = arguments.parse_args()
    galley = arguments.galley.resolve()
    with tempfile.TemporaryDirectory(prefix="galley-bench-") as name:
        folder = pathlib.Path(name)
        timed([str(galley), "build", "--quiet", "--site", str(ROOT), "--out", str(folder / "site")])
        documents = folder / "documents"
        documents.mkdir()
        print()
        bench_inliner(arguments.bench.resolve(), workloads(folder / "site"), arguments.rounds, documents)
        bench_processes(galley, arguments.rounds, folder)


if __name__ == "__main__":
    main()
