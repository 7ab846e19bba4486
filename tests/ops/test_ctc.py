"""Reading sequences of classes: a sum over all paths, Keras, lengths, blanks, and arguments out of range."""

import re

import numpy as np
import pytest

from striate import Input, Model, ops
from tests.helpers.reference import ctc_readings


def stripped(labels):
    """Return the labels before the first -1, behind which there are no others."""
    kept = labels[labels >= 0].tolist()
    np.testing.assert_array_equal(labels, kept + [-1] * (len(labels) - len(kept)))
    return tuple(kept)


@pytest.mark.parametrize("blank", [0, 2, None])
def test_a_wide_beam_finds_the_most_probable_readings(rng, blank):
    logits = 2 * rng.standard_normal((6, 5, 3))
    lengths = np.array([5, 4, 3, 2, 1, 5])
    labels, scores = ops.ctc_decode(logits, lengths, "beam_search", beam_width=300, top_paths=4, mask_index=blank)
    assert labels.shape == (4, 6, 5)
    assert scores.shape == (6, 4)
    for i, length in enumerate(lengths):
        truth = ctc_readings(logits[i, :length], 2 if blank is None else blank)
        best = sorted(truth, key=truth.get, reverse=True)[:4]
        assert [stripped(each) for each in labels[: len(best), i]] == best
        np.testing.assert_allclose(scores[i, : len(best)], np.log([truth[each] for each in best]), rtol=1e-10)
        assert (labels[len(best) :, i] == -1).all()
        assert (scores[i, len(best) :] == -np.inf).all()


def test_a_narrow_beam_finds_no_more_than_there_is(rng):
    logits = 2 * rng.standard_normal((20, 6, 4))
    for width in (1, 2, 5):
        labels, scores = ops.ctc_decode(logits, np.full(20, 6), "beam_search", beam_width=width, top_paths=width)
        for i in range(20):
            truth = ctc_readings(logits[i], 0)
            found = [stripped(each) for each in labels[:, i]]
            assert len(set(found)) == width
            assert all(score <= np.log(truth[each]) + 1e-12 for each, score in zip(found, scores[i], strict=True))


def test_greedy_reads_the_most_probable_path(rng):
    path = np.array([[1, 1, 0, 1, 2, 2, 0], [0, 0, 0, 0, 0, 0, 0], [3, 2, 2, 1, 1, 1, 3]])
    logits = 5 * np.eye(4)[path] + rng.random((3, 7, 4))
    labels, scores = ops.ctc_decode(logits, [7, 7, 4])
    assert labels.dtype == np.int32
    assert [stripped(each) for each in labels[0]] == [(1, 1, 2), (), (3, 2, 1)]
    best = logits.max(-1)
    np.testing.assert_allclose(scores[:, 0], -np.array([best[0].sum(), best[1].sum(), best[2, :4].sum()]))
    assert ops.ctc_decode(logits.astype(np.float16), [7, 7, 4])[1].dtype == np.float32
    labels, _ = ops.ctc_decode(logits, [7, 7, 4], merge_repeated=False)
    assert [stripped(each) for each in labels[0]] == [(1, 1, 1, 2, 2), (), (3, 2, 2, 1)]
    labels, _ = ops.ctc_decode(logits, [7, 7, 4], mask_index=2)
    assert [stripped(each) for each in labels[0]] == [(1, 0, 1, 0), (0,), (3, 1)]


def test_models_may_decode(rng):
    logits = rng.standard_normal((3, 7, 4)).astype(np.float32)
    x, lengths = Input((7, 4)), Input((1,))
    model = Model([x, lengths], ops.ctc_decode(x, lengths[:, 0])[0])
    found = model.predict([logits, np.array([[7], [5], [1]])], verbose=0)
    np.testing.assert_array_equal(found, ops.ctc_decode(logits, [7, 5, 1])[0])
    with pytest.raises(TypeError, match="is symbolic; expected arrays for strategy='beam_search'"):
        ops.ctc_decode(x, [7], "beam_search")


@pytest.mark.parametrize("blank", [0, 3, None])
@pytest.mark.parametrize("merge_repeated", [True, False])
def test_readings_are_those_of_keras(rng, blank, merge_repeated):
    keras = pytest.importorskip("keras")
    logits = 2 * rng.standard_normal((5, 7, 4)).astype(np.float32)
    lengths = np.array([7, 5, 1, 6, 3])
    for settings in ({"merge_repeated": merge_repeated}, {"strategy": "beam_search", "beam_width": 200, "top_paths": 4}):
        found = ops.ctc_decode(logits, lengths, mask_index=blank, **settings)
        expected = keras.ops.ctc_decode(logits, lengths, mask_index=blank, **settings)
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-5)
        assert found[1].dtype == np.float32


def test_losses_of_half_precision_have_single_precision():
    losses = ops.ctc_loss([[1], [2]], np.zeros((2, 3, 4), np.float16), [1, 1], [3, 2])
    np.testing.assert_allclose(losses, np.log([64 / 6, 16 / 3]), rtol=1e-6)
    assert losses.dtype == np.float32


def test_sequences_without_steps_are_read_as_nothing():
    for strategy in ("greedy", "beam_search"):
        labels, scores = ops.ctc_decode(np.zeros((2, 3, 4)), [0, 0], strategy)
        np.testing.assert_array_equal(labels, np.full((1, 2, 3), -1))
        np.testing.assert_array_equal(scores, [[0], [0]])
        assert ops.ctc_decode(np.zeros((0, 3, 4)), [], strategy)[0].shape == (1, 0, 3)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"inputs": np.zeros((3, 4))}, "inputs has shape (3, 4); expected (batch, steps, classes)"),
        ({"sequence_lengths": [4]}, "sequence_lengths holds 4, out of range; expected 0 to 3"),
        ({"sequence_lengths": [1, 2]}, "sequence_lengths has shape (2,); expected (1,), one for each sequence"),
        ({"strategy": "best"}, "strategy='best' is unknown; expected one of 'greedy', 'beam_search'"),
        ({"beam_width": 0}, "beam_width=0 is too small; expected an integer of at least 1"),
        ({"beam_width": 2, "top_paths": 3}, "top_paths=3 is too large; expected an integer of at least 1 and at most 2"),
        ({"mask_index": 4}, "mask_index=4 is too large"),
    ],
)
def test_bad_arguments_are_named(wrong, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ops.ctc_decode(**{"inputs": np.zeros((1, 3, 4)), "sequence_lengths": [3]} | wrong)
