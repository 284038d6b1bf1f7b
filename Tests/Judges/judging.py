"""What all judges share: a count of what held, the tool as a process, and a written bundle as data.

A judge never imports anything of Galley: it runs the real binary and looks at what it wrote, with engines and clients
that other people made. Each prints "N passed, M failed" and exits with 1 when something failed or nothing was checked.
"""

import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

IS_CI = os.environ.get("CI") == "true"
SITE = pathlib.Path(__file__).resolve().parents[2]
# Test data by others, which not every machine has.
SUITES = pathlib.Path(os.environ.get("GALLEY_SUITES") or SITE.parent / "shared" / "suites")


class Verdict:
    """Counts what held; says at once what did not."""

    def __init__(self, limit=40):
        self.passed = 0
        self.failed = 0
        self.limit = limit

    def check(self, holds, what):
        """Counts one claim; `what` says it, as a text or as a function that makes one."""
        if holds:
            self.passed += 1
            return True
        self.failed += 1
        if self.failed <= self.limit:
            print(f"FAILED {what() if callable(what) else what}")
        elif self.failed == self.limit + 1:
            print("… and more")
        return False

    def equal(self, found, expected, what):
        """Counts that two texts or byte strings are the same, and shows where they part."""
        return self.check(found == expected, lambda: f"{what}: {first_difference(found, expected)}")

    def finish(self):
        """Prints the count and ends the process."""
        if self.passed + self.failed == 0:
            print("FAILED nothing was checked")
            self.failed = 1
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def first_difference(found, expected):
    """The surroundings of the first place at which two texts differ."""
    if found is None or expected is None:
        return f"found {found!r:.80}, expected {expected!r:.80}"
    at = next((i for i, (a, b) in enumerate(zip(found, expected)) if a != b), min(len(found), len(expected)))
    line = found[:at].count(b"\n" if isinstance(found, bytes) else "\n") + 1
    start = max(0, at - 40)
    return f"at {at}, line {line}: found {found[start:at + 60]!r}, expected {expected[start:at + 60]!r}"


def parser(description):
    """The command line that all judges have."""
    result = argparse.ArgumentParser(description=description.strip().splitlines()[0])
    result.add_argument("--galley", required=True, type=pathlib.Path, help="the built tool")
    result.add_argument("--site", default=SITE, type=pathlib.Path, help="the site's folder")
    return result


class Galley:
    """The tool under judgement."""

    def __init__(self, binary):
        self.binary = str(binary.resolve())

    def run(self, *arguments, **options):
        """Runs the tool and returns the finished process, whatever its status."""
        options.setdefault("timeout", 300)
        return subprocess.run([self.binary, *map(str, arguments)], capture_output=True, stdin=subprocess.DEVNULL,
                              check=False, **options)

    def succeed(self, *arguments, **options):
        """Runs the tool, which must succeed, and returns its standard output."""
        process = self.run(*arguments, **options)
        if process.returncode != 0:
            print(f"FAILED galley {' '.join(map(str, arguments))} ended with {process.returncode}")
            print(process.stderr.decode(errors="replace")[-4000:])
            print("0 passed, 1 failed")
            sys.exit(1)
        return process.stdout

    def build(self, site, out, *arguments, **options):
        """Builds a site into a folder and returns the bundle."""
        self.succeed("build", "--site", site, "--out", out, "--quiet", *arguments, **options)
        return Bundle(out)

    def render_all(self, site, environment):
        """Each mail × locale × sample of an environment, finished."""
        output = self.succeed("render", "--all", "--site", site, "--env", environment)
        return [json.loads(line) for line in output.split(b"\n") if line]


class Bundle:
    """A folder that `galley build` wrote."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    @property
    def environments(self):
        return sorted(path.parent.name for path in self.folder.glob("*/manifest.json"))

    def manifest(self, environment):
        return json.loads((self.folder / environment / "manifest.json").read_bytes())

    def bytes(self, environment, key):
        return (self.folder / environment / key).read_bytes()

    def parts(self, environment):
        """The keys of each mail: (template, locale) → {part: key}; aliases are left out."""
        result = {}
        for entry in self.manifest(environment)["objects"]:
            if "aliasOf" in entry:
                continue
            result.setdefault((entry["template"], entry["locale"]), {})[entry["part"]] = entry["key"]
        return result

    def mail(self, environment, key):
        return json.loads(self.bytes(environment, key))

    def files(self):
        """Each file below the folder with its bytes."""
        return {path.relative_to(self.folder).as_posix(): path.read_bytes()
                for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name != ".gitkeep"}


def templates(site):
    """The identifiers of a site's templates."""
    root = pathlib.Path(site) / "templates"
    return sorted(path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.html"))


def samples(site, template):
    """The samples of a template by name."""
    path = pathlib.Path(site) / "templates" / f"{template}.samples.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


SITE_PARTS = ("galley.yml", "templates", "partials", "locales", "assets")


def copy_site(site, target, order=None):
    """Copies what makes a site into a new folder, files in the given order."""
    site, target = pathlib.Path(site), pathlib.Path(target)
    files = []
    for part in SITE_PARTS:
        path = site / part
        files += [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for path in (order or (lambda items: items))(files):
        copy = target / path.relative_to(site)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return target


@contextlib.contextmanager
def scratch():
    """A folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="galley-judge-") as folder:
        yield pathlib.Path(os.path.realpath(folder))
