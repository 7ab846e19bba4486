"""Values that users pass by mistake, or that other libraries make: whatever takes an argument must take or refuse them."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st


class Silent:
    """An object that cannot even tell what it is."""

    def __repr__(self):
        raise ValueError("no repr")


INTEGERS = [
    0, 1, 2, 3, 5, 7, 64, -1, -2, -5, 2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 2**64, -(2**31), -(2**63), -(2**64), 10**400,
    -(10**400), 10**5000, np.int64(2), np.int8(-1), np.uint8(3), np.uint64(2**64 - 1), np.array(2), True, False, np.True_,
]  # fmt: skip

NUMBERS = [
    0.0, -0.0, 0.5, 1.0, -1.0, 2.5, 1e-320, 1e-7, 1e38, 1e39, 1e300, -1e300, float("nan"), float("inf"), float("-inf"), 1j,
    np.float32(0.5), np.float64("nan"), np.float16("inf"), np.array(0.5), np.array([0.5]), Fraction(1, 2), Decimal("0.5"),
]  # fmt: skip

WORDS = [
    "", "same", "valid", "SAME", "relu", "nonsense", "0.5", "2", "a" * 100_000, "\0", "\ud800", "{}", "max", "channels_first",
    np.str_("same"), np.str_("relu"), b"same", np.array("same"),
]  # fmt: skip

SEQUENCES = [
    [], (), [1], (1,), (2, 2), [2, 2], (0, 0), (-1, -1), (1, 2, 3), (2, 2, 2, 2), ((1, 1), (1, 1)), [[1], [2, 3]],
    (None, None), (2**31, 2**31), (10**400, 1), (float("nan"), 1.0), (0.5, 0.5), ("same", "same"), [None], [[]],
    [True, False], range(2),
    [-7], np.array([2, 2]), np.array([0.5, 0.5]), np.array([]), [2**63, 1],
]  # fmt: skip

ARRAYS = [
    np.zeros((0, 3), np.float32), np.zeros((2, 6, 5, 4), np.float32), np.zeros((2, 6, 5, 4)),
    np.zeros((2, 6, 5, 0), np.float32), np.zeros((0, 6, 5, 4), np.float32), np.ones((2, 3), np.int64),
    np.full((2, 3), np.nan, np.float32), np.ones((3,), bool),
    np.array([object()]), np.array(["a", "b"]), np.ones((2, 2), complex), np.array(["2020-01-01"], "datetime64[D]"),
    np.zeros((2, 6, 5, 4), np.float16), np.ones((1,) * 32, np.float32),
]  # fmt: skip

OTHERS = [
    None, {}, {"class_name": "Dense", "config": {}}, {"a": 1}, {1: 2}, set(), {1}, object(), Silent(), int, Silent, len,
    Ellipsis, slice(None), iter([]), lambda: None, lambda *arguments, **settings: None, NotImplemented, np.float32,
    np.random, type,
]  # fmt: skip

ODD = INTEGERS + NUMBERS + WORDS + SEQUENCES + ARRAYS + OTHERS

#: Those, and whatever Hypothesis makes of numbers, words and lists of them.
odd_values = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from(ODD),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.sampled_from(INTEGERS + NUMBERS + WORDS + OTHERS), max_size=4),
    st.tuples(st.integers(-4, 4), st.integers(-4, 4)),
)


def same_in_other_forms(value):
    """Return other forms of a valid value: NumPy's scalars for Python's, lists for tuples."""
    if isinstance(value, bool):
        return [np.bool_(value)]
    if isinstance(value, str):
        return [np.str_(value)]
    if isinstance(value, int):
        return [np.int64(value), np.int32(value), np.array(value)]
    if isinstance(value, float):
        return [np.float64(value), np.array(value), *([int(value)] if value.is_integer() else [])]
    if isinstance(value, tuple) and value and all(type(each) is int for each in value):
        return [list(value), tuple(np.int64(each) for each in value)]
    if isinstance(value, list) and all(type(each) in (int, float) for each in value):
        return [tuple(value)]
    return []
