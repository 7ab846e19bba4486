"""The sliding window, step by step."""

import numpy as np
import pytest

from striate import functional as F
from striate.visualize import animate_sliding_window, plot_sliding_window, sliding_window

IMAGE = np.array([[1, 0, 1, 0, 1], [1, 1, 1, 0, 0], [1, 0, 1, 1, 0], [0, 0, 1, 0, 1], [0, 1, 1, 1, 0]])
KERNEL = np.array([[1, 0, 1], [0, 1, 1], [1, 0, 1]])


def test_the_lecture_example():
    found = sliding_window(IMAGE, KERNEL)
    np.testing.assert_array_equal(found.output, [[6, 2, 3], [4, 3, 4], [4, 4, 3]])
    step = found.steps[4]
    assert step.position == (1, 1)
    assert step.corner == (1, 1)
    np.testing.assert_array_equal(step.window, IMAGE[1:4, 1:4])
    np.testing.assert_array_equal(step.products, IMAGE[1:4, 1:4] * KERNEL)
    assert step.value == 3


@pytest.mark.parametrize("strides", [1, 2, (1, 3)])
@pytest.mark.parametrize("padding", ["valid", "same", 1, ((0, 2), (1, 0))])
def test_outputs_are_those_of_conv2d(strides, padding):
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((7, 6)), rng.standard_normal((3, 2))
    found = sliding_window(image, kernel, strides=strides, padding=padding)
    expected = F.conv2d(image[None, ..., None], kernel[..., None, None], strides=strides, padding=padding)[0, ..., 0]
    np.testing.assert_allclose(found.output, expected, rtol=1e-12)
    (top, bottom), (left, right) = found.padding
    np.testing.assert_array_equal(found.image, np.pad(image, ((top, bottom), (left, right))))


def test_a_flipped_kernel_makes_the_convolution_of_mathematics():
    image, kernel = np.random.default_rng(0).standard_normal((2, 4, 4))
    found = sliding_window(image, kernel[:2, :3], flip=True)
    np.testing.assert_array_equal(found.kernel, kernel[:2, :3][::-1, ::-1])
    # The impulse response of a convolution is the kernel itself.
    impulse = np.zeros((5, 5))
    impulse[2, 2] = 1
    np.testing.assert_array_equal(sliding_window(impulse, KERNEL + np.eye(3, k=1), flip=True).output, KERNEL + np.eye(3, k=1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sliding_window(np.ones((3, 3, 1)), KERNEL), r"image has shape \(3, 3, 1\); expected \(height, width\)"),
        (lambda: sliding_window(IMAGE, np.ones((6, 2))), "kernel is larger than the padded input"),
        (lambda: sliding_window(IMAGE, KERNEL, strides=0), "strides=0 is too small"),
        (lambda: plot_sliding_window(IMAGE, KERNEL, 9), "step=9 is too large; expected an integer of at least 0 and at most 8"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def texts(axes):
    """The numbers of an axes by (row, column)."""
    return {tuple(map(int, text.get_position()[::-1])): text.get_text() for text in axes.texts}


def test_figures_have_the_numbers():
    pytest.importorskip("matplotlib")
    figure = plot_sliding_window(IMAGE, KERNEL, 4)
    image, kernel, output = figure.axes
    assert texts(image) == {place: str(value) for place, value in np.ndenumerate(IMAGE)}
    assert texts(kernel) == {place: str(value) for place, value in np.ndenumerate(KERNEL)}
    assert texts(output) == {(0, 0): "6", (0, 1): "2", (0, 2): "3", (1, 0): "4", (1, 1): "3"}
    assert image.patches[-1].get_bbox().bounds == (0.5, 0.5, 3, 3)
    assert figure.get_suptitle() == "1·1 + 1·0 + 0·1 + 0·0 + 1·1 + 1·1 + 0·1 + 1·0 + 0·1 = 3"
    assert len(texts(plot_sliding_window(IMAGE, KERNEL).axes[2])) == 9
    padded = plot_sliding_window(IMAGE, -KERNEL, 0, padding="same")
    assert texts(padded.axes[0])[0, 0] == "0"
    assert padded.get_suptitle().endswith("= (−2)")


def test_animations_have_a_frame_for_each_step(tmp_path):
    pytest.importorskip("matplotlib")
    pillow = pytest.importorskip("PIL.Image")
    animation = animate_sliding_window(IMAGE, KERNEL, strides=2, size=0.2)
    animation.save(tmp_path / "window.gif", writer="pillow")
    with pillow.open(tmp_path / "window.gif") as file:
        assert file.n_frames == 4
    assert len(texts(animation._fig.axes[2])) == 4
