"""Judges that bad input is answered well: one clear message at the right place, nothing written, no trap, no waiting.

Each case of bad_input_cases.py is a change to a copy of a tiny site that has been built before. Then `galley build`
must end with the status of the case, report the code at the place, leave dist/ as it was, and be quick about it.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import time

import bad_input_cases
import judging

NOBODY = 65534


def snapshot(folder):
    """What stands in a folder: names, bytes and times, links unfollowed."""
    result = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        is_file = path.is_file() and not path.is_symlink()
        result[str(path.relative_to(folder))] = (state.st_mode, state.st_mtime_ns if is_file else 0,
                                                 path.read_bytes() if is_file else b"")
    return result


class Answer:
    """What the tool said and how it ended."""

    def __init__(self, process, seconds):
        self.status, self.seconds = process.returncode, seconds
        self.raw = process.stderr
        self.text = process.stderr.decode(errors="replace")
        self.diagnostics, self.sentences = [], []
        for line in self.text.splitlines():
            try:
                self.diagnostics.append(json.loads(line))
            except ValueError:
                self.sentences.append(line)

    def of_severity(self, severity):
        return [one for one in self.diagnostics if one["severity"] == severity]


class Judge:
    """Runs the cases."""

    def __init__(self, galley, root, seconds, verdict):
        self.galley, self.root, self.seconds, self.verdict = galley, root, seconds, verdict
        self.model = root / "model"
        bad_input_cases.write_site(self.model)
        process = galley.run("build", "--format", "json", cwd=self.model)
        answer = Answer(process, 0)
        verdict.check(process.returncode == 0 and not answer.diagnostics,
                      f"the tiny site builds without a finding: {answer.text[:2000]}")
        verdict.check((self.model / "dist/bundle.json").exists(), "the tiny site has an output")

    def can_be_nobody(self):
        """Whether this process may become a user for whom permissions mean something, and still reach the tool."""
        if os.getuid() != 0:
            return True
        try:
            return subprocess.run([self.galley.binary, "--version"], user=NOBODY, group=NOBODY, check=False,
                                  capture_output=True).returncode == 0
        except OSError:
            return False

    def prepare(self, index, case):
        """A copy of the tiny site with its output, changed as the case says."""
        site = self.root / f"{index}" / "site"
        shutil.copytree(self.model, site)
        bad_input_cases.apply(case.change, site)
        return site

    def run(self, site, case):
        """Runs the tool on a changed site."""
        options = {}
        if case.file_size is not None:
            # The signal must stay ignored, so that a write fails as it does on a full disk.
            options = {"restore_signals": False, "preexec_fn": lambda: resource.setrlimit(
                resource.RLIMIT_FSIZE, (case.file_size, case.file_size))}
        if case.unprivileged and os.getuid() == 0:
            for path in [site.parent, site, *site.rglob("*")]:
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
            self.root.chmod(0o755)
            options.update(user=NOBODY, group=NOBODY)
        started = time.monotonic()
        process = self.galley.run("build", "--format", "json", *case.arguments, cwd=site,
                                  timeout=30, **options)
        return Answer(process, time.monotonic() - started)

    def judge(self, index, case):
        """Runs one case and returns its complaints."""
        site = self.prepare(index, case)
        before = snapshot(site)
        try:
            answer = self.run(site, case)
        except subprocess.TimeoutExpired:
            return ["does not end"]
        finally:
            if case.unprivileged:
                subprocess.run(["chmod", "-R", "u+rwX", str(site)], check=False)
        complaints = list(self.complaints(case, answer))
        if case.status != 0 and not case.unprivileged:
            after = snapshot(site)
            changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
            if changed:
                complaints.append(f"changed {sorted(changed)[:4]}")
        shutil.rmtree(site.parent, ignore_errors=True)
        if complaints:
            complaints.append("it said: " + answer.text.strip()[:700])
        return complaints

    def complaints(self, case, answer):
        """What is wrong with an answer."""
        if answer.status != case.status:
            yield f"ended with {answer.status}, not {case.status}"
        if answer.seconds > self.seconds:
            yield f"took {answer.seconds:.1f} s"
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", answer.raw):
            yield "sends control characters to the terminal"
        errors = answer.of_severity("error")
        if case.status == 2:
            yield from self.sentence_complaints(case, answer)
        elif len(errors) != case.errors:
            yield f"has {len(errors)} errors, not {case.errors}"
        for one in answer.diagnostics:
            yield from form_complaints(one)
        found = errors if case.status == 1 else answer.diagnostics
        codes = (case.code,) if isinstance(case.code, str) else case.code
        if codes:
            fitting = [one for one in found if one["code"].startswith(tuple(codes))]
            if not fitting:
                yield f"no {' or '.join(codes)} among {[one['code'] for one in found]}"
            elif case.place and not any(place_fits(case.place, one) for one in fitting):
                yield f"points at {[place_of(one) for one in fitting][:3]}, not at {case.place}"
            if case.says and not any(case.says in everything(one) for one in fitting):
                yield f"does not say '{case.says}'"

    @staticmethod
    def sentence_complaints(case, answer):
        """A failure of the machine is said in plain words that name what it is about."""
        said = "\n".join(answer.sentences + [everything(one) for one in answer.diagnostics])
        if not said.strip():
            yield "says nothing"
        if case.says not in said:
            yield f"does not say '{case.says}'"
        if "Fatal error" in said or "Backtrace" in said:
            yield "trapped"


def form_complaints(one):
    """What every message must look like."""
    message = one["message"]
    if not message or "\n" in message or message.endswith("."):
        yield f"headline in bad form: {message!r}"
    if not re.fullmatch(r"[a-z]+/[a-z0-9-]+", one["code"]):
        yield f"code in bad form: {one['code']}"


def everything(one):
    """All words of a diagnostic."""
    return json.dumps(one, ensure_ascii=False)


def place_of(one):
    """Where a diagnostic points."""
    return f"{one.get('file')}:{one.get('line')}:{one.get('column')}"


def place_fits(place, one):
    """Whether a diagnostic points at the place; a path alone may also stand in the headline."""
    if re.search(r":\d+:\d+$", place):
        return place_of(one) == place
    if re.search(r":\d+$", place):
        return place_of(one).startswith(place + ":")
    return (one.get("file") or "").startswith(place) or place in one["message"]


def judge_two_at_once(galley, root, verdict):
    """175: two runs on one site at once leave a whole output, the same as one run alone."""
    site = root / "two"
    bad_input_cases.write_site(site)
    galley.succeed("build", "--quiet", cwd=site)
    alone = judging.Bundle(site / "dist").files()
    shutil.rmtree(site / "dist")
    for _ in range(5):
        running = [subprocess.Popen([galley.binary, "build", "--quiet"], cwd=site, stderr=subprocess.PIPE)
                   for _ in range(3)]
        said = [process.communicate(timeout=60)[1] for process in running]
        verdict.check(any(process.returncode == 0 for process in running), f"case 175: one of three succeeds: {said}")
        verdict.check(all(process.returncode in (0, 2) for process in running), f"case 175: none traps: {said}")
        verdict.equal(judging.Bundle(site / "dist").files(), alone, "case 175: the output is that of one run")


def main():
    arguments = judging.parser(__doc__)
    arguments.add_argument("--seconds", type=float, default=2, help="how long a run may take")
    arguments.add_argument("--case", type=int, action="append", help="only cases with this number")
    arguments.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 1)))
    arguments = arguments.parse_args()
    verdict = judging.Verdict(limit=200)
    galley = judging.Galley(arguments.galley)
    with judging.scratch() as root:
        judge = Judge(galley, root, arguments.seconds, verdict)
        can_be_nobody = judge.can_be_nobody()
        cases = [case for case in bad_input_cases.CASES if not arguments.case or case.number in arguments.case]
        skipped = [case for case in cases if case.unprivileged and not can_be_nobody]
        for case in skipped:
            print(f"SKIPPED case {case.number}, {case.title}: this user can read and write everything")
        cases = [case for case in cases if case not in skipped]
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for case, complaints in zip(cases, pool.map(judge.judge, range(len(cases)), cases)):
                said = "".join(f"\n    {complaint}" for complaint in complaints)
                verdict.check(not complaints, f"case {case.number}, {case.title}:{said}")
        if not arguments.case:
            judge_two_at_once(galley, root, verdict)
    verdict.finish()


if __name__ == "__main__":
    main()
