"""The table of layers: GFLOP/s of striate, PyTorch, ONNX Runtime and OpenVINO, measured in turn in separate processes."""

import argparse
import datetime
import json
import platform
import statistics
import sys
from pathlib import Path

from benchmarks.process import ONEDNN_ISA
from benchmarks.shapes import LAYERS, Convolution
from benchmarks.worker import Worker

#: The passes that each other library can compute.
PEERS = {"torch": ("forward", "backward_input", "backward_kernel"), "onnxruntime": ("forward",), "openvino": ("forward",)}
PASSES = PEERS["torch"]
ALGORITHMS = ("direct", "im2col", "depthwise", "winograd_f2", "winograd_f4", "winograd_f5")

#: Factor by which "auto" is slower than the best algorithm where the summary says so.
SLACK = 1.1

#: Fewest floating-point operations of a layer whose speed-up is printed; smaller layers tell little about threads.
SPEEDUP_FLOPS = 50e6


def select(layers, rows=(), batches=()):
    """Return the layers whose name contains one of `rows` ("56²·128", "3x3"), and whose batch size is one of `batches`."""
    names = str.maketrans({"×": "x", "²": None, "·": " ", "→": " "})
    words = [f" {word.translate(names)} " for word in rows]
    return [
        layer
        for layer in layers
        if (not words or any(word in f" {str(layer).translate(names)} " for word in words))
        and (not batches or layer.batch in batches)
    ]


def variants(rounds):
    """Return the median over rounds of each variant."""
    return {variant: statistics.median(one[variant] for one in rounds) for variant in rounds[0]}


def ratio(seconds):
    """Return how many times as fast as the fastest peer striate is; None if there is no peer, or no striate."""
    peers = [value for library, value in seconds.items() if library != "striate"]
    return min(peers) / seconds["striate"] if peers and "striate" in seconds else None


def mean_ratios(results):
    """Yield (pass, threads, kind of layers, number of layers, geometric mean of their ratios)."""
    kinds = {"3×3 s1": lambda layer: (layer.kernel, layer.stride, layer.groups) == (3, 1, 1), "all": lambda layer: True}
    for direction, threads in dict.fromkeys((result["pass"], result["threads"]) for result in results):
        for kind, holds in kinds.items():
            ratios = [
                result["ratio"]
                for result in results
                if (result["pass"], result["threads"]) == (direction, threads)
                and result["ratio"] is not None
                and holds(Convolution(*result["layer"]))
            ]
            if ratios:
                yield direction, threads, kind, len(ratios), statistics.geometric_mean(ratios)


def speedups(results):
    """Yield (name, pass, fewest threads, most threads, speed-up by library) for the larger layers."""
    grouped = {}
    for result in results:
        if result["flops"] > SPEEDUP_FLOPS:
            grouped.setdefault((result["name"], result["pass"]), {})[result["threads"]] = result["seconds"]
    for (name, direction), by_threads in grouped.items():
        few, many = min(by_threads), max(by_threads)
        if few < many:
            common = by_threads[few].keys() & by_threads[many].keys()
            factors = {library: by_threads[few][library] / by_threads[many][library] for library in common}
            yield name, direction, few, many, factors


def slow_choices(results):
    """Yield (result, best algorithm, how many times as long "auto" takes) where that algorithm is clearly faster."""
    for result in results:
        by_algorithm = result["variants"].get("striate", {})
        if len(by_algorithm) > 1:
            best = min((name for name in by_algorithm if name != "auto"), key=by_algorithm.get)
            factor = by_algorithm["auto"] / by_algorithm[best]
            if factor > SLACK:
                yield result, best, factor


def result_of(layer, direction, threads, bursts):
    """Return the result for a layer; `bursts` has, for each library, a dict of seconds by variant for each round."""
    by_variant = {library: variants(rounds) for library, rounds in bursts.items()}
    seconds = {library: by["auto"] if library == "striate" else min(by.values()) for library, by in by_variant.items()}
    return {
        "layer": list(layer),
        "name": str(layer),
        "pass": direction,
        "threads": threads,
        "flops": layer.flops,
        "bytes": layer.bytes,
        "seconds": seconds,
        "variants": by_variant,
        "bursts": bursts,
        "ratio": ratio(seconds),
    }


def measure(layers, workers, arguments, report):
    """Time all layers; yield a result for each layer, number of threads and pass, and call `report` for each failure."""
    algorithms = ALGORITHMS if arguments.algorithms else ()
    for layer in layers:
        for threads in arguments.threads:
            for direction in arguments.passes:
                measuring = {
                    library: worker
                    for (library, count), worker in workers.items()
                    if count == threads and (library == "striate" or direction in PEERS[library])
                }
                bursts = {library: [] for library in measuring}
                for _ in range(arguments.rounds):
                    for library, worker in list(measuring.items()):
                        burst = worker.burst(layer, direction, algorithms if library == "striate" else ())
                        if "error" in burst:
                            report(library, threads, direction, layer, burst["error"])
                            del measuring[library], bursts[library]
                        else:
                            bursts[library].append(burst)
                for worker in measuring.values():
                    worker.forget()
                yield result_of(layer, direction, threads, bursts)


def heading(libraries, algorithms):
    """Return the header of the table."""
    columns = "".join(f"{name:>13}" for name in libraries) + f"{'ratio':>8}"
    return f"{'GFLOP/s':28}{'pass':17}threads{columns}" + "".join(f"{name:>13}" for name in algorithms)


def line(result, libraries, algorithms):
    """Return a line of the table."""

    def cell(seconds):
        return f"{result['flops'] / seconds / 1e9:13.2f}" if seconds else f"{'-':>13}"

    cells = "".join(cell(result["seconds"].get(library)) for library in libraries)
    cells += f"{result['ratio']:8.2f}" if result["ratio"] is not None else f"{'-':>8}"
    cells += "".join(cell(result["variants"].get("striate", {}).get(algorithm)) for algorithm in algorithms)
    return f"{result['name']:28}{result['pass']:17}{result['threads']:7}{cells}"


def print_summary(results):
    """Print geometric means of ratios, speed-ups by threads, and layers for which "auto" chose a slow algorithm."""
    for direction, threads, kind, count, mean in mean_ratios(results):
        print(f"striate / best peer, {direction}, threads {threads}, {kind} ({count} layers): geometric mean {mean:.2f}")
    rows = list(speedups(results))
    if rows:
        libraries = [name for name in ("striate", *PEERS) if any(name in row[-1] for row in rows)]
        print(f"\n{f'speed-up, threads {rows[0][2]} → {rows[0][3]}':28}{'pass':17}" + "".join(f"{n:>13}" for n in libraries))
        for name, direction, _, _, factors in rows:
            cells = "".join(f"{factors[n]:13.2f}" if n in factors else f"{'-':>13}" for n in libraries)
            print(f"{name:28}{direction:17}{cells}")
        means = [statistics.geometric_mean([row[-1][n] for row in rows if n in row[-1]]) for n in libraries]
        print(f"{'geometric mean':45}" + "".join(f"{mean:13.2f}" for mean in means))
    for result, best, factor in slow_choices(results):
        where = f"{result['name']}, {result['pass']}, threads {result['threads']}"
        print(f"auto is slower than {best} by {100 * (factor - 1):.0f} %: {where}")


def machine(workers):
    """Return what the measured times depend on: the machine, and the versions of the libraries."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "platform": platform.platform(),
        "workers": [{"library": library, "threads": threads, **w.environment} for (library, threads), w in workers.items()],
    }


def _processor():
    try:
        for row in Path("/proc/cpuinfo").read_text().splitlines():
            if row.startswith("model name"):
                return row.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def start_workers(arguments):
    """Return the workers of the libraries that are installed, by (library, threads)."""
    workers = {}
    for threads in arguments.threads:
        for library in ("striate", *arguments.peers):
            python = sys.executable if library == "striate" else arguments.peer_python
            if threads != arguments.threads[0] and (library, arguments.threads[0]) not in workers:
                continue  # The first number of threads has shown that it is not installed.
            worker = Worker(python, library, threads, arguments.isa)
            if worker.environment is None:
                worker.close()
                print(f"{library} is not installed for {python}: left out")
            else:
                workers[library, threads] = worker
    return workers


def parse(words):
    """Return the parsed options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks layers", description=__doc__)
    parser.add_argument("--rows", nargs="+", default=[], metavar="WORDS", help='words in the names of layers, such as "3x3 s2"')
    parser.add_argument(
        "--batches", nargs="+", type=int, default=[], metavar="N", help="batch sizes (default: all in the table)"
    )
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2], metavar="N", help="numbers of threads (default: 1 2)")
    parser.add_argument("--passes", nargs="+", choices=PASSES, default=PASSES, help="passes (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="number of measurements of each (default: %(default)s)")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="other libraries (default: all)")
    parser.add_argument("--peer-python", default=sys.executable, metavar="PATH", help="the interpreter that has the peers")
    parser.add_argument("--isa", choices=ONEDNN_ISA, help="limit striate and oneDNN to an instruction set")
    parser.add_argument("--algorithms", action="store_true", help="also time each algorithm of striate")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write all results")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="where to draw speed over arithmetic intensity")
    arguments = parser.parse_args(words)
    if arguments.rounds < 1 or min(arguments.threads) < 1:
        parser.error("--rounds and --threads must be at least 1")
    arguments.threads = sorted(set(arguments.threads))
    if not select(LAYERS, arguments.rows, arguments.batches):
        names = "\n  ".join(map(str, LAYERS))
        parser.error(f"no layer has --rows {arguments.rows} and --batches {arguments.batches}; the layers are\n  {names}")
    return arguments


def main(words):
    """Print the table and its summary; return the exit status."""
    arguments = parse(words)
    layers = select(LAYERS, arguments.rows, arguments.batches)
    workers = start_workers(arguments)
    libraries = list(dict.fromkeys(library for library, _ in workers))
    algorithms = ALGORITHMS if arguments.algorithms else ()
    results, failures = [], []

    def report(library, threads, direction, layer, error):
        failures.append({"library": library, "threads": threads, "pass": direction, "name": str(layer), "error": error})
        print(f"{library} failed, {layer}, {direction}, threads {threads}: {error.strip().splitlines()[-1]}")

    everything = {"machine": machine(workers), "isa": arguments.isa, "results": results, "failures": failures}
    print(heading(libraries, algorithms))
    try:
        for result in measure(layers, workers, arguments, report):
            results.append(result)
            print(line(result, libraries, algorithms), flush=True)
    except KeyboardInterrupt:
        print("interrupted; the summary is of the layers above")
    finally:
        for worker in workers.values():
            worker.close()
        if arguments.json is not None:
            arguments.json.write_text(json.dumps(everything, indent=1))
    print()
    print_summary(results)
    if arguments.plot is not None and results:
        plot(results, libraries, arguments.plot)
    return 1 if failures else 0


def plot(results, libraries, path):
    """Plot GFLOP/s over floating-point operations per byte, in a panel for each pass and number of threads."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print(f"matplotlib is not installed for {sys.executable}: no plot. From the file of --json it can be drawn elsewhere:")
        print(f"  python -m benchmarks.layers JSON {path}")
        return
    passes, threads = (list(dict.fromkeys(result[key] for result in results)) for key in ("pass", "threads"))
    figure = Figure(figsize=(5 * len(passes), 4 * len(threads)), layout="constrained")
    axes = figure.subplots(len(threads), len(passes), squeeze=False, sharex=True, sharey=True)
    for row, count in zip(axes, threads, strict=True):
        for ax, direction in zip(row, passes, strict=True):
            for library, marker in zip(libraries, "o^sv", strict=False):
                points = [
                    (result["flops"] / result["bytes"], result["flops"] / result["seconds"][library] / 1e9)
                    for result in results
                    if (result["pass"], result["threads"]) == (direction, count) and library in result["seconds"]
                ]
                if points:
                    ax.plot(*zip(*points, strict=True), marker, label=library, alpha=0.7)
            ax.set(xscale="log", yscale="log", title=f"{direction}, threads {count}")
            ax.set(xlabel="floating-point operations / byte", ylabel="GFLOP/s")
            ax.grid(alpha=0.3)
            ax.legend()
    figure.savefig(path)


if __name__ == "__main__":  # Plot the results in a file of --json.
    found = json.loads(Path(sys.argv[1]).read_text())["results"]
    plot(found, list(dict.fromkeys(library for result in found for library in result["seconds"])), Path(sys.argv[2]))
