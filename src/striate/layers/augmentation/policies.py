"""Policies of augmentation: layers that choose at random among other augmentations."""

import numpy as np

from ..._common.checks import boolean, choice, integer, number
from ..._common.docstrings import documented
from ..base import Layer
from .arguments import fractions
from .base import AUGMENTATIONS_DOC, Photometric
from .colors import RandomColorDegeneration
from .geometric import RandomRotation, RandomShear, RandomTranslation
from .histograms import Equalization
from .photometric import AutoContrast, RandomBrightness, RandomContrast, RandomPosterization, RandomSharpness, Solarization

_MOST_BITS = 8  # of `RandomPosterization`

#: Augmentations that AugMix may leave out, since they resemble the corruptions that it is tested on.
_LIKE_CORRUPTIONS = ("random_brightness", "random_color_degeneration", "random_contrast", "random_sharpness")


class _Policy(Photometric):
    """The base class of policies, which draw and apply transformations of other layers in each run."""

    moves_pixels = True

    def __init__(self, value_range, factor, interpolation, **kwargs):
        super().__init__(value_range, **kwargs)
        self.factor = fractions("factor", factor)
        self.interpolation = choice("interpolation", interpolation, ("bilinear", "nearest"))
        self._augmentations = self._made()

    def _made(self):
        """Return the augmentations to choose from, by Keras' names of them."""
        shared = {
            "data_format": self.data_format, "dtype": self.dtype, "bounding_box_format": self.bounding_box_format
        }  # fmt: skip
        moving, colored = {"interpolation": self.interpolation, **shared}, {"value_range": self.value_range, **shared}
        bits = max(1, int(_MOST_BITS * self.factor[1]))
        return {
            "random_shear": RandomShear(self.factor, self.factor, **moving),
            "random_translation": RandomTranslation(self.factor, self.factor, **moving),
            "random_rotation": RandomRotation(self.factor, **moving),
            "random_brightness": RandomBrightness(self.factor, **colored),
            "random_color_degeneration": RandomColorDegeneration(self.factor, **colored),
            "random_contrast": RandomContrast(self.factor, **colored),
            "random_sharpness": RandomSharpness(self.factor, **colored),
            "random_posterization": RandomPosterization(bits, **colored),
            "solarization": Solarization(self.factor, self.factor, **colored),
            "auto_contrast": AutoContrast(**colored),
            "equalization": Equalization(**colored),
        }

    def _check_channels(self, input_shape, channels):
        for layer in self._augmentations.values():
            layer._check_channels(input_shape, channels)

    def call(self, x, *, training):
        """Transform images in training, as `forward` does."""
        return Layer.call(self, x) if training else x

    def forward(self, x, *, training, rng):
        """Return transformed images."""
        transformation = self.get_random_transformation(x, seed=self._own_rng or rng)
        return self.transform_images(x, transformation), None

    def _drawn_by(self, name, rng, shape):
        """Return a random transformation of the augmentation of a name."""
        return {**self._augmentations[name]._sample(rng, shape), "input_shape": self._shape_in_format(shape)}

    def get_config(self):
        """Return the constructor's arguments."""
        return {"factor": self.factor, "interpolation": self.interpolation, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class RandAugment(_Policy):
    """Apply some augmentations, chosen at random for each batch: shear, shift, rotation, brightness, colours, contrast,
    sharpness, posterization, solarization, automatic contrast and equalization.

    Parameters
    ----------
    num_ops : int
        Number of augmentations that are applied one after another.
    factor : float or pair of float
        Range of the strength of each augmentation, from 0 to 1. One number means the range from 0 to that number.

    Notes
    -----
    Input and output (batch, height, width, 3). No gradient passes the layer in training.

    References
    ----------
    .. [1] Cubuk, E. D. et al., "RandAugment: Practical automated data augmentation with a reduced search space", NeurIPS 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.full((2, 8, 8, 3), 100.0, np.float32)
    >>> layers.RandAugment(seed=0)(x, training=True).shape
    (2, 8, 8, 3)
    """

    def __init__(
        self,
        value_range=(0, 255),
        num_ops=2,
        factor=0.5,
        interpolation="bilinear",
        seed=None,
        data_format=None,
        **kwargs,
    ):
        super().__init__(value_range, factor, interpolation, seed=seed, data_format=data_format, **kwargs)
        self.num_ops = integer("num_ops", num_ops, 0)

    def _sample(self, rng, shape):
        names = list(self._augmentations)
        indices = rng.integers(len(names), size=self.num_ops)
        transforms = {names[i]: self._drawn_by(names[i], rng, shape) for i in sorted(set(indices))}
        return {"transforms": transforms, "layer_idxes": indices}

    def _steps(self, transformation, training):
        """Return pairs (layer, transformation) in the order in which they are applied."""
        if transformation is None or not training:
            return []
        names = list(self._augmentations)
        chosen = [names[int(i)] for i in transformation["layer_idxes"]]
        return [(self._augmentations[name], transformation["transforms"][name]) for name in chosen]

    def transform_images(self, images, transformation, training=True):
        """Return transformed images; see `ImageTransformation`."""
        images = np.asarray(images, self.dtype)
        for layer, drawn in self._steps(transformation, training):
            images = layer.transform_images(images, drawn)
        return images

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        """Return the bounding boxes of transformed images; see `ImageTransformation`."""
        for layer, drawn in self._steps(transformation, training):
            bounding_boxes = layer.transform_bounding_boxes(bounding_boxes, drawn)
        return bounding_boxes

    def transform_segmentation_masks(self, segmentation_masks, transformation, training=True):
        """Return the segmentation masks of transformed images; see `ImageTransformation`."""
        for layer, drawn in self._steps(transformation, training):
            segmentation_masks = layer.transform_segmentation_masks(segmentation_masks, drawn)
        return segmentation_masks

    def get_config(self):
        """Return the constructor's arguments."""
        return {"num_ops": self.num_ops, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class AugMix(_Policy):
    """Mix images with several versions of them, each changed by a chain of augmentations that are chosen at random for a batch.

    Parameters
    ----------
    num_chains : int
        Number of chains.
    chain_depth : int
        Number of augmentations of a chain; some may be left out at random.
    factor : float or pair of float
        Range of the strength of each augmentation, from 0 to 1. One number means the range from 0 to that number.
    alpha : float
        Parameter of the Dirichlet and beta distributions of the weights.
    all_ops : bool
        Whether brightness, contrast, sharpness and colours are changed, too.

    Notes
    -----
    Input and output (batch, height, width, 3). No gradient passes the layer in training. Bounding boxes and segmentation masks
    stay as they are, since the unchanged image is a part of the result; Keras mixes masks.

    References
    ----------
    .. [1] Hendrycks, D. et al., "AugMix: A simple data processing method to improve robustness and uncertainty", ICLR 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.full((2, 8, 8, 3), 100.0, np.float32)
    >>> layers.AugMix(seed=0)(x, training=True).shape
    (2, 8, 8, 3)
    """

    moves_pixels = False

    def __init__(
        self,
        value_range=(0, 255),
        num_chains=3,
        chain_depth=3,
        factor=0.3,
        alpha=1.0,
        all_ops=True,
        interpolation="bilinear",
        seed=None,
        data_format=None,
        **kwargs,
    ):
        self.all_ops = boolean("all_ops", all_ops)
        super().__init__(value_range, factor, interpolation, seed=seed, data_format=data_format, **kwargs)
        self.num_chains = integer("num_chains", num_chains, 1)
        self.chain_depth = integer("chain_depth", chain_depth, 1)
        self.alpha = number("alpha", alpha, 0, open_minimum=True)

    def _made(self):
        return {name: each for name, each in super()._made().items() if self.all_ops or name not in _LIKE_CORRUPTIONS}

    def _sample(self, rng, shape):
        names = [*self._augmentations, None]  # None leaves a step out.
        chosen = [[names[i] for i in rng.integers(len(names), size=self.chain_depth)] for _ in range(self.num_chains)]
        chains = [
            [{"layer_name": name, "transformation": self._drawn_by(name, rng, shape)} for name in chain if name is not None]
            for chain in chosen
        ]
        return {
            "chain_mixing_weights": rng.dirichlet([self.alpha] * self.num_chains),
            "weight_sample": rng.beta(self.alpha, self.alpha),
            "chain_transforms": chains,
        }

    def transform_images(self, images, transformation, training=True):
        """Return transformed images; see `ImageTransformation`."""
        images = np.asarray(images, self.dtype)
        if transformation is None or not training:
            return images
        mixture = np.zeros_like(images)
        chains = zip(transformation["chain_mixing_weights"], transformation["chain_transforms"], strict=True)
        for weight, chain in chains:
            changed = images
            for step in chain:
                changed = self._augmentations[step["layer_name"]].transform_images(changed, step["transformation"])
            mixture += images.dtype.type(weight) * changed
        weight = images.dtype.type(transformation["weight_sample"])
        return np.clip(weight * images + (1 - weight) * mixture, *self.value_range)

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("num_chains", "chain_depth", "alpha", "all_ops")
        return {**{name: getattr(self, name) for name in names}, **super().get_config()}
