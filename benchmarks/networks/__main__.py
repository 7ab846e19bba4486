"""The table of networks: times to predict and to train, and memory, in striate, PyTorch, ONNX Runtime and OpenVINO."""

import argparse
import contextlib
import functools
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.networks.definitions import NETWORKS
from benchmarks.process import ONEDNN_ISA, Process

#: The ways to run striate: calls of models, with which others are compared, and the method that programs for Keras use.
OWN = ("striate", "Model.predict")

#: The other libraries that have each mode.
PEERS = {
    "predict": ("torch", "onnxruntime", "openvino"),
    "int8": ("onnxruntime", "openvino"),
    "bfloat16": ("torch", "openvino"),
    "train": ("torch",),
}

#: Largest difference of results between libraries, relative to striate's largest. That of "int8" is large because logits from
#: -12 to 12 have only 256 steps there, of a tenth each, and so probabilities have steps of a tenth, too.
TOLERANCES = {"predict": 1e-3, "int8": 0.15, "bfloat16": 0.05, "train": 1e-3}

#: Modes in float32, in which larger differences are errors. In the others each library rounds elsewhere; the table tells them.
STRICT = ("predict", "train")

#: Seconds until all idle threads of the library that was measured last have stopped spinning, which may take 200 ms.
PAUSE = 0.25


def rows(arguments):
    """Yield (network, mode, batch size) for each row of the table."""
    for name, (_, predicted, trained) in NETWORKS.items():
        if arguments.networks and name not in arguments.networks:
            continue
        for mode in ("predict", "int8", "bfloat16"):
            if mode in arguments.modes:
                yield from ((name, mode, batch) for batch in predicted)
        if "train" in arguments.modes and trained:
            yield name, "train", trained


def measure(row, threads, arguments):
    """Return the measurements of each library for a row, and the differences between their results that exceed the tolerance.

    The libraries work in turn, each in a process that stays alive.
    """
    processes, results = {}, {}
    own = OWN if row[1] == "predict" else OWN[:1]
    with contextlib.ExitStack() as stack:
        for library in (*own, *[peer for peer in PEERS[row[1]] if peer in arguments.peers]):
            python = sys.executable if library in OWN else arguments.peer_python
            process = Process(python, "benchmarks.networks.worker", library, threads, *row, isa=arguments.isa)
            stack.callback(process.close)
            processes[library] = process
            first = process.answer()
            if first is not None:
                results[library] = {**first, "best": [], "median": [], "p95": [], "memory": []}
        differences = check(results, row)
        for _ in range(arguments.rounds):
            for library, result in results.items():
                for kind, value in processes[library].ask("burst").items():
                    result[kind].append(value)
                time.sleep(PAUSE)
    for result in results.values():
        del result["result"]
    return results, differences


def check(results, row):
    """Return the differences, by library, that exceed the tolerance; in float32, raise an AssertionError if there are any.

    They are differences of results from striate's, relative to the largest of these.
    """
    name, mode, _ = row
    differences = {}
    if mode == "train" and any(step.kind == "dropout" for step in NETWORKS[name][0]().steps):
        return differences  # Each library drops different elements.
    expected = np.array(results["striate"]["result"])
    for library, result in results.items():
        difference = float(np.abs(np.array(result["result"]) - expected).max() / np.abs(expected).max())
        if not difference <= TOLERANCES[mode]:
            differences[library] = difference
    if differences and mode in STRICT:
        raise AssertionError(f"{told(differences)} in {row}")
    return differences


def told(differences):
    """Return a text of which libraries differ, and by how much."""
    return ", ".join(f"{library} and striate differ by {difference:.3g}" for library, difference in differences.items())


def others(results):
    """Return the results of the libraries that are not striate."""
    return {library: result for library, result in results.items() if library not in OWN}


def ratio(results, statistic="best"):
    """Return how many times as long as striate the fastest other library takes: the median over rounds; None without others."""
    peers = [result[statistic] for result in others(results).values()]
    if not peers:
        return None
    return statistics.median(min(peer) / own for own, *peer in zip(results["striate"][statistic], *peers, strict=True))


def whole_calls(result):
    """Return the median and the 95th percentile of a library's calls: those of each burst, and of these the median."""
    return statistics.median(result["median"]), statistics.median(result["p95"])


def titles(libraries):
    """Return the titles of the table's columns."""
    calls = ("median", "95th", "other's", "95th", "ratio")
    return ("ms", "", "batch", "threads", *libraries, "ratio", *calls, "first call", "MiB", "PyTorch's")


def line(row, threads, libraries, results):
    """Return the cells of a line of the table."""
    own, peers = results["striate"], others(results)
    milliseconds = functools.partial(cell, factor=1e3)
    best = [statistics.median(results[library]["best"]) if library in results else None for library in libraries]
    fastest = min(map(whole_calls, peers.values()), default=(None, None))
    memory = [max(results[library]["memory"]) if library in results else None for library in ("striate", "torch")]
    name, mode, batch = row
    return (
        name, mode, str(batch), str(threads), *map(milliseconds, best), cell(ratio(results), 2),
        *map(milliseconds, (*whole_calls(own), *fastest)), cell(ratio(results, "median"), 2),
        milliseconds(own["first"]), *(cell(value, 0, 2**-20) for value in memory),
    )  # fmt: skip


def cell(value, digits=3, factor=1):
    """Return a number as text; a dash for None."""
    return "-" if value is None else f"{value * factor:.{digits}f}"


def aligned(cells, columns):
    """Return cells as a line, under the titles of the columns: names to the left, numbers to the right."""
    numbers = zip(cells[2:], columns[2:], strict=True)
    return f"{cells[0]:17} {cells[1]:8}" + "".join(f"{text:>{max(len(title), 8) + 2}}" for text, title in numbers)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.networks", description=__doc__)
    parser.add_argument("--networks", nargs="+", choices=list(NETWORKS))
    parser.add_argument("--modes", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5, help="number of measurements of each (default: %(default)s)")
    parser.add_argument("--peers", nargs="*", choices=PEERS["predict"], default=list(PEERS["predict"]))
    parser.add_argument("--peer-python", default=sys.executable, help="the interpreter that has the peers")
    parser.add_argument("--isa", choices=ONEDNN_ISA, help="limit striate and oneDNN to an instruction set")
    parser.add_argument("--json", type=Path, help="where to write all results")
    arguments = parser.parse_args()

    libraries = (*(OWN if "predict" in arguments.modes else OWN[:1]), *arguments.peers)
    columns = titles(libraries)
    print(aligned(columns, columns), flush=True)
    collected = []
    for row in rows(arguments):
        for threads in arguments.threads:
            results, differences = measure(row, threads, arguments)
            collected.append({"row": row, "threads": threads, "results": results, "differences": differences})
            note = f"   {told(differences)}" if differences else ""
            print(aligned(line(row, threads, libraries, results), columns) + note, flush=True)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(collected, indent=1))
    if any(each["differences"] for each in collected):
        sys.exit("Results differ where a line says so at its end.")


if __name__ == "__main__":
    main()
