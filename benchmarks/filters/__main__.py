"""The table of filters: milliseconds of striate and other libraries, in turn, and how many times as fast striate is."""

import argparse
import collections
import contextlib
import json
import math
import statistics
import sys
from pathlib import Path

from benchmarks.filters.libraries import FILTERS, LIBRARIES, differs
from benchmarks.process import Process

PICTURES = {"12MP": (3000, 4000), "512": (512, 512)}
SLOW = ("scipy", "skimage")  # measured on the small picture, on one thread

#: Largest difference of pixels from OpenCV's: uint8 is rounded in other ways there, and its Gaussian in fixed point.
TOLERANCE = {"uint8": 2.0, "float32": 1e-4}


def rows(arguments):
    """Yield (picture, channels, dtype, filter, side) of what is to be measured."""
    for picture in arguments.pictures:
        for channels in arguments.channels:
            for dtype in arguments.dtypes:
                for name in arguments.filters:
                    for side in FILTERS[name]:
                        if arguments.sides is None or side in arguments.sides:
                            yield picture, channels, dtype, name, side


def measure(row, processes, threads, arguments):
    """Return the seconds of each library, medians over rounds of the best call of each."""
    picture, channels, dtype, name, side = row
    seconds, results = collections.defaultdict(list), {}
    for _ in range(arguments.rounds):
        for library, process in processes.items():
            if library in SLOW and (picture != "512" or threads > 1):
                continue
            found = process.ask([PICTURES[picture], channels, dtype, name, side, arguments.seconds])
            if found is not None:
                seconds[library].append(found["seconds"])
                results[library] = found["result"]
    if "opencv" in results and not math.isnan(difference := differs(name, results["striate"], results["opencv"])):
        limit = TOLERANCE[dtype] * (8 if name in ("sobel", "laplacian") else 1)
        if difference > limit:
            raise AssertionError(f"striate and OpenCV differ by {difference} in {row}")
    return {library: statistics.median(each) for library, each in seconds.items()}


def summarize(ratios):
    """Print geometric means and the least of each group."""
    for group, each in ratios.items():
        mean = math.exp(statistics.fmean(map(math.log, each)))
        print(f"{group:40} geometric mean {mean:8.2f}   least {min(each):7.2f}   of {len(each)}")


def main():
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.filters", description=__doc__)
    parser.add_argument("--filters", nargs="+", choices=list(FILTERS), default=list(FILTERS))
    parser.add_argument("--sides", nargs="+", type=int, help="of windows (default: all)")
    parser.add_argument("--pictures", nargs="+", choices=list(PICTURES), default=list(PICTURES))
    parser.add_argument("--channels", nargs="+", type=int, choices=[1, 3], default=[1, 3])
    parser.add_argument("--dtypes", nargs="+", choices=list(TOLERANCE), default=list(TOLERANCE))
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3, help="how often to measure each (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=0.1, help="for which a filter is repeated (default: %(default)s)")
    parser.add_argument("--peers", nargs="*", choices=list(LIBRARIES)[1:], default=list(LIBRARIES)[1:])
    parser.add_argument("--peer-python", default=sys.executable, help="the interpreter that has the peers")
    parser.add_argument("--isa", choices=["v2", "v3", "v4"], help="limit striate and OpenCV to an instruction set")
    parser.add_argument("--json", type=Path, help="where to write all results")
    arguments = parser.parse_args()

    collected, ratios = [], collections.defaultdict(list)
    libraries = ("striate", *arguments.peers)
    print(f"{'ms':44}{''.join(f'{library:>12}' for library in libraries)}   times as fast", flush=True)
    for threads in arguments.threads:
        with contextlib.ExitStack() as stack:
            processes = {}
            for library in libraries:
                python = sys.executable if library == "striate" else arguments.peer_python
                process = Process(python, "benchmarks.filters.worker", library, threads, isa=arguments.isa)
                stack.callback(process.close)
                if process.answer() is not None:
                    processes[library] = process
            for row in rows(arguments):
                times = measure(row, processes, threads, arguments)
                collected.append({"row": row, "threads": threads, "seconds": times})
                picture, channels, dtype, name, side = row
                own = times["striate"]
                for peer, each in times.items():
                    if peer != "striate":
                        ratios[f"{peer} {dtype} {threads} threads"].append(each / own)
                        ratios[f"{peer} {dtype} {threads} threads {name}"].append(each / own)
                cells = "".join(f"{times[each] * 1e3:12.3f}" if each in times else f"{'-':>12}" for each in libraries)
                faster = " ".join(f"{times[each] / own:7.2f}" for each in libraries[1:] if each in times)
                label = f"{name} {side}×{side} {picture} {'gray' if channels == 1 else 'RGB'} {dtype} {threads}T"
                print(f"{label:44}{cells}   {faster}", flush=True)
    summarize(ratios)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(collected, indent=1))


if __name__ == "__main__":
    main()
