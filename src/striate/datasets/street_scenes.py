"""Synthetic streets: pedestrians and vehicles that are drawn, not photographed, with the boxes around them, for detection.

Each scene is drawn from its seed and its index alone, as the vehicles of `striate.datasets.vehicles` are: of different sizes,
in front of houses and trees, behind poles and leaves, in changing light, sharp or a little out of focus. What a detector that
has learned from these drawings does with photographs is another question.
"""

from typing import NamedTuple

import numpy as np

from .._common.names import public_attributes
from . import vehicles
from .drawing import Canvas, blurred, check_amount, lit, uniform
from .placing import box_around, is_free, scenes_of
from .vehicles import draw_background, draw_foreground, draw_shadow

#: Names of the classes, by their labels: those of vehicles, and pedestrians.
CLASSES = (*vehicles.CLASSES, "pedestrian")

#: Largest number of objects in a scene, and of attempts to find a place for one.
_MOST, _ATTEMPTS = 5, 6

#: A pixel belongs to an object that changes its colour by this much, where 1 is the whole range.
_CHANGED = 0.02


def load_data(size=128):
    """Return synthetic streets: 2,000 scenes to train on and 500 to test on, which are drawn in about half a minute.

    Parameters
    ----------
    size : int
        Height and width of the scenes.

    Returns
    -------
    (x, boxes, labels), (x_test, boxes_test, labels_test) : tuples
        What `generate` returns for the seeds 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an integer from 64 to 1024.
    """
    return generate(2000, size, seed=0), generate(500, size, seed=1)


def generate(n, size=128, *, seed=0):
    """Return `n` synthetic streets with up to five pedestrians and vehicles.

    Parameters
    ----------
    n : int
        Number of scenes.
    size : int
        Height and width of the scenes, from 64 to 1024.
    seed : int
        Seed; scene i depends on it, on i and on `size` only, and is the same on every machine.

    Returns
    -------
    x : ndarray of uint8, shape (n, size, size, 3)
        The scenes.
    boxes : list of ndarray of float32, shape (objects, 4)
        Boxes (x_min, y_min, x_max, y_max) in pixels of each scene.
    labels : list of ndarray of uint8, shape (objects,)
        Labels, indices of `CLASSES`.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from striate.datasets import street_scenes
    >>> x, boxes, labels = street_scenes.generate(2)
    >>> x.shape, [[street_scenes.CLASSES[i] for i in each] for each in labels]
    ((2, 128, 128, 3), [['bicycle', 'bicycle'], ['lorry']])
    """
    n, size, seed = check_amount(n, size, 64, seed)
    return scenes_of(lambda rng: _scene(rng, size), (n, size, size, 3), seed)


def _scene(rng, size):
    """Return a scene, and the boxes and labels of what is in it."""
    horizon = size * uniform(rng, 0.2, 0.4)
    canvas = Canvas(size, uniform(rng, 0.35, 1, 3))
    draw_background(canvas, horizon, rng)
    boxes, labels = [], []
    for distance in np.sort(rng.random(rng.integers(1, _MOST + 1))):  # What is nearer is drawn later.
        ground = horizon + (0.2 + 0.75 * distance) * (size - horizon)
        label = int(rng.integers(len(CLASSES)))
        box = _add(canvas, label, ground, boxes, rng)
        if box is not None:
            boxes.append(box)
            labels.append(label)
    draw_foreground(canvas, rng)
    pixels = blurred(canvas.pixels, int(rng.integers(3)))
    return lit(pixels, rng), np.array(boxes, np.float32).reshape(-1, 4), np.array(labels, np.uint8)


def _add(canvas, label, ground, boxes, rng):
    """Draw an object whose lower end is at the row `ground`; return its box, or None if there was no place for it."""
    size = canvas.size
    for _ in range(_ATTEMPTS):
        scale = size * uniform(rng, 0.1, 0.2)
        stretch = uniform(rng, 0.7, 1) * (1 if rng.random() < 0.5 else -1)
        before = canvas.pixels.copy()
        canvas.place((uniform(rng, 0.08, 0.92) * size, ground), scale, uniform(rng, -0.06, 0.06), stretch)
        if label < len(vehicles.DRAW):
            draw_shadow(canvas, rng)
            empty_street = canvas.pixels.copy()
            vehicles.DRAW[label](canvas, rng)
        else:
            empty_street = before
            _pedestrian(canvas, rng)
        changed = np.abs(canvas.pixels - empty_street) > _CHANGED
        box = box_around(changed[..., 0] | changed[..., 1] | changed[..., 2])
        if box is not None and (box[2:] - box[:2]).min() >= 0.04 * size and is_free(box, boxes):
            return box
        canvas.pixels[:] = before
    return None


def _pedestrian(canvas, rng):
    """Draw someone who walks."""
    look = Look.random(rng)
    draw_pedestrian(canvas, look, uniform(rng, 0.85, 1.15), uniform(rng, 0.02, 0.2), uniform(rng, 0.05, 0.2))


class Look(NamedTuple):
    """The colours of someone."""

    skin: np.ndarray
    coat: np.ndarray
    trousers: np.ndarray
    hair: np.ndarray

    @classmethod
    def random(cls, rng):
        """Return random ones."""
        skin = uniform(rng, 0.25, 0.9) * np.array((1, 0.8, 0.65))
        return cls(skin, rng.random(3), rng.random(3) * 0.7, rng.random(3) * 0.5)


def draw_pedestrian(canvas, look, height, stride, swing):
    """Draw someone at the point (0, 0), legs, arms, a trunk and a head, with the feet and hands that far from the middle."""
    hip, shoulder = 0.48 * height, 0.8 * height
    for side in (-1, 1):
        canvas.line((0, hip), (side * stride, 0.05), 0.11, look.trousers)
        canvas.line((side * stride, 0.04), (side * stride + 0.07, 0.04), 0.07, (0.08, 0.08, 0.08))
    canvas.line((-0.06, shoulder - 0.03), (-0.06 - swing, hip), 0.08, 0.8 * look.coat)
    canvas.polygon([(-0.11, hip - 0.06), (0.11, hip - 0.06), (0.14, shoulder), (-0.14, shoulder)], look.coat)
    canvas.line((0.06, shoulder - 0.03), (0.06 + swing, hip), 0.08, 0.9 * look.coat)
    canvas.disk(0, height - 0.06, 0.085, look.hair)
    canvas.disk(0.02, height - 0.08, 0.075, look.skin)


__all__ = ["CLASSES", "generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
