"""Sequences, windows of series and parts of data sets, compared with what a loop makes of them."""

import numpy as np
import pytest

from striate import utils

SEQUENCES = [[1], [2, 3], [4, 5, 6, 7], []]


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("maxlen", [None, 0, 1, 3])
def test_sequences_are_filled_and_cut(padding, truncating, maxlen):
    length = 4 if maxlen is None else maxlen
    rows = []
    for each in SEQUENCES:
        part = each[:length] if truncating == "post" else each[len(each) - min(length, len(each)) :]
        rest = [-1] * (length - len(part))
        rows.append(part + rest if padding == "post" else rest + part)
    found = utils.pad_sequences(SEQUENCES, maxlen, "int16", padding, truncating, value=-1)
    assert found.dtype == np.int16
    np.testing.assert_array_equal(found, np.array(rows, "int16").reshape(4, length))


def test_sequences_of_vectors_and_of_strings():
    found = utils.pad_sequences([[[1, 2]], [[3, 4], [5, 6]]])
    np.testing.assert_array_equal(found, [[[0, 0], [1, 2]], [[3, 4], [5, 6]]])
    found = utils.pad_sequences([["a"], ["bc", "d"]], dtype=object, value="-")
    assert found.tolist() == [["-", "a"], ["bc", "d"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3,), "has no length"),
        (([1, 2],), r"sequences\[0\]=1"),
        (([[1]], None, "int32", "middle"), "padding"),
        (([[1]], None, "int32", "pre", "pre", "x"), "dtype=object"),
        (([[[1, 2]], [[3]]],), r"elements of shape \(1,\); expected \(2,\)"),
    ],
)
def test_bad_sequences_are_reported(arguments, message):
    with pytest.raises(ValueError, match=message):
        utils.pad_sequences(*arguments)


@pytest.mark.parametrize(("stride", "rate"), [(1, 1), (2, 3), (3, 2)])
@pytest.mark.parametrize(("start", "end"), [(None, None), (2, 17)])
def test_windows_of_a_series(stride, rate, start, end):
    data, targets, length = np.arange(40.0).reshape(20, 2), np.arange(100, 120), 4
    loader = utils.timeseries_dataset_from_array(
        data, targets, length, stride, rate, batch_size=3, start_index=start, end_index=end
    )
    first, last = start or 0, end or 20
    begins = [i for i in range(first, last, stride) if i + (length - 1) * rate < last]
    x, y = (np.concatenate(each) for each in zip(*loader, strict=True))
    np.testing.assert_array_equal(x, [data[i : i + length * rate : rate][:length] for i in begins])
    np.testing.assert_array_equal(y, [targets[i] for i in begins])
    (bare,) = utils.timeseries_dataset_from_array(data, None, length, stride, rate, start_index=start, end_index=end)
    np.testing.assert_array_equal(bare, x)


def test_windows_in_a_random_order():
    data = np.arange(10)
    orders = [
        [int(each[0]) for each in utils.timeseries_dataset_from_array(data, None, 1, batch_size=None, shuffle=True, seed=3)]
        for _ in range(2)
    ]
    assert orders[0] == orders[1] != sorted(orders[0])
    assert sorted(orders[0]) == list(range(10))


@pytest.mark.parametrize(
    "settings",
    [
        {"sequence_length": 20}, {"sequence_stride": 0}, {"sampling_rate": 10}, {"start_index": 10}, {"start_index": -1},
        {"start_index": 3, "end_index": 3}, {"end_index": 10}, {"format": "torch"},
    ],
)  # fmt: skip
def test_windows_that_do_not_fit_are_reported(settings):
    with pytest.raises(ValueError, match="expected"):
        utils.timeseries_dataset_from_array(np.arange(10), None, **{"sequence_length": 2, **settings})


@pytest.mark.parametrize(("left", "right", "sizes"), [(0.8, None, (8, 2)), (None, 3, (7, 3)), (4, 0.5, (4, 5)), (1, 9, (1, 9))])
def test_parts_of_data_sets(left, right, sizes):
    x, y = np.arange(20).reshape(10, 2), np.arange(10)
    for dataset in ((x, y), [x, y], zip(x, y, strict=True)):
        parts = [list(each) for each in utils.split_dataset(dataset, left, right)]
        assert tuple(map(len, parts)) == sizes
        np.testing.assert_array_equal([each[1] for each in parts[0]], y[: sizes[0]])
        np.testing.assert_array_equal([each[0] for each in parts[1]], x[10 - sizes[1] :])


def test_parts_in_a_random_order():
    left, right = utils.split_dataset(np.arange(10), 0.5, shuffle=True, seed=0)
    found = [int(each) for each in (*left, *right)]
    assert sorted(found) == list(range(10)) != found


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((np.arange(4),), ValueError),
        ((np.arange(4), 1.0), ValueError),
        ((np.arange(4), 3, 2), ValueError),
        ((np.arange(4), 4), ValueError),
        (([], 0.5), ValueError),
        (([np.arange(3), np.arange(4)], 0.5), ValueError),
        (("text", 0.5), TypeError),
    ],
)
def test_parts_that_do_not_fit_are_reported(arguments, error):
    with pytest.raises(error, match="expected"):
        utils.split_dataset(*arguments)


def test_samples_are_packed_and_unpacked():
    for data in ((1, 2, 3), (1, 2), [1, 2]):
        assert utils.pack_x_y_sample_weight(*utils.unpack_x_y_sample_weight(data)) == tuple(data)
    assert utils.unpack_x_y_sample_weight("x") == ("x", None, None)
    assert utils.pack_x_y_sample_weight([1]) == ([1],)
    with pytest.raises(ValueError, match="4 elements"):
        utils.unpack_x_y_sample_weight((1, 2, 3, 4))
