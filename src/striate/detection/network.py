"""The network of a detector: a backbone, a feature pyramid, and heads that are the same on each of its levels.

A level of stride s is a grid of locations, one for each s x s pixels; location (i, j) has its centre at the pixel
(s (j + 1/2), s (i + 1/2)). Its features are those of the backbone at this stride plus, twice as large, those of the next
coarser level (Lin et al., "Feature pyramid networks for object detection", CVPR 2017, figure 3). Heads predict for each
location scores of the classes, the distances from the location to the four sides of the object's box, and how near the location
is to its centre (Tian et al., "FCOS: fully convolutional one-stage object detection", ICCV 2019, figure 2).
"""

import math

import numpy as np

from .. import initializers, layers, ops
from .._common.checks import integers, text
from ..architectures.common import conv_norm, image_input, normalized
from ..config import with_channels_last
from ..models import Model
from ..saving import register_keras_serializable

#: Probability of each class at each location before training, so that the first steps are not lost on the background
#: (Lin et al., "Focal loss for dense object detection", ICCV 2017, section 4.1).
_PRIOR = 0.01


@with_channels_last
def simple_backbone(input_shape, filters=(16, 32, 64, 64, 64), rng=None):
    """Return a small network of features: stages of two 3×3 convolutions, the first of which halves height and width.

    Parameters
    ----------
    input_shape : tuple of (int or None)
        (height, width, channels) of an image.
    filters : sequence of int
        Filters of the convolutions of each stage; the first stage has only one.
    rng : None, int or numpy.random.Generator
        Source of the initial weights; see `striate.Model`.

    Returns
    -------
    Model
        A model with new weights, whose output has the stride ``2 ** len(filters)``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import detection
    >>> detection.simple_backbone((128, 128, 3), filters=(16, 32, 64)).output_shape
    (None, 16, 16, 64)
    """
    x = image = image_input(input_shape)
    for stage, count in enumerate(integers("filters", filters, 1), 1):
        x = conv_norm(x, count, 3, f"stage{stage}_conv1", 2)
        if stage > 1:
            x = conv_norm(x, count, 3, f"stage{stage}_conv2")
    if x is image:
        raise ValueError(f"filters={filters!r} is empty; expected the filters of at least one stage")
    return Model(image, x, name="backbone", rng=rng)


def features(backbone, strides):
    """Return the last tensors of a backbone with given strides, in their order, None for those that it does not have."""
    height, width = backbone.input_shape[1:3]
    found = dict.fromkeys(strides)
    for layer in backbone.layers:
        shape = layer.output.shape
        for stride in strides:
            if len(shape) == 4 and tuple(shape[1:3]) == (height // stride, width // stride):
                found[stride] = layer.output
    return list(found.values())


def pyramid(found, channels):
    """Return the levels of a feature pyramid, the finest first.

    Parameters
    ----------
    found : list of Tensor
        Features of the levels; None for those, at the end, that are made of the level before.
    channels : int
        Channels of all levels.
    """
    levels = []
    for i, x in enumerate(found):
        if x is None:
            levels.append(conv_norm(levels[-1], channels, 3, f"level{i}_conv", 2))
        else:
            levels.append(conv_norm(x, channels, 1, f"level{i}_lateral", activation=None))
    for i in reversed(range(len(levels) - 1)):
        coarser = layers.UpSampling2D(2, name=f"level{i}_up")(levels[i + 1])
        levels[i] = layers.Add(name=f"level{i}_add")([levels[i], coarser])
    return levels


def heads(levels, classes, depth):
    """Return what the heads predict on each level: logits of the classes, and five numbers that `Locations` takes.

    The convolutions are the same on all levels, and each level has its own normalization.
    """
    channels = levels[0].shape[-1]
    settings = {"padding": "same", "kernel_initializer": "he_normal"}
    for k in range(depth):
        convolution = layers.Conv2D(channels, 3, use_bias=False, name=f"head_conv{k + 1}", **settings)
        levels = [normalized(x, convolution, f"level{i}_head{k + 1}") for i, x in enumerate(levels)]
    settings = {"padding": "same", "kernel_initializer": initializers.RandomNormal(stddev=0.01)}
    prior = initializers.Constant(-math.log(1 / _PRIOR - 1))
    of_classes = layers.Conv2D(classes, 3, bias_initializer=prior, name="class_conv", **settings)
    of_boxes = layers.Conv2D(5, 3, name="box_conv", **settings)
    return [of_classes(x) for x in levels] + [of_boxes(x) for x in levels]


@register_keras_serializable("striate")
class Locations(layers.Layer):
    """The last layer of a detector: what the heads predict at all locations of all levels, with boxes in pixels.

    Parameters
    ----------
    strides : sequence of int
        Strides of the levels.
    classes : sequence of str
        Names of the classes, which a file keeps with the layer.
    **kwargs
        See `striate.layers.Layer`.

    Notes
    -----
    Inputs are the logits of the classes (batch, height, width, classes) of each level, then distances and centerness
    (batch, height, width, 5) of each. Outputs are logits (batch, locations, classes), boxes "xyxy" (batch, locations, 4) and
    logits of the centerness (batch, locations, 1), the finest level first, its locations row by row.
    """

    takes_lists = True

    def __init__(self, strides, classes, **kwargs):
        super().__init__(**kwargs)
        self.strides = integers("strides", strides, 1)
        self.classes = tuple(text(f"classes[{i}]", each) for i, each in enumerate(classes))

    def call(self, maps):
        """Return logits, boxes and centerness."""
        logits, rest = (
            ops.concatenate([ops.reshape(x, (x.shape[0], math.prod(x.shape[1:3]), x.shape[3])) for x in part], axis=1)
            for part in (maps[: len(self.strides)], maps[len(self.strides) :])
        )
        sizes = [x.shape[1:3] for x in maps[: len(self.strides)]]
        centers, strides = locations(sizes, self.strides)
        signs = np.array([-1, -1, 1, 1], np.float32)
        boxes = ops.exp(rest[..., :4]) * (signs * strides[:, np.newaxis]) + np.tile(centers, 2)
        return [logits, boxes, rest[..., 4:]]

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "strides": self.strides, "classes": self.classes}


def locations(sizes, strides):
    """Return the centres (locations, 2), x and y in pixels, and the strides (locations,) of the locations of all levels."""
    centers = [
        np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), -1).reshape(-1, 2) * stride
        for (height, width), stride in zip(sizes, strides, strict=True)
    ]
    repeated = [np.full(len(each), stride) for each, stride in zip(centers, strides, strict=True)]
    return np.concatenate(centers).astype(np.float32), np.concatenate(repeated).astype(np.float32)


@with_channels_last
def network(image_shape, classes, backbone, strides, channels, depth, rng):
    """Return the model of a detector; its outputs are called "classes", "boxes" and "centerness"."""
    found = features(backbone, strides)
    if found[0] is None:
        raise ValueError(f"backbone has no features of stride {strides[0]}; expected strides that begin with one that it has")
    pixels = image_input(image_shape)
    x = layers.Rescaling(1 / 127.5, offset=-1, name="rescaling")(pixels)
    trunk = Model(backbone.inputs[0], [each for each in found if each is not None], name="backbone")
    outputs = trunk(x)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    levels = pyramid([*outputs, *[None] * (len(found) - len(outputs))], channels)
    outputs = Locations(strides, classes, name="locations")(heads(levels, len(classes), depth))
    names = ("classes", "boxes", "centerness")  # by which training calls the losses
    outputs = [layers.Identity(name=name)(each) for name, each in zip(names, outputs, strict=True)]
    return Model(pixels, outputs, name="detector", rng=rng)
