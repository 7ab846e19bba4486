"""What figures share."""

import sys

import numpy as np
import pytest

import striate
from striate import visualize
from striate.visualize.figures import COLORS, INK, displayable, grid_of_axes, show_signed, styled


def test_values_are_shown_as_they_are_or_scaled_together():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2, 3, 3, 3)).astype(np.uint8)
    np.testing.assert_allclose(displayable(images), images / 255)
    floats = rng.random((2, 3, 3, 1))
    np.testing.assert_array_equal(displayable(floats), floats[..., 0])
    wide = rng.uniform(-3, 5, (2, 3, 3, 3))
    np.testing.assert_allclose(displayable(wide), (wide - wide.min()) / np.ptp(wide))
    np.testing.assert_allclose(displayable(floats.repeat(2, -1)), floats[..., 0])
    np.testing.assert_array_equal(displayable(np.array([[[[True], [False]]]])), [[[1, 0]]])
    np.testing.assert_array_equal(displayable(np.full((1, 1, 1), 7.0)), [[0]])


def contrast(color, page):
    """The contrast of two colours, by WCAG 2."""

    def luminance(color):
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        return np.dot([0.2126, 0.7152, 0.0722], [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts])

    low, high = sorted([luminance(color), luminance(page)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", ["#ffffff", "#14181e"])
def test_text_and_lines_are_legible_on_light_and_dark_pages(page):
    assert contrast(INK, page) > 3.9
    assert min(contrast(color, page) for color in COLORS) > 2.3


def test_the_style_does_not_outlast_the_figure():
    matplotlib = pytest.importorskip("matplotlib")
    before = dict(matplotlib.rcParams)
    with styled() as plt:
        figure, axes = grid_of_axes(plt, 5, columns=3)
        assert len(axes) == 5
        assert figure.get_facecolor()[3] == 0  # transparent
    assert dict(matplotlib.rcParams) == before


def test_nothing_but_figures_needs_matplotlib(monkeypatch, classifier, images):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    visualize.filters(classifier)
    visualize.feature_maps(classifier, images)
    visualize.grad_cam(classifier, images)
    visualize.maximize(classifier, 0, steps=1)
    visualize.overlay(images[0], np.ones((7, 6)))
    visualize.draw_model(classifier)
    visualize.ImageGrid(images)._repr_html_()
    plots = [name for name in visualize.__all__ if name.startswith(("plot_", "animate_"))]
    assert len(plots) == 14
    arguments = {
        "plot_filters": (classifier,), "plot_images": (images,), "plot_sliding_window": (np.ones((3, 3)), np.ones((2, 2))),
        "plot_confusion_matrix": ([0], [0]), "animate_sliding_window": (np.ones((3, 3)), np.ones((2, 2))),
        "plot_embeddings": (np.ones((2, 2)),), "plot_explanation": (images, images[..., 0]),
        "plot_feature_maps": (classifier, images[0]), "plot_history": ({"loss": [1.0]},),
        "plot_maximized": (classifier, 0), "plot_receptive_field": (classifier, images),
        "plot_roc": (striate.metrics.roc_curve([0, 1], [0.2, 0.8]),), "plot_top_patches": (classifier, images, 0),
        "plot_wrong_examples": (images, [0] * 3, np.eye(3)),
    }  # fmt: skip
    for name in plots:
        with pytest.raises(ImportError, match=r"figures need matplotlib, which is not installed; install it with pip install"):
            getattr(visualize, name)(*arguments[name])


def test_importing_the_library_does_not_import_figures():
    import subprocess

    code = "import sys, striate, striate.visualize; assert 'matplotlib' not in sys.modules"
    lazily = "import sys, striate; assert 'striate.visualize' not in sys.modules; striate.visualize.filters"
    for each in (code, lazily):
        subprocess.run([sys.executable, "-c", each], check=True)
    assert "visualize" in dir(striate)


def test_values_with_signs_are_red_and_blue_and_transparent_where_they_are_zero():
    pytest.importorskip("matplotlib")
    with styled() as plt:
        _, axes = plt.subplots()
        drawn = show_signed(axes, np.array([[-4.0, -2.0, 0.0, 1.0, 4.0]]))
    colors = drawn.to_rgba(drawn.get_array())[0]
    np.testing.assert_allclose(colors[:, 3], [1, 0.75, 0, 0.4375, 1], atol=0.02)
    assert (colors[:2, 2] > colors[:2, 0]).all()
    assert (colors[3:, 0] > colors[3:, 2]).all()
