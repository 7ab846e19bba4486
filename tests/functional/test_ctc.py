"""The CTC loss: a sum over all paths, PyTorch's, finite differences, and sequences of all lengths."""

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import reference


def batch(rng, sequences=12, steps=6, classes=4, length=4, blank=0):
    """Return random targets, with equal neighbours, logits, and lengths of both, some of 0 and some that do not fit."""
    labels = np.delete(np.arange(classes), blank)
    target = labels[rng.integers(0, 2, (sequences, length))]
    target_length = rng.integers(0, length + 1, sequences)
    output_length = rng.integers(0, steps + 1, sequences)
    target_length[:3], output_length[:3] = (0, length, length), (steps, steps, length - 1)
    return target, 2 * rng.standard_normal((sequences, steps, classes)), target_length, output_length


@pytest.mark.parametrize("blank", [0, 2, -1])
def test_the_loss_is_a_sum_over_all_paths(rng, dtype, blank):
    target, output, target_length, output_length = batch(rng, blank=blank % 4)
    output = output.astype(dtype)
    loss = F.ctc_loss(target, output, target_length, output_length, mask_index=blank)
    assert loss.dtype == dtype
    expected = reference.ctc_loss(target, output, target_length, output_length, blank % 4)
    assert 0 < np.count_nonzero(np.isinf(expected)) < len(expected)
    np.testing.assert_allclose(loss, expected, rtol=1e-12 if dtype == np.float64 else 1e-5, atol=1e-6)


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_losses_and_gradients_are_those_of_pytorch(rng, dtype, scale):
    torch = pytest.importorskip("torch")
    target, output, target_length, output_length = batch(rng, 16, 40, 9, 12)
    output_length[3:] = rng.integers(30, 41, 13)
    output = (scale * output).astype(dtype)
    dy = rng.standard_normal(len(output)).astype(dtype)
    x = torch.tensor(output.astype(np.float64), requires_grad=True)
    expected = torch.nn.functional.ctc_loss(
        torch.log_softmax(x.transpose(0, 1), -1),
        *map(torch.tensor, (target, output_length, target_length)),
        reduction="none",
        zero_infinity=True,
    )
    (expected * torch.tensor(dy)).sum().backward()
    loss = F.ctc_loss(target, output, target_length, output_length)
    gradient = F.ctc_loss_backward_output(dy, target, output, target_length, output_length)
    assert np.isinf(loss[2])
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(np.where(np.isinf(loss), 0, loss), expected.detach(), rtol=16 * eps, atol=16 * eps)
    # The gradient is a difference of probabilities; those of states are exponentials, in float64, of sums as large as the loss.
    bound = 2 * eps + 4 * np.finfo(np.float64).eps * float(expected.detach().max())
    np.testing.assert_allclose(gradient, x.grad, rtol=0, atol=bound)


def test_one_step_is_read_as_a_label_or_none():
    output = np.log([[[0.5, 0.25, 0.25]]] * 4)
    loss = F.ctc_loss([[1, 2], [1, 2], [1, 2], [1, 2]], output, [0, 1, 2, 0], [1, 1, 1, 0])
    np.testing.assert_allclose(loss, [np.log(2), np.log(4), np.inf, 0])
    gradient = F.ctc_loss_backward_output(np.ones(4), [[1, 2]] * 4, output, [0, 1, 2, 0], [1, 1, 1, 0])
    np.testing.assert_allclose(gradient[:, 0], [[-0.5, 0.25, 0.25], [0.5, -0.75, 0.25], [0, 0, 0], [0, 0, 0]], atol=1e-15)


def test_equal_neighbours_need_a_blank_between_them():
    output = np.zeros((2, 2, 3))
    np.testing.assert_allclose(F.ctc_loss([[1, 1], [1, 2]], output, [2, 2], [2, 2]), [np.inf, np.log(9)])


def test_unlikely_targets_have_finite_losses_and_gradients():
    """The only path takes a class that is less probable than the smallest float32, and float64, at each of many steps."""
    output = np.zeros((1, 300, 3), np.float32)
    output[..., 0] = 5000
    np.testing.assert_allclose(F.ctc_loss([[1, 2]], output, [2], [300]), 10000 - np.log(300 * 299 / 2), rtol=1e-6)
    gradient = F.ctc_loss_backward_output(np.ones(1, np.float32), [[1, 2]], output, [2], [300])
    np.testing.assert_allclose(gradient.sum(1), [[2, -1, -1]], rtol=1e-5)


def test_classes_that_are_impossible_or_undefined(dtype):
    output = np.array([[[0, 0, -np.inf], [0, 0, -np.inf]], [[0, 0, np.nan], [0, 0, 0]]], dtype)
    loss = F.ctc_loss([[1], [1]], output, [1, 1], [2, 2])
    np.testing.assert_allclose(loss, [-np.log(0.75), np.nan], rtol=1e-6)
    assert np.isinf(F.ctc_loss([[2]], output[:1], [1], [2]))
    assert np.isfinite(F.ctc_loss_backward_output(np.ones(1, dtype), [[2]], output[:1], [1], [2])).all()


def test_what_is_beyond_the_lengths_does_not_matter(rng):
    target, output, target_length, output_length = batch(rng)
    dy = np.ones(len(output))
    before = [F.ctc_loss(target, output, target_length, output_length)]
    before.append(F.ctc_loss_backward_output(dy, target, output, target_length, output_length))
    target[np.arange(4) >= target_length[:, np.newaxis]] = -7
    output[np.arange(6) >= output_length[:, np.newaxis]] = 99
    np.testing.assert_array_equal(F.ctc_loss(target, output, target_length, output_length), before[0])
    np.testing.assert_array_equal(F.ctc_loss_backward_output(dy, target, output, target_length, output_length), before[1])


def test_empty_batches_and_targets():
    assert F.ctc_loss(np.zeros((0, 3), int), np.zeros((0, 4, 2)), [], []).shape == (0,)
    loss = F.ctc_loss(np.zeros((2, 0), int), np.zeros((2, 3, 4)), [0, 0], [3, 0])
    np.testing.assert_allclose(loss, [3 * np.log(4), 0])


GOOD = {"target": [[1, 2]], "output": np.zeros((1, 5, 3)), "target_length": [2], "output_length": [5]}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"output": np.zeros((5, 3))}, r"output has 2 dimensions, shape \(5, 3\); expected 3: \(batch, steps, classes\)"),
        ({"output": np.zeros((1, 5, 0))}, r"output has shape \(1, 5, 0\); expected at least one class"),
        ({"target": [1, 2]}, r"target has shape \(2,\); expected \(batch, length\), for output of 1 sequences"),
        ({"target": [[1, 2], [1, 2]]}, r"target has shape \(2, 2\); expected \(batch, length\)"),
        ({"target": [[1.5, 2]]}, "target holds 1.5; expected integers"),
        ({"target": [[1, 3]]}, "target holds 3, which is not a label; expected 0 to 2 for 3 classes, and not the blank, 0"),
        ({"target": [[0, 1]]}, "target holds 0, which is not a label"),
        ({"target": [[1, -1]]}, "target holds -1, which is not a label"),
        ({"mask_index": 3}, "mask_index=3 is too large; expected an integer of at least -3 and at most 2"),
        ({"mask_index": 2}, "target holds 2, which is not a label"),
        ({"target_length": [3]}, "target_length holds 3, out of range; expected 0 to 2"),
        ({"target_length": 2}, r"target_length has shape \(\); expected \(1,\), one for each sequence"),
        ({"output_length": [-1]}, "output_length holds -1, out of range; expected 0 to 5"),
        ({"output_length": [5, 5]}, r"output_length has shape \(2,\); expected \(1,\)"),
    ],
)
def test_bad_arguments_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        F.ctc_loss(**GOOD | wrong)
    with pytest.raises(ValueError, match=message):
        F.ctc_loss_backward_output(np.ones(1), **GOOD | wrong)


def test_gradients_of_losses_have_their_shape_and_dtype():
    with pytest.raises(TypeError, match="output has dtype float16; expected float32 or float64"):
        F.ctc_loss(**GOOD | {"output": GOOD["output"].astype(np.float16)})
    with pytest.raises(ValueError, match=r"dy has shape \(2,\); expected the shape of the losses, \(1,\)"):
        F.ctc_loss_backward_output(np.ones(2), **GOOD)
    with pytest.raises(TypeError, match="dy has dtype float32 but output has float64"):
        F.ctc_loss_backward_output(np.ones(1, np.float32), **GOOD)


def test_arrays_may_have_any_form(rng, form, dtype):
    target, output, target_length, output_length = batch(rng)
    output = output.astype(dtype)
    expected = F.ctc_loss(target, output, target_length, output_length)
    np.testing.assert_array_equal(F.ctc_loss(form(target), form(output), target_length, output_length), expected)
