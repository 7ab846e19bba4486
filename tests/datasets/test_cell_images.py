"""Synthetic cells: what they depend on, and that the labels are those of roundish cells that touch, in light that changes."""

import zlib

import numpy as np
import pytest

from striate import image
from striate.datasets import cell_images


@pytest.fixture(scope="module")
def images():
    return cell_images.generate(60, 64, seed=3)


def test_shapes_and_dtypes(images):
    x, y = images
    assert x.shape == y.shape == (60, 64, 64)
    assert x.dtype == y.dtype == np.uint8


def test_images_depend_on_seed_and_index_only(images):
    fewer = cell_images.generate(4, 64, seed=3)
    other = cell_images.generate(4, 64, seed=4)
    for array, few, different in zip(images, fewer, other, strict=True):
        np.testing.assert_array_equal(few, array[:4])
        assert (few != different).any((1, 2)).all()


def test_images_are_the_same_on_every_machine():
    x, y = cell_images.generate(8, 48, seed=5)
    assert (zlib.crc32(x.tobytes()), zlib.crc32(y.tobytes())) == (2369430847, 1570613862)


def test_each_cell_is_one_roundish_region(images):
    count = 0
    for labels in images[1]:
        regions = image.region_properties(labels.astype(np.int32))
        assert [region.label for region in regions] == list(range(1, len(regions) + 1))
        for region in regions:
            count += 1
            longer, shorter = region.axes
            assert longer < 2.5 * shorter
            assert 0.6 < region.area / (np.pi / 4 * longer * shorter) < 1.1  # the area of the ellipse with the same moments
    assert count > 600


def test_most_cells_touch_others(images):
    alone = sum(image.label(labels > 0).max() for labels in images[1])
    assert alone < 0.6 * images[1].max((1, 2)).sum()


def test_cells_are_brighter_than_what_is_around_them_and_brightest_where_they_overlap(images):
    x, y = images
    contrasts = [each[labels > 0].mean() / max(each[labels == 0].mean(), 1) for each, labels in zip(x, y, strict=True)]
    assert min(contrasts) > 1.2
    assert max(contrasts) > 4


def test_light_noise_and_sizes_change(images):
    x, y = images
    background = [each[labels == 0].astype(float) for each, labels in zip(x, y, strict=True)]
    assert max(map(np.mean, background)) > 4 * min(map(np.mean, background))
    assert max(map(np.std, background)) > 2 * min(map(np.std, background))
    areas = [np.bincount(labels.ravel())[1:] for labels in y]
    assert max(map(max, areas)) > 4 * min(map(min, areas))
    dark = np.ma.masked_array(x, y > 0)
    slopes = dark[:, :, :32].mean((1, 2)) / dark[:, :, 32:].mean((1, 2))
    assert slopes.min() < 0.9
    assert slopes.max() > 1.1


def test_load_data_is_what_its_seeds_generate(monkeypatch):
    monkeypatch.setattr(cell_images, "generate", lambda *arguments, **settings: (arguments, settings))
    assert cell_images.load_data(48) == (((400, 48), {"seed": 0}), ((100, 48), {"seed": 1}))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": -1}, ValueError, "n=-1 is too small"),
        ({"n": 1, "size": 31}, ValueError, "size=31 is too small; expected an integer of at least 32 and at most 1024"),
        ({"n": 2**62}, MemoryError, r"no memory for an array of shape \(4611686018427387904, 96, 96\)"),
        ({"n": 1, "seed": 1.5}, TypeError, "seed=1.5 is of type float"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        cell_images.generate(**arguments)
