"""The pytest plugin of a process that runs a file of Keras' tests: puts striate in Keras' place, and writes down results.

It reads ``STRIATE_SUITE``, a JSON object with the folder of Keras, the file of results, and the tests that are done already.
"""

import json
import os
import re
import signal
import warnings

import pytest

from . import exclusions, finder, testing

SETTINGS = json.loads(os.environ["STRIATE_SUITE"])
SOURCE = finder.install(SETTINGS["keras"])
#: Errors about what striate leaves out, which tell that a test does not apply: attributes of Keras' objects, and dtypes.
_ERRORS = (
    (re.compile(r"has no attribute '_(?!_)"), "internals"),
    (re.compile(r"has no attribute '(compute_mask|supports_masking|compute_previous_mask)'"), "masking"),
    (re.compile(r"has no attribute '(quantiz\w+|\w*lora\w*)'"), "quantizers"),
    (re.compile(r"dtype='(int8|int4|float8|ternary|gptq|awq)\w*_from_"), "quantizers"),
    (re.compile(r"dtype='mixed_"), "loss_scaling"),
    (re.compile(r"dtype='bfloat16'"), "bfloat16"),
)
_results = open(SETTINGS["results"], "a", encoding="utf-8")  # noqa: SIM115 (open as long as the process)
_outcomes, _of_class_alone = {}, set()


def _write(**row):
    print(json.dumps(row), file=_results, flush=True)


def name_of(item):
    """Return a test's name: its file below keras/src, class and function."""
    return f"{item.path.relative_to(SOURCE.root / 'src').as_posix()}::{item.nodeid.split('::', 1)[1]}"


def _without_words(function):
    """Return a function that calls pytest's without the argument that errors or warnings must match."""
    return lambda *arguments, match=None, **kwargs: function(*arguments, **kwargs)


def pytest_configure(config):
    for mark in ("requires_trainable_backend", "multi_device"):
        config.addinivalue_line("markers", f"{mark}: a mark of Keras")
    pytest.raises, pytest.warns = _without_words(pytest.raises), _without_words(pytest.warns)
    testing.on_other_message = lambda case: _of_class_alone.add(case.id().rsplit(".", 1)[-1])


def pytest_collection_modifyitems(items):
    done = set(SETTINGS["done"])
    items[:] = [item for item in items if name_of(item) not in done]
    for item in items:
        kind = exclusions.kind_of(name_of(item))
        if item.get_closest_marker("multi_device"):
            kind = "distribution"
        if kind:
            item.add_marker(pytest.mark.skip(reason=f"{kind}: excluded"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    name = name_of(item)
    _write(test=name, outcome="started")
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SETTINGS["seconds"])
    try:
        with warnings.catch_warnings():
            return (yield)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        outcome, reason = _outcomes.pop(item.nodeid, ("failed", "no report"))
        by_class = item.nodeid.rsplit("::", 1)[-1] in _of_class_alone
        _of_class_alone.clear()
        _write(test=name, outcome=outcome, reason=reason, by_class=by_class)


def _stop(signum, frame):
    raise TimeoutError(f"more than {SETTINGS['seconds']} s of processor time")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _outcomes[item.nodeid] = "skipped", _kind_and_reason(reason)
    elif report.failed:
        error = call.excinfo.value
        expected = (AttributeError, TypeError, ValueError)
        kind = next((kind for pattern, kind in _ERRORS if isinstance(error, expected) and pattern.search(str(error))), None)
        if kind:
            _outcomes[item.nodeid] = "skipped", f"{kind}: {error}"
        else:
            _outcomes[item.nodeid] = "failed", f"{type(error).__name__}: {str(error).strip() or _place(call.excinfo)}"[:1000]
    elif report.when == "call":
        _outcomes.setdefault(item.nodeid, ("passed", ""))
    return report


def _kind_and_reason(reason):
    """Return pytest's reason for leaving a test out, with the kind of `exclusions` first."""
    reason = reason.removeprefix("Skipped: ")
    return reason if reason.split(":")[0] in exclusions.REASONS else f"keras: {reason}"


def _place(excinfo):
    """Return the line of the test at which an error without a message was raised."""
    entry = next(
        (entry for entry in reversed(excinfo.traceback) if str(entry.path).endswith("_test.py")), excinfo.traceback[-1]
    )
    return f"line {entry.lineno + 1}: {str(entry.statement).strip()}"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if report.skipped:
        _write(
            test=f"{collector.path.relative_to(SOURCE.root / 'src').as_posix()}::",
            outcome="skipped",
            reason=_kind_and_reason(report.longrepr[2]),
        )
    if report.failed:
        _write(
            test=f"{collector.path.relative_to(SOURCE.root / 'src').as_posix()}::",
            outcome="failed",
            reason=str(report.longrepr)[-1500:],
        )
    return report
