"""The pytest plugin of a process that runs a file of Keras' tests: puts striate in Keras' place, and writes down results.

It reads ``STRIATE_SUITE``, a JSON object with the folder of Keras, the file of results, and the tests that are done already.
"""

import contextlib
import json
import os
import re
import signal
import warnings

import pytest

from . import exclusions, finder, missing, testing

SETTINGS = json.loads(os.environ["STRIATE_SUITE"])
SOURCE = finder.install(SETTINGS["keras"])
_results = open(SETTINGS["results"], "a", encoding="utf-8")  # noqa: SIM115 (open as long as the process)
_outcomes, _words = {}, []


def _write(**row):
    print(json.dumps(row), file=_results, flush=True)


def name_of(item):
    """Return a test's name: its file below keras/src, class and function."""
    return f"{item.path.relative_to(SOURCE.root / 'src').as_posix()}::{item.nodeid.split('::', 1)[1]}"


def _without_words(function):
    """Return a context manager of pytest without its check of words: `_words` gets those that differ."""

    @contextlib.contextmanager
    def checked(*kinds, match=None, **kwargs):
        with function(*kinds, **kwargs) as found:
            yield found
        messages = [str(each.message) for each in found] if hasattr(found, "list") else [str(found.value)]
        if match and not any(re.search(match, message) for message in messages):
            _words.append((match, messages[0]))

    return checked


def pytest_configure(config):
    for mark in ("requires_trainable_backend", "multi_device"):
        config.addinivalue_line("markers", f"{mark}: a mark of Keras")
    pytest.raises, pytest.warns = _without_words(pytest.raises), _without_words(pytest.warns)
    testing.on_other_words = lambda pattern, message: _words.append((pattern, message))


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
        _write(test=name, outcome=outcome, reason=reason, words=_words)
        _words.clear()


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
        tells = isinstance(error, (AttributeError, TypeError, ValueError, missing.MissingName))
        kind = exclusions.kind_of_error(str(error)) if tells else None
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
