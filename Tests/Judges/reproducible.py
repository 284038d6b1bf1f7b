"""Judges that the same sources give the same bytes: wherever, whenever, by whomever and in whatever order.

Two copies of the site are built under circumstances that differ in everything a build must not see, and every file is
compared. A third copy with one changed letter must come out different, or the comparison could not fail.
"""

import json
import os
import random
import shutil

import judging


def shuffled(seed):
    """An order of creation; on most file systems it is the order of listing too."""
    def order(items):
        items = list(items)
        random.Random(seed).shuffle(items)
        return items
    return order


CIRCUMSTANCES = [
    {
        "folder": "a", "seed": 1, "umask": 0o022, "cores": None, "mtime": 1_000_000_000,
        "environment": {"TZ": "UTC", "LANG": "C", "LC_ALL": "C", "USER": "one", "HOME": "home-1", "COLUMNS": "80",
                        "SWIFT_DETERMINISTIC_HASHING": "1"},
    },
    {
        "folder": "b/a much/deeper/földer/with spaces", "seed": 2, "umask": 0o077, "cores": {0},
        "mtime": 1_700_000_000,
        "environment": {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "USER": "two",
                        "HOME": "home-2", "COLUMNS": "200", "TERM": "xterm", "HOSTNAME": "elsewhere"},
    },
    {
        "folder": "c", "seed": 3, "umask": 0o002, "cores": None, "mtime": 0,
        "environment": {"TZ": "America/St_Johns", "LANG": "de_DE.UTF-8", "HOME": "home-3"},
    },
]


def build(galley, site, root, circumstance):
    """Copies the site and builds the copy under the circumstances; returns its files."""
    folder = root / circumstance["folder"] / "site"
    judging.copy_site(site, folder, order=shuffled(circumstance["seed"]))
    for path in folder.rglob("*"):
        os.utime(path, (circumstance["mtime"],) * 2)
    environment = {"PATH": os.environ.get("PATH", ""), **circumstance["environment"]}
    environment["HOME"] = str(root / environment["HOME"])
    os.makedirs(environment["HOME"], exist_ok=True)

    def prepare():
        os.umask(circumstance["umask"])
        if circumstance["cores"]:
            os.sched_setaffinity(0, circumstance["cores"] & os.sched_getaffinity(0) or os.sched_getaffinity(0))

    # From within the site for one, from outside for the others: the current folder must not matter either.
    if circumstance["seed"] == 1:
        galley.succeed("build", "--quiet", "--source-revision", "r1", cwd=folder, env=environment,
                       preexec_fn=prepare)
    else:
        galley.succeed("build", "--quiet", "--source-revision", "r1", "--site", folder, "--out", folder / "dist",
                       cwd=root, env=environment, preexec_fn=prepare)
    return folder, judging.Bundle(folder / "dist").files()


def digest(files):
    """The digest that a bundle goes by."""
    return json.loads(files["bundle.json"])["digest"]


def check_absence(files, folder, verdict):
    """Nothing of the machine stands in a file."""
    for name, content in files.items():
        verdict.check(str(folder).encode() not in content, f"{name} names the folder it was built in")


def main():
    arguments = judging.parser(__doc__).parse_args()
    verdict = judging.Verdict()
    galley = judging.Galley(arguments.galley)
    with judging.scratch() as root:
        folder, first = build(galley, arguments.site, root, CIRCUMSTANCES[0])
        check_absence(first, folder, verdict)
        for circumstance in CIRCUMSTANCES[1:]:
            other_folder, other = build(galley, arguments.site, root, circumstance)
            where = circumstance["folder"]
            verdict.check(digest(other) == digest(first), f"{where}: the same digest")
            verdict.check(other.keys() == first.keys(), f"{where}: the same files")
            for name in first.keys() & other.keys():
                verdict.equal(other[name], first[name], f"{where}: {name}")
            check_absence(other, other_folder, verdict)
        check_repetition(galley, folder, first, verdict)
        check_sensitivity(galley, folder, first, verdict)
    verdict.finish()


def check_repetition(galley, folder, first, verdict):
    """A second build over the first changes no file, not even its time."""
    times = {path: path.stat().st_mtime_ns for path in (folder / "dist").rglob("*") if path.is_file()}
    galley.succeed("build", "--quiet", "--source-revision", "r1", cwd=folder)
    verdict.check(judging.Bundle(folder / "dist").files() == first, "a second build in place gives the same bytes")
    again = {path: path.stat().st_mtime_ns for path in (folder / "dist").rglob("*") if path.is_file()}
    verdict.check(again == times, "a second build in place writes nothing again")


def check_sensitivity(galley, folder, first, verdict):
    """One changed letter in a message gives another digest."""
    path = sorted((folder / "locales").glob("*.yml"))[0]
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    index = next(i for i, line in enumerate(lines) if line.rstrip().endswith(tuple("abcdefghijklmnopqrstuvwxyz.")))
    lines[index] = lines[index].rstrip() + "x\n"
    path.write_text("".join(lines), encoding="utf-8")
    shutil.rmtree(folder / "dist")
    galley.succeed("build", "--quiet", "--source-revision", "r1", cwd=folder)
    changed = judging.Bundle(folder / "dist").files()
    verdict.check(digest(changed) != digest(first), "a changed letter changes the digest")


if __name__ == "__main__":
    main()
