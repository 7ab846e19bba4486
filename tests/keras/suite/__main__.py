"""``python -m tests.keras.suite``: see the package's docstring."""

import argparse
import collections

from . import runner, table
from .source import Source


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.keras.suite", description="Run Keras' own unit tests on striate.")
    parser.add_argument("keras", help="folder of Keras' sources")
    parser.add_argument("places", nargs="*", help="folders or files below keras/src; all if there are none")
    parser.add_argument("-k", dest="select", help="pytest's expression that selects tests")
    parser.add_argument("-j", dest="jobs", type=int, default=1, help="number of processes at a time")
    parser.add_argument("--show", action="store_true", help="print each test that fails, with its error")
    parser.add_argument("--skips", action="store_true", help="print each test that does not apply, with the reason")
    parser.add_argument("--words", action="store_true", help="print the errors of tests that pass by an error's class alone")
    parser.add_argument("--trace", action="store_true", help="print pytest's output, with tracebacks")
    parser.add_argument("--write", action="store_true", help="replace the results of these files in docs/keras_tests.rst")
    arguments = parser.parse_args()
    source = Source(arguments.keras)
    rows = runner.run(
        source,
        arguments.places,
        select=arguments.select,
        jobs=arguments.jobs,
        trace=arguments.trace,
        report=lambda line: print(line, flush=True),
    )
    if arguments.write:
        table.write(source, rows)
    of = collections.defaultdict(list)
    for name, row in rows.items():
        of[row["outcome"]].append((name, row.get("reason", "")))
    if arguments.skips:
        for name, reason in of["skipped"]:
            print(f"-- {name}\n     {reason}")
    if arguments.show:
        for name, reason in of["failed"]:
            print(f"== {name}\n     {reason[:400]}")
    kinds = collections.Counter(reason.split(":")[0] for _, reason in of["skipped"])
    passed, applicable = len(of["passed"]), len(of["passed"]) + len(of["failed"])
    other_words = {name: row["words"] for name, row in rows.items() if row["outcome"] == "passed" and row.get("words")}
    if arguments.words:
        for name, words in other_words.items():
            print(f"~~ {name}", *(f"     {pattern}\n     {message[:300]}" for pattern, message in words), sep="\n")
    print(f"{passed} of {applicable} that apply passed ({passed / max(applicable, 1):.1%})")
    print(f"{len(other_words)} of these passed by the class of an error alone")
    print("do not apply:", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


if __name__ == "__main__":
    main()
