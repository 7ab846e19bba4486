"""The process that takes the steps of one library: the losses of the first ones, and then times in bursts, on request."""

import sys

import striate
from benchmarks.process import answers, requests
from benchmarks.steps import definitions
from benchmarks.worker import best_call

#: Shortest duration of a burst, in seconds.
SECONDS = 1.0

#: Steps whose losses are compared.
COMPARED = 2


def main(library, name, threads):
    """Answer with the losses of the first steps; then answer requests with the seconds of the fastest step of a burst."""
    answer = answers()
    striate.set_num_threads(threads)
    networks, step = definitions.step(name)
    if library == "torch":
        from benchmarks.steps import peer

        step = peer.step(name, networks, definitions.data(name), threads)
    answer([step() for _ in range(COMPARED)])
    for _request in requests():
        answer(best_call(step, SECONDS))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
