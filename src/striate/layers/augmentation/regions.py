"""Augmentations that change rectangles of images, or mix images: erasing, CutMix and MixUp."""

import numpy as np

from ..._common.checks import number, shown
from ..._common.docstrings import documented
from ...engine.operators import apply
from .arguments import fractions
from .base import AUGMENTATIONS_DOC, Augmentation, Photometric, chosen, mixed, per_image

#: Smallest parameter of the beta distribution of mixing weights; 0 has no distribution.
_LEAST_ALPHA = 1e-6


@documented(AUGMENTATIONS_DOC)
class RandomErasing(Photometric):
    """Erase a rectangle of images at random.

    Parameters
    ----------
    factor : float or pair of float
        Range of the probability with which an image is erased, from 0 to 1. One number means the range from 0 to that number.
    scale : float or pair of float
        Range of the numbers whose square roots are the height and width of rectangles, as fractions of the image's. One number
        means the range from 0 to that number.
    fill_value : float or tuple of 3 floats, optional
        Colour of the rectangle; normally distributed noise if None.
    value_range : pair of float
        Smallest and largest value, to which the rectangle is clipped.

    References
    ----------
    .. [1] Zhong, Z. et al., "Random erasing data augmentation", AAAI 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    >>> layers.RandomErasing(1.0, seed=0)(x, training=True).shape
    (1, 8, 8, 1)
    """

    def __init__(
        self, factor=1.0, scale=(0.02, 0.33), fill_value=None, value_range=(0, 255), seed=None, data_format=None, **kwargs
    ):
        super().__init__(value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = fractions("factor", factor)
        self.scale = fractions("scale", scale)
        if isinstance(fill_value, (tuple, list)):
            if len(fill_value) != 3:
                raise ValueError(f"fill_value={shown(fill_value)} has {len(fill_value)} elements; expected a number, or three")
            self.fill_value = tuple(number(f"fill_value[{i}]", each) for i, each in enumerate(fill_value))
        else:
            self.fill_value = None if fill_value is None else number("fill_value", fill_value)

    def _sample(self, rng, shape):
        batch, *_ = shape
        ratios = np.sqrt(rng.uniform(*self.scale, (2, batch)))
        inside, _ = rectangles(rng, shape, *ratios)
        if self.fill_value is None:
            fill = rng.standard_normal(shape, np.float32) * self.value_range[1]
        else:
            fill = np.reshape(np.asarray(self.fill_value, np.float32), (1, 1, 1, -1))
        erased = chosen(rng, self.factor, batch)
        return {"apply_erasing": erased, "batch_masks": inside, "fill_value": np.clip(fill, *self.value_range)}

    def _arguments(self, transformation, shape):
        erased = per_image(transformation["apply_erasing"], self.dtype) * transformation["batch_masks"]
        return {"erased": erased, "fill": np.asarray(transformation["fill_value"], self.dtype)}

    def _transform(self, x, arguments, interpolation=None):
        return apply("where", arguments["erased"], arguments["fill"], x)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, "scale": self.scale, "fill_value": self.fill_value, **super().get_config()}


class _Mixing(Augmentation):
    """The base class of augmentations that mix each image of a batch with another one, and their labels alike."""

    def get_random_transformation(self, data, training=True, seed=None):
        """Return the parameters of a random transformation, None for one image; see `ImageTransformation`."""
        single = np.ndim(data["images"] if isinstance(data, dict) else data) == 3
        return None if single else super().get_random_transformation(data, training, seed)

    def _arguments(self, transformation, shape):
        return {"order": np.asarray(transformation["permutation_order"], np.int32)}

    def transform_labels(self, labels, transformation, training=True):
        """Return the mixed labels: floats, with one element for each class (or one number)."""
        if transformation is None or not self._active(training):
            return labels
        labels = np.asarray(labels)
        if labels.dtype.kind in "iu" and labels.shape[1:] in ((), (1,)):
            raise ValueError(
                f"layer {self.name!r} got labels of shape {labels.shape} and dtype {labels.dtype}, indices of classes; "
                "expected vectors over the classes, as utils.to_categorical makes them"
            )
        labels = labels if labels.dtype.kind == "f" else labels.astype(self.dtype)
        weights = np.asarray(transformation["mix_weight"], labels.dtype)
        weights = weights.reshape(-1, *[1] * (labels.ndim - 1))
        return weights * labels + (1 - weights) * labels[np.asarray(transformation["permutation_order"])]


@documented(AUGMENTATIONS_DOC)
class MixUp(_Mixing):
    """Mix each image of a batch with another one, and their labels with the same weights.

    Parameters
    ----------
    alpha : float
        Parameter of the beta distribution of the weights, from 0 to 1: the smaller, the less is mixed.

    Notes
    -----
    Labels are one-hot, or other floats: `x` is called as ``{"images": images, "labels": labels}``, before `fit` or in a loader.
    Boxes of both images are kept; segmentation masks are mixed as images are.

    References
    ----------
    .. [1] Zhang, H. et al., "mixup: Beyond empirical risk minimization", ICLR 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> batch = {"images": np.zeros((2, 4, 4, 3), np.float32), "labels": np.eye(2)}
    >>> layers.MixUp(seed=0)(batch, training=True)["labels"].sum(1)
    array([1., 1.])
    """

    moves_pixels = True

    def __init__(self, alpha=0.2, data_format=None, seed=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.alpha = number("alpha", alpha, 0, 1, open_minimum=True)

    def _sample(self, rng, shape):
        weights = rng.beta(self.alpha, self.alpha, shape[0])
        return {"mix_weight": weights, "permutation_order": rng.permutation(shape[0])}

    def _arguments(self, transformation, shape):
        return {"weights": per_image(transformation["mix_weight"], self.dtype), **super()._arguments(transformation, shape)}

    def _transform(self, x, arguments, interpolation=None):
        return mixed(arguments["weights"], x, apply("take", x, arguments["order"], axis=0))

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        """Return the boxes of both images; see `ImageTransformation`."""
        if transformation is None or not self._active(training):
            return bounding_boxes
        order = np.asarray(transformation["permutation_order"])
        both = {name: np.asarray(bounding_boxes[name]) for name in ("boxes", "labels")}
        return {name: np.concatenate([each, each[order]], 1) for name, each in both.items()}

    def transform_segmentation_masks(self, segmentation_masks, transformation, training=True):
        """Return mixed segmentation masks, as floats; see `ImageTransformation`."""
        return self.transform_images(segmentation_masks, transformation, training)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"alpha": self.alpha, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class CutMix(_Mixing):
    """Replace a rectangle of each image of a batch by that of another one, and mix their labels by its area.

    Parameters
    ----------
    factor : float or pair of float
        Range of the parameter of the beta distribution of the areas, from 0 to 1. One number means the range from 0 to that
        number.

    Notes
    -----
    Labels are one-hot, or other floats; see `MixUp`. Bounding boxes cannot be mixed.

    References
    ----------
    .. [1] Yun, S. et al., "CutMix: Regularization strategy to train strong classifiers with localizable features", ICCV 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> batch = {"images": np.zeros((2, 4, 4, 3), np.float32), "labels": np.eye(2)}
    >>> layers.CutMix(seed=0)(batch, training=True)["labels"].sum(1)
    array([1., 1.])
    """

    moves_pixels = True

    def __init__(self, factor=1.0, seed=None, data_format=None, **kwargs):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = fractions("factor", factor)

    def _sample(self, rng, shape):
        batch, height, width, _ = shape
        alpha = max(rng.uniform(*self.factor), _LEAST_ALPHA)
        ratios = np.sqrt(1 - rng.beta(alpha, alpha, batch))
        inside, areas = rectangles(rng, shape, ratios, ratios)
        order = rng.permutation(batch)
        return {"permutation_order": order, "batch_masks": inside, "mix_weight": 1 - areas / (height * width)}

    def _arguments(self, transformation, shape):
        return {
            "inside": np.asarray(transformation["batch_masks"], self.dtype),
            **super()._arguments(transformation, shape),
        }

    def _transform(self, x, arguments, interpolation=None):
        return apply("where", arguments["inside"], apply("take", x, arguments["order"], axis=0), x)

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        """Raise an error, since boxes cannot be mixed."""
        raise NotImplementedError(f"layer {self.name!r} got bounding boxes; expected images and labels, as CutMix has no boxes")

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, **super().get_config()}


def rectangles(rng, shape, height_ratios, width_ratios):
    """Return which pixels lie in a random rectangle of each image, (batch, height, width, 1), and the areas of the rectangles.

    The ratios, arrays (batch,), are the heights and widths of rectangles as fractions of those of the images.
    """
    batch, *sizes, _ = shape
    inside, areas = np.ones((batch, 1, 1, 1), bool), np.ones(batch)
    for axis, (size, ratios) in enumerate(zip(sizes, (height_ratios, width_ratios), strict=True), 1):
        length = size * ratios
        start = rng.random(batch) * (size - length)
        pixels, (first, end) = np.arange(size), (each[:, np.newaxis] for each in (start, start + length))
        within = (pixels >= first) & (pixels < end)
        inside = inside & within.reshape(batch, *[size if each == axis else 1 for each in (1, 2, 3)])
        areas *= length
    return inside, areas
