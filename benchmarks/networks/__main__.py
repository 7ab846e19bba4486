"""The table of networks: milliseconds to predict and to train, and memory, of striate, PyTorch, ONNX Runtime and OpenVINO."""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.networks.definitions import NETWORKS
from benchmarks.worker import child_environment

PEERS = {"predict": ("torch", "onnxruntime", "openvino"), "train": ("torch",)}

#: Probabilities of classes may differ by so much between libraries, and losses by so large a part.
TOLERANCE = 1e-3


def run(python, library, threads, network, mode, batch, isa):
    """Return what a process of a library measures, or None if it is not installed there."""
    command = [python, "-m", "benchmarks.networks.worker", library, str(threads), network, mode, str(batch)]
    folder = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=folder, env=child_environment(isa), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def rows(arguments):
    """Yield (network, mode, batch) of what is to be measured."""
    for name, (_, predicted, trained) in NETWORKS.items():
        if arguments.networks and name not in arguments.networks:
            continue
        if "predict" in arguments.modes:
            yield from ((name, "predict", batch) for batch in predicted)
        if "train" in arguments.modes and trained:
            yield name, "train", trained


def measure(row, threads, arguments):
    """Return medians of each library's measurements of a row."""
    name, mode, _ = row
    results = {}
    for _ in range(arguments.rounds):
        for library in ("striate", *[peer for peer in PEERS[mode] if peer in arguments.peers]):
            python = sys.executable if library == "striate" else arguments.peer_python
            result = run(python, library, threads, *row, arguments.isa)
            if result is not None:
                results.setdefault(library, []).append(result)
    expected = np.array(results["striate"][0]["result"])
    by_chance = mode == "train" and any(step.kind == "dropout" for step in NETWORKS[name][0]().steps)
    for library, measured in () if by_chance else results.items():
        difference = np.abs(np.array(measured[0]["result"]) - expected).max()
        if not difference <= TOLERANCE * max(1, np.abs(expected).max()):
            raise AssertionError(f"{library} and striate differ by {difference} in {row}")
    kinds = ("seconds", "first", "memory")
    return {library: {kind: statistics.median(m[kind] for m in each) for kind in kinds} for library, each in results.items()}


def main():
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.networks", description=__doc__)
    parser.add_argument("--networks", nargs="+", choices=list(NETWORKS))
    parser.add_argument("--modes", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3, help="how often to measure each (default: %(default)s)")
    parser.add_argument("--peers", nargs="*", choices=PEERS["predict"], default=list(PEERS["predict"]))
    parser.add_argument("--peer-python", default=sys.executable, help="the interpreter that has the peers")
    parser.add_argument("--isa", choices=["v2", "v3", "v4"], help="limit striate and oneDNN to an instruction set")
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
            cells = "".join(
                f"{results[library]['seconds'] * 1e3:13.3f}" if library in results else f"{'-':>13}" for library in libraries
            )
            own = results.pop("striate")
            ratio = f"{min(r['seconds'] for r in results.values()) / own['seconds']:8.2f}" if results else f"{'-':>8}"
            other = f"{results['torch']['memory'] / 2**20:12.0f}" if "torch" in results else ""
            name, mode, batch = row
            tail = f"{ratio}{own['first']:10.3f} s{own['memory'] / 2**20:7.0f}{other}"
            print(f"{name:10} {mode:8} {batch:5} {threads:7}{cells}{tail}", flush=True)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(collected, indent=1))


if __name__ == "__main__":
    main()
