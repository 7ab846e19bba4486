"""The committed results: docs/data/keras_tests.json, by file, and the page docs/keras_tests.rst that is made of it."""

import json
import re
from collections import Counter, defaultdict

from .exclusions import REASONS
from .runner import PROJECT

DATA = PROJECT / "docs" / "data" / "keras_tests.json"
PAGE = PROJECT / "docs" / "keras_tests.rst"
_LONGEST = 160  # characters of an error

_HEAD = """Keras' own tests
================

.. This page is written by tests/keras/suite.

Keras' own unit tests, run with striate in Keras' place: {passed} of {apply} that apply pass, {percent:.1f} %. The sources are
those of Keras {version}. {by_class} of these tests expect an error, and pass by its class: its words are striate's. The checks
that Keras' tests of all layers have in common (``run_layer_test``) are made without those of masks and of mixed precision.
Tests of the dtypes of results go through all of NumPy's, so without bfloat16; they compare with JAX, and are left out where it
is not installed.

``python -m tests.keras.suite PATH_OF_KERAS`` runs them; ``--write`` renews this page.

"""


def summary(rows):
    """Return the results by file: numbers of tests that passed, reasons of those that failed, kinds of those left out.

    Parameters
    ----------
    rows : dict
        What `runner.run` returned.
    """
    files = defaultdict(lambda: {"passed": 0, "by_class": 0, "failed": defaultdict(list), "skipped": Counter()})
    for name, row in rows.items():
        file, _, test = name.partition("::")
        of = files[file]
        if row["outcome"] == "passed":
            of["passed"] += 1
            of["by_class"] += bool(row.get("words"))
        elif row["outcome"] == "failed":
            of["failed"][_shortened(row["reason"])].append(test)
        else:
            of["skipped"][row["reason"].split(":")[0]] += 1
    return files


def write(source, rows):
    """Replace the results of the files that were run, and write the page anew."""
    known = json.loads(DATA.read_text(encoding="utf-8"))["files"] if DATA.is_file() else {}
    files = dict(sorted({**known, **summary(rows)}.items()))
    DATA.write_text(json.dumps({"version": source.version, "files": files}, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(source.version, json.loads(json.dumps(files))), encoding="utf-8")


def page(version, files):
    """Return the text of the page."""
    failed = {file: sum(map(len, of["failed"].values())) for file, of in files.items()}
    passed = sum(of["passed"] for of in files.values())
    apply = passed + sum(failed.values())
    by_class = sum(of["by_class"] for of in files.values())
    text = _HEAD.format(passed=passed, apply=apply, percent=100 * passed / max(apply, 1), version=version, by_class=by_class)
    left_out = Counter()
    for of in files.values():
        left_out.update(of["skipped"])
    text += _title("What does not apply")
    text += _table(
        "10 60 30", ("number", "what it is", "kind"), [(n, REASONS[kind], kind) for kind, n in left_out.most_common()]
    )
    text += _title("By file") + _table(
        "60 15 25",
        ("file", "passed", "that apply"),
        [
            (f"``{file}``", of["passed"], of["passed"] + failed[file])
            for file, of in files.items()
            if of["passed"] + failed[file]
        ],
    )
    text += _title("What fails, and why")
    for file, of in files.items():
        if of["failed"]:
            rows = [(_names(tests), _literal(reason)) for reason, tests in sorted(of["failed"].items())]
            text += f"``{file}``\n{'~' * (len(file) + 4)}\n\n" + _table("40 60", ("test", "reason"), rows)
    return text.rstrip() + "\n"


def _shortened(reason):
    """Return the first line of an error with something to tell, without what differs from run to run."""
    lines = [line.strip() for line in reason.splitlines() if line.strip()]
    first = next((line for line in lines if not line.endswith(("Error:", "Error"))), lines[0] if lines else "?")
    first = re.sub(r"0x[0-9a-f]+|(?:(?<![\w./])|(?<=://))/[\w.-]+/\S+", "…", first)
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1] + "…"


def _names(tests):
    """Return the names of tests without their classes, and those that differ in parameters once, with their number."""
    counts = Counter(re.sub(r"\d+( .*)?$", "", test.rpartition("::")[2] or "(all)") for test in tests)
    return ", ".join(f"``{name}``" + (f" ({n})" if n > 1 else "") for name, n in counts.items())


def _literal(text):
    return "``" + text.replace("``", "`").strip("`").strip() + "``"


def _title(text):
    return f"{text}\n{'-' * len(text)}\n\n"


def _table(widths, heads, rows):
    lines = [f".. list-table::\n   :header-rows: 1\n   :widths: {widths}\n"]
    for row in (heads, *rows):
        lines += [f"   {'* ' if i == 0 else '  '}- {cell}" for i, cell in enumerate(row)]
    return "\n".join(lines) + "\n\n"
