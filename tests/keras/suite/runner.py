"""Starts a process for each file of tests, again after a crash, and collects the results."""

import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import exclusions

HERE = Path(__file__).parent
PROJECT = HERE.parents[2]


def files(source, places):
    """Return the files of tests in some folders or files below keras/src; in all if there are none."""
    root = source.root / "src"
    found = []
    for place in places or ["."]:
        path = root / place
        found += [path] if path.is_file() else sorted(path.rglob("*_test.py"))
        if not path.exists():
            raise SystemExit(f"{path} does not exist; expected folders or files of Keras' tests below {root}")
    return found


def run(source, places, *, select=None, jobs=1, seconds=60, minutes=20, trace=False, report=print):
    """Run files of tests; return a dict with the row of each test, by its name.

    Parameters
    ----------
    source : Source
        Keras' source.
    places : list of str
        Folders and files below keras/src.
    select : str, optional
        pytest's expression for ``-k``.
    jobs : int
        Number of processes at a time.
    seconds : float
        Limit of a test's processor time.
    minutes : float
        Limit of a process' time.
    trace : bool
        Whether to print tracebacks.
    report : callable
        Called with a line about each file.
    """
    rows = {}
    with ThreadPoolExecutor(jobs) as pool:
        paths = files(source, places)
        for path, of_file in zip(
            paths, pool.map(lambda path: _run_file(source, path, select, seconds, minutes, trace), paths), strict=True
        ):
            rows.update(of_file)
            counts = {
                outcome: sum(row["outcome"] == outcome for row in of_file.values())
                for outcome in ("passed", "failed", "skipped")
            }
            report(f"{path.relative_to(source.root / 'src')}: " + ", ".join(f"{n} {outcome}" for outcome, n in counts.items()))
    return rows


def _run_file(source, path, select, seconds, minutes, trace, restarts=8):
    file = path.relative_to(source.root / "src").as_posix()
    kind = exclusions.kind_of(f"{file}::")
    if kind:
        tests = re.findall(r"^\s+def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        return {f"{file}::{test}": {"outcome": "skipped", "reason": f"{kind}: excluded"} for test in tests}
    rows = {}
    for _ in range(restarts):
        with tempfile.TemporaryDirectory() as folder:
            results = Path(folder) / "results"
            results.touch()
            settings = {"keras": str(source.root), "results": str(results), "done": list(rows), "seconds": seconds}
            command = [
                sys.executable,
                "-m",
                "pytest",
                str(path),
                "-c",
                str(HERE / "pytest.ini"),
                f"--rootdir={source.root.parent}",
            ]
            command += [
                "-p",
                "tests.keras.suite.plugin",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:benchmark",
                "--noconftest",
                "-q",
                "--tb=long" if trace else "--tb=no",
                *(["-k", select] if select else []),
            ]
            environment = {**os.environ, "STRIATE_SUITE": json.dumps(settings), "PYTHONDONTWRITEBYTECODE": "1"}
            try:
                process = subprocess.run(
                    command,
                    cwd=PROJECT,
                    env=environment,
                    timeout=60 * minutes,
                    capture_output=not trace,
                    text=True,
                    check=False,
                )
                end = "crashed" if process.returncode < 0 else ""
            except subprocess.TimeoutExpired:
                process, end = None, f"more than {minutes} minutes"
            started = None
            for line in results.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                name = row.pop("test")
                started = name if row["outcome"] == "started" else None
                if not started:
                    rows[name] = row
        if started:
            rows[started] = {"outcome": "failed", "reason": end or "the process ended"}
        elif not rows and process is not None and process.returncode not in (0, 5):
            rows[f"{file}::"] = {
                "outcome": "failed",
                "reason": process.stdout[-800:] + process.stderr[-800:],
            }
            break
        else:
            break
    return rows
