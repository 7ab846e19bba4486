"""Results written to memory that overlaps what they are computed from: refused, or right."""

import inspect
from functools import partial

import numpy as np
import pytest

from striate import functional

from .budget import generator, rounds
from .public_api import subjects

WITH_OUT = {
    subject.name: subject
    for subject in subjects()
    if subject.name.startswith("functional.") and "out" in inspect.signature(subject.function).parameters
}


def arrays_in(arguments):
    """Yield a function for each array among arguments, that returns them with another in its place, and the array."""
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            yield partial(_replaced, arguments, name, None), value
        elif isinstance(value, list) and value and isinstance(value[0], np.ndarray):
            yield from ((partial(_replaced, arguments, name, i), each) for i, each in enumerate(value))


def _replaced(arguments, name, i, array):
    """Return arguments with another array in the place of one, or of element `i` of a list."""
    value = arguments[name]
    return arguments | {name: array if i is None else [*value[:i], array, *value[i + 1 :]]}


def results_of(result):
    """Return the arrays that can be written to `out`, and whether there is a list of them."""
    several = isinstance(result, list)
    return list(result) if several else [result[0] if isinstance(result, tuple) else result], several


def placed(array, size, shift):
    """Return a copy of an array and a view of `size` elements of its memory that begins `shift` elements behind it."""
    start = max(-shift, 0)
    memory = np.full(start + max(array.size, shift + size, size), 7, array.dtype)
    copy = memory[start : start + array.size].reshape(array.shape)
    copy[...] = array
    return copy, memory[start + shift : start + shift + size]


@pytest.mark.parametrize("name", WITH_OUT)
def test_out_that_overlaps_an_input_is_refused_or_right(name):
    subject = WITH_OUT[name]
    expected, several = results_of(subject.call(subject.arguments()))
    rng = generator(20, len(name))
    for _ in range(rounds(12)):
        for change, array in arrays_in(subject.arguments()):
            which = rng.integers(len(expected))
            want = expected[which]
            shift = int(rng.choice([0, 1, 4, int(rng.integers(1 - want.size, array.size))]))
            given, memory = placed(array, want.size, shift)
            out = memory.reshape(want.shape)
            outs = [out if i == which else np.empty_like(each) for i, each in enumerate(expected)] if several else out
            try:
                got, _ = results_of(subject.call(change(given) | {"out": outs}))
            except ValueError as error:
                assert "out overlaps" in str(error)  # noqa: PT017 - a result is as good
                np.testing.assert_array_equal(given, array)
                continue
            for each, one in zip(got, expected, strict=True):
                np.testing.assert_array_equal(each, one)


@pytest.mark.parametrize("name", [name for name in WITH_OUT if results_of(WITH_OUT[name].call(WITH_OUT[name].arguments()))[1]])
def test_outs_that_overlap_each_other_are_refused_or_right(name):
    subject = WITH_OUT[name]
    expected, _ = results_of(subject.call(subject.arguments()))
    memory = np.empty(sum(each.size for each in expected), expected[0].dtype)
    outs = [memory[i : i + each.size].reshape(each.shape) for i, each in enumerate(expected)]
    with pytest.raises(ValueError, match="out overlaps"):
        subject.call(subject.arguments() | {"out": outs})


def test_dropout_refuses_a_part_of_its_input():
    memory = np.ones(12, np.float32)
    with pytest.raises(ValueError, match="out overlaps an input in part"):
        functional.dropout(memory[:8], 0.5, 0, out=memory[1:9])
    np.testing.assert_array_equal(memory, 1)
