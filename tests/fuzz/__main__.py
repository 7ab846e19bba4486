"""Run the fuzzers with large budgets; each pass has a seed of its own."""

import argparse
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem.removeprefix("test_") for path in FOLDER.glob("test_*.py"))


def run(names, factor, seed):
    """Run the fuzzers of these names once; return whether they found nothing."""
    print(f"python -m tests.fuzz --factor {factor:g} --seed {seed} {' '.join(names)}", flush=True)
    files = [FOLDER / f"test_{name}.py" for name in names]
    command = [sys.executable, "-m", "pytest", "-q", f"--hypothesis-seed={seed}", *files]
    environment = os.environ | {"STRIATE_FUZZ": str(factor), "STRIATE_FUZZ_SEED": str(seed)}
    return subprocess.run(command, env=environment, cwd=FOLDER.parents[1], check=False).returncode == 0


def main():
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--factor", type=float, default=20, help="how much more to try than the suite (default: %(default)g)")
    parser.add_argument("--minutes", type=float, default=0, help="how long to begin new passes (default: one pass)")
    parser.add_argument("--seed", type=int, help="of the first pass, to repeat one (default: at random)")
    arguments = parser.parse_args()
    for name in set(arguments.names) - set(NAMES):
        parser.error(f"there is no fuzzer {name!r}; expected {', '.join(NAMES)}")

    end = time.monotonic() + 60 * arguments.minutes
    seed = secrets.randbelow(1 << 31) if arguments.seed is None else arguments.seed
    clean = run(arguments.names or NAMES, arguments.factor, seed)
    while time.monotonic() < end:
        seed += 1
        clean &= run(arguments.names or NAMES, arguments.factor, seed)
    sys.exit(not clean)


if __name__ == "__main__":
    main()
