"""Galleries: which images stand where, titles, legends and files."""

import numpy as np
import pytest

from striate import visualization

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
plt = pytest.importorskip("matplotlib.pyplot")

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 8, 6, 3)).astype(np.uint8)


@pytest.fixture(autouse=True)
def closing():
    yield
    plt.close("all")


def pixels(figure):
    """Return the images in a figure, 0 to 1."""
    return [np.asarray(axes.images[0].get_array()) for axes in figure.axes]


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize(("low", "high"), [(0, 255), (-1.0, 1.0)])
def test_images_stand_in_their_order(data_format, low, high):
    images = IMAGES / 255 * (high - low) + low
    images = images if data_format == "channels_last" else images.transpose(0, 3, 1, 2)
    settings = {"value_range": (low, high), "data_format": data_format, "show": False}
    figure = visualization.plot_image_gallery(images, **settings)
    np.testing.assert_allclose(pixels(figure), IMAGES / 255, atol=1e-6)
    few = visualization.plot_image_gallery(images, rows=1, cols=3, **settings)
    np.testing.assert_allclose(pixels(few), IMAGES[:3] / 255, atol=1e-6)
    assert len({round(axes.get_position().y0, 3) for axes in few.axes}) == 1


def test_titles_are_names_of_classes():
    names = {0: "cat", 1: "dog"}
    figure = visualization.plot_image_gallery(IMAGES, [0, 1, 2], np.array([1, 1, 0, 0, 0]), names, show=False)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["Label: cat  Pred: dog", "Label: dog  Pred: dog", "Label: Unknown  Pred: cat", "Pred: cat", "Pred: cat"]


def test_a_gallery_is_written(tmp_path):
    assert visualization.plot_image_gallery(IMAGES, path=tmp_path / "gallery.png") is None
    assert plt.imread(tmp_path / "gallery.png").ndim == 3
    assert not plt.get_fignums()


def test_boxes_have_the_colors_of_the_legend():
    pytest.importorskip("PIL")
    truth = {"boxes": np.tile([[[1, 1, 4, 4]]], (5, 1, 1)), "labels": np.zeros((5, 1), int)}
    guess = {"boxes": np.tile([[[2, 4, 6, 8]]], (5, 1, 1)), "labels": np.zeros((5, 1), int)}
    colors = {"true_color": (255, 0, 0), "pred_color": (0, 0, 255)}
    drawn = IMAGES.copy()
    for boxes, color in ((truth, (255, 0, 0)), (guess, (0, 0, 255))):
        drawn = visualization.draw_bounding_boxes(drawn, boxes, "xyxy", color=color, line_thickness=1)
    settings = {"line_thickness": 1, "legend": True, "show": False, **colors}
    figure = visualization.plot_bounding_box_gallery(IMAGES / 255, "xyxy", truth, guess, value_range=(0, 1), **settings)
    np.testing.assert_allclose(pixels(figure), drawn / 255, atol=1e-6)
    assert [each.get_facecolor()[:3] for each in figure.legends[0].get_patches()] == [(1, 0, 0), (0, 0, 1)]


def test_masks_stand_beside_their_images():
    masks = np.random.default_rng(1).integers(0, 3, (5, 8, 6))
    figure = visualization.plot_segmentation_mask_gallery(IMAGES, 3, y_true=masks[..., None], y_pred=masks * 0, show=False)
    truth, guess = (visualization.draw_segmentation_masks(IMAGES, each[..., None], 3) for each in (masks, masks * 0))
    expected = np.stack([IMAGES, truth, guess], 1).reshape(15, 8, 6, 3)
    np.testing.assert_allclose(pixels(figure), expected / 255, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: visualization.plot_image_gallery(IMAGES, path="x.png", show=True), "expected one of them"),
        (lambda: visualization.plot_image_gallery(IMAGES, [0]), "label_map=None has no names"),
        (lambda: visualization.plot_image_gallery(IMAGES[0]), "expected a batch of images"),
        (lambda: visualization.plot_image_gallery(IMAGES, value_range=(1, 0)), "expected black below white"),
        (lambda: visualization.plot_image_gallery(IMAGES, value_range=1), "value_range=1 is not a range"),
        (lambda: visualization.plot_bounding_box_gallery(IMAGES, "xyxy", legend=True, legend_handles=[1]), "expected one of"),
    ],
)
def test_bad_arguments_are_reported(make, message):
    with pytest.raises(ValueError, match=message):
        make()
