"""The table of networks: times to predict and to train, and memory, in striate, PyTorch, ONNX Runtime and OpenVINO."""

import argparse
import contextlib
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.networks.definitions import NETWORKS
from benchmarks.process import ONEDNN_ISA, Process

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
    """Return the measurements of each library for a row. The libraries work in turn, each in a process that stays alive."""
    processes, results = {}, {}
    with contextlib.ExitStack() as stack:
        for library in ("striate", *[peer for peer in PEERS[row[1]] if peer in arguments.peers]):
            python = sys.executable if library == "striate" else arguments.peer_python
            process = Process(python, "benchmarks.networks.worker", library, threads, *row, isa=arguments.isa)
            stack.callback(process.close)
            processes[library] = process
            first = process.answer()
            if first is not None:
                results[library] = {**first, "seconds": [], "memory": []}
        check(results, row)
        for _ in range(arguments.rounds):
            for library, result in results.items():
                for kind, value in processes[library].ask("burst").items():
                    result[kind].append(value)
                time.sleep(PAUSE)
    for result in results.values():
        del result["result"]
    return results


def check(results, row):
    """Raise an AssertionError unless the results of all libraries are equal within the tolerance."""
    name, mode, _ = row
    if mode == "train" and any(step.kind == "dropout" for step in NETWORKS[name][0]().steps):
        return  # Each library drops different elements.
    expected = np.array(results["striate"]["result"])
    for library, result in results.items():
        difference = np.abs(np.array(result["result"]) - expected).max()
        if not difference <= TOLERANCES[mode] * np.abs(expected).max():
            raise AssertionError(f"{library} and striate differ by {difference} in {row}")


def ratio(results):
    """Return how many times as long as striate the fastest other library takes: the median over rounds; None without others."""
    others = [result["seconds"] for library, result in results.items() if library != "striate"]
    if not others:
        return None
    return statistics.median(min(other) / own for own, *other in zip(results["striate"]["seconds"], *others, strict=True))


def line(row, threads, libraries, results):
    """Return a line of the table."""
    name, mode, batch = row
    cells = "".join(
        f"{statistics.median(results[library]['seconds']) * 1e3:13.3f}" if library in results else f"{'-':>13}"
        for library in libraries
    )
    times, own = ratio(results), results["striate"]
    cells += f"{'-':>8}" if times is None else f"{times:8.2f}"
    other = f"{max(results['torch']['memory']) / 2**20:12.0f}" if "torch" in results else ""
    return f"{name:10} {mode:8} {batch:5} {threads:7}{cells}{own['first']:10.3f} s{max(own['memory']) / 2**20:7.0f}{other}"


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

    libraries = ("striate", *arguments.peers)
    columns = "".join(f"{library:>13}" for library in libraries)
    print(f"{'ms':10} {'':8} {'batch':>5} threads{columns}   ratio  first call    MiB   PyTorch's", flush=True)
    collected = []
    for row in rows(arguments):
        for threads in arguments.threads:
            results = measure(row, threads, arguments)
            collected.append({"row": row, "threads": threads, "results": results})
            print(line(row, threads, libraries, results), flush=True)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(collected, indent=1))


if __name__ == "__main__":
    main()
