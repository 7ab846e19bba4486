"""The comparison: all benchmarks, in separate processes for each library, which alternate; a table of medians and ratios."""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks import layers
from benchmarks.libraries import INSTALLED, TRAINING
from benchmarks.process import child_environment


def measure(library, selection):
    """Run the benchmarks of one library in a separate process; return the JSON report of pytest-benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        words = library if selection is None else f"{library} and ({selection})"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            str(Path(__file__).parent),
            "-k",
            words,
            "--benchmark-json",
            str(report),
        ]
        options = ["--benchmark-min-rounds=5", "--benchmark-max-time=0.5", "--benchmark-warmup=on"]
        run = subprocess.run(command + options, env=child_environment(), capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        return json.loads(report.read_text())


def main():
    """Run the comparison, or the table of layers."""
    if sys.argv[1:2] == ["layers"]:
        sys.exit(layers.main(sys.argv[2:]))
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="python -m benchmarks layers --help: the table of layers, which includes inference engines",
    )
    parser.add_argument("-k", metavar="WORDS", help="which benchmarks to run, as pytest's -k")
    parser.add_argument("--rounds", type=int, default=3, help="number of measurements of each (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="where to write all results")
    arguments = parser.parse_args()

    for name in TRAINING:
        if name not in INSTALLED:
            print(f"{name} is not installed: left out")
    medians = defaultdict(lambda: defaultdict(list))
    reports = []
    for _ in range(arguments.rounds):
        for library in INSTALLED:
            report = measure(library, arguments.k)
            reports.append({"library": library, **report})
            for row in report["benchmarks"]:
                threads = next(part for part in row["param"].split("-") if part in ("1t", "2t"))
                medians[row["group"], threads][library].append(row["stats"]["median"])

    width = max(len(group) for group, _ in medians)
    print(f"{'milliseconds':{width}}  threads" + "".join(f"{name:>10}" for name in INSTALLED) + f"{'ratio':>8}")
    for (group, threads), row in medians.items():
        best = {name: statistics.median(row[name]) for name in INSTALLED}
        ratio = f"{best['torch'] / best['striate']:8.2f}" if "torch" in best else ""
        print(f"{group:{width}}  {threads[0]:>7}" + "".join(f"{1000 * best[name]:10.3f}" for name in INSTALLED) + ratio)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(reports, indent=1))


if __name__ == "__main__":
    main()
