"""How long custom training steps take, beside PyTorch: those of a generative adversarial network and of an autoencoder.

    python -m benchmarks.steps [gan] [vae] [--threads N …] [--rounds N] [--peer-python PYTHON]

Both libraries begin with the same weights, and the losses of the first steps are compared. They work in turn, each in a process
of its own, for a second at a time; the fastest step of each turn counts. The table has the medians over the rounds.
"""

import argparse
import contextlib
import statistics
import sys
import time

import numpy as np

from benchmarks.learners import peer_python
from benchmarks.process import Process

#: Seconds until the idle threads of the library that was measured last have stopped spinning.
PAUSE = 0.25

#: Largest relative difference of the losses, which Adam makes: its epsilon is added elsewhere in PyTorch.
TOLERANCE = 5e-3


def measure(name, threads, rounds, peer):
    """Return the seconds of a step in each round, by library."""
    with contextlib.ExitStack() as stack:
        processes = {}
        for library, python in {"striate": sys.executable, **({"torch": peer} if peer else {})}.items():
            processes[library] = Process(python, "benchmarks.steps.worker", library, name, threads)
            stack.callback(processes[library].close)
        losses = [process.answer() for process in processes.values()]
        for others in losses[1:]:
            np.testing.assert_allclose(others, losses[0], rtol=TOLERANCE)
        seconds = {library: [] for library in processes}
        for _ in range(rounds):
            for library, process in processes.items():
                seconds[library].append(process.ask("burst"))
                time.sleep(PAUSE)
        return seconds


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steps", description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=["gan", "vae"], help="gan, vae, or both (default)")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5, help="number of measurements of each (default: %(default)s)")
    parser.add_argument("--peer-python", help="an interpreter that has PyTorch")
    arguments = parser.parse_args()
    peer = peer_python(arguments, "torch")
    print(f"{'ms':5} threads   striate   PyTorch   ratio", flush=True)
    for name in arguments.models:
        for threads in arguments.threads:
            seconds = measure(name, threads, arguments.rounds, peer)
            cells = "".join(f"{statistics.median(each) * 1e3:10.2f}" for each in seconds.values())
            if peer:
                ratios = [other / own for own, other in zip(*seconds.values(), strict=True)]
                cells += f"{statistics.median(ratios):8.2f}"
            print(f"{name:5} {threads:7}{cells}", flush=True)


if __name__ == "__main__":
    main()
