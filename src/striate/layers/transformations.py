"""The base class of layers that transform images, and with them labels, bounding boxes and segmentation masks."""

import functools

import numpy as np

from .._common.boxes import FORMATS, converted
from .._common.checks import choice, real_array, shown
from ..engine import Graph, Plan, operations
from ..threads import get_num_threads
from .images import ImageLayer

#: Label of boxes that fill up the number of boxes, and of those that have left the image, as in Keras.
NO_LABEL = -1


class ImageTransformation(ImageLayer):
    """A layer that transforms images, and what belongs to them.

    It is called on images, or on a dict with "images" and any of "labels", "bounding_boxes" (a dict of "boxes" and "labels")
    and "segmentation_masks", which are transformed alike; other entries are passed on.

    A subclass defines `_transform`, and where they apply:

    - `_sample`, which draws a transformation, a dict of arrays, for each image of a batch;
    - `_arguments`, which computes from a transformation the arrays that `_transform` takes;
    - `_move_boxes`, if `moves_pixels`.

    Parameters
    ----------
    bounding_box_format : str, optional
        Format of bounding boxes, such as "xyxy"; see `striate.detection.convert_boxes`. Needed for inputs with boxes.
    data_format, name, trainable, dtype
        See `ImageLayer`.
    """

    active_when_called = True  # As in Keras, a call on arrays without `training` transforms the images.

    #: Whether bounding boxes and segmentation masks change with the images.
    moves_pixels = False

    def __init__(self, *, bounding_box_format=None, **kwargs):
        super().__init__(**kwargs)
        self.bounding_box_format = (
            None if bounding_box_format is None else choice("bounding_box_format", bounding_box_format, FORMATS)
        )

    def __call__(self, x, *, training=None, rng=None):
        """Return transformed images, or a dict in which all that belongs to them is transformed alike; see `Layer`."""
        if isinstance(x, dict):
            return self._transform_samples(x, self.active_when_called if training is None else training, rng)
        return super().__call__(x, training=training, rng=rng)

    def call(self, x, *, training):
        """Transform images."""
        if not self._active(training):
            return self._pass_on(x)
        x = self._with_channels_last(x)
        return self._in_format(self._transform(x, self._drawn(x)))

    # ------------------------------------------------------------------------------------------- what a subclass defines

    def _active(self, training):
        """Return whether images are transformed in training, or else in inference."""
        return True

    def _pass_on(self, x):
        """Return images, a value, in a mode in which the layer is not active."""
        return x

    def _sample(self, rng, shape):
        """Return a random transformation, a dict of arrays, for images of a shape (batch, height, width, channels)."""
        return {}

    def _arguments(self, transformation, shape):
        """Return the arrays, by name, that `_transform` takes for a transformation and images of a shape."""
        return {}

    def _transform(self, x, arguments, interpolation=None):
        """Return transformed images.

        Parameters
        ----------
        x : Value, shape (batch, height, width, channels)
            Images.
        arguments : dict of str to Value
            What `_arguments` returned.
        interpolation : str, optional
            How pixels are moved; None for the layer's way. Segmentation masks need "nearest".
        """
        raise NotImplementedError

    def _move_boxes(self, boxes, transformation, size):
        """Return moved boxes.

        Parameters
        ----------
        boxes : ndarray of float32, shape (batch, boxes, 4)
            Boxes "xyxy".
        transformation : dict of str to ndarray
            The transformation.
        size : pair of int
            Height and width of the images.
        """
        raise NotImplementedError

    # --------------------------------------------------------------------------------------------------- transformations

    def get_random_transformation(self, data, training=True, seed=None):
        """Return the parameters of a random transformation.

        Parameters
        ----------
        data : ndarray or dict
            Images, or a dict with "images".
        training : bool
            Whether the layer is in training mode.
        seed : None, int or numpy.random.Generator
            Where random numbers come from; those of the layer if None.

        Returns
        -------
        dict of str to ndarray, or None
            The parameters, one for each image; None if the layer does nothing in this mode.
        """
        shape = np.shape(data["images"] if isinstance(data, dict) else data)
        if len(shape) not in (3, 4):
            raise ValueError(f"layer {self.name!r} got images of shape {shape}; expected 3 dimensions (one image) or 4")
        if not self._active(training):
            return None
        batch = self._shape_with_channels_last(shape if len(shape) == 4 else (1, *shape))
        return {**self._sample(self._generator(seed), batch), "input_shape": shape}

    def _generator(self, seed):
        """Return where random numbers come from; a layer without any needs none."""
        return None

    def transform_images(self, images, transformation, training=True):
        """Return transformed images.

        Parameters
        ----------
        images : array_like, shape (batch, height, width, channels) or (height, width, channels)
            Images, or one image.
        transformation : dict of str to ndarray
            What `get_random_transformation` returned.
        training : bool
            Whether the layer is in training mode.
        """
        images = real_array("images", images, self.dtype)
        return self._run(self._transform, images, transformation, training)

    def transform_labels(self, labels, transformation, training=True):
        """Return the labels of transformed images; for the parameters, see `transform_images`."""
        return labels

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        """Return the bounding boxes of transformed images, a dict of "boxes" and "labels".

        Boxes that leave the image get the label -1. For the other parameters, see `transform_images`.
        """
        if not self.moves_pixels or transformation is None or not self._active(training):
            return bounding_boxes
        boxes, labels = real_array("boxes", bounding_boxes["boxes"], np.float32), np.asarray(bounding_boxes["labels"])
        single = boxes.ndim == 2
        size = self._size_in(transformation)
        corners = converted(boxes[np.newaxis] if single else boxes, self.bounding_box_format, "xyxy", size)
        corners = self._move_boxes(corners, transformation, size).astype(np.float32)
        height, width = size = self._output_size(*size)
        corners = np.clip(corners, 0, np.array([width, height, width, height], np.float32))
        corners = corners[0] if single else corners
        empty = np.prod(corners[..., 2:] - corners[..., :2], -1) <= 0
        labels = np.where(empty[..., np.newaxis] if labels.ndim > empty.ndim else empty, NO_LABEL, labels).astype(labels.dtype)
        return {**bounding_boxes, "boxes": converted(corners, "xyxy", self.bounding_box_format, size), "labels": labels}

    def transform_segmentation_masks(self, segmentation_masks, transformation, training=True):
        """Return the segmentation masks of transformed images, in their dtype; for the parameters, see `transform_images`."""
        masks = np.asarray(segmentation_masks)
        if not self.moves_pixels or not self._active(training):
            return masks
        nearest = functools.partial(self._transform, interpolation="nearest")
        return self._run(nearest, masks, transformation, training).astype(masks.dtype, copy=False)

    def transform_single_image(self, image, transformation, training=True):
        """Return one transformed image; see `transform_images`."""
        return self.transform_images(np.asarray(image)[np.newaxis], transformation, training)[0]

    def transform_single_label(self, label, transformation, training=True):
        """Return the label of one transformed image; see `transform_labels`."""
        return self.transform_labels(np.asarray(label)[np.newaxis], transformation, training)[0]

    def transform_single_bounding_box(self, bounding_box, transformation, training=True):
        """Return the boxes of one transformed image; see `transform_bounding_boxes`."""
        batch = {name: np.asarray(each)[np.newaxis] for name, each in bounding_box.items()}
        return {name: each[0] for name, each in self.transform_bounding_boxes(batch, transformation, training).items()}

    def transform_single_segmentation_mask(self, segmentation_mask, transformation, training=True):
        """Return the segmentation mask of one transformed image; see `transform_segmentation_masks`."""
        return self.transform_segmentation_masks(np.asarray(segmentation_mask)[np.newaxis], transformation, training)[0]

    def _transform_samples(self, data, training, rng):
        """Return a dict of images and what belongs to them, transformed alike."""
        if "images" not in data:
            raise ValueError(f"layer {self.name!r} got a dict without 'images', but {sorted(data)}; expected it")
        single = np.ndim(data["images"]) == 3
        transformation = self.get_random_transformation(data, training, rng)
        transformed = {"images": self.transform_single_image if single else self.transform_images}
        transformed["labels"] = self.transform_single_label if single else self.transform_labels
        if "bounding_boxes" in data:
            self._check_boxes(data["bounding_boxes"])
            transformed["bounding_boxes"] = self.transform_single_bounding_box if single else self.transform_bounding_boxes
        transformed["segmentation_masks"] = (
            self.transform_single_segmentation_mask if single else self.transform_segmentation_masks
        )
        return {
            name: transformed[name](each, transformation, training) if name in transformed else each
            for name, each in data.items()
        }

    def _check_boxes(self, bounding_boxes):
        """Raise an error unless bounding boxes are a dict of boxes and labels, and their format is known."""
        if not isinstance(bounding_boxes, dict) or not {"boxes", "labels"} <= set(bounding_boxes):
            raise ValueError(f"bounding_boxes={shown(bounding_boxes)} is not a dict of 'boxes' and 'labels'; expected both")
        if self.bounding_box_format is None:
            raise ValueError(
                f"layer {self.name!r} got bounding boxes, but no bounding_box_format; expected one, such as 'xyxy', as argument"
            )

    def _size_in(self, transformation):
        """Return the height and width of the images that a transformation was drawn for."""
        return self._shape_with_channels_last(transformation["input_shape"])[-3:-1]

    # ------------------------------------------------------------------------------------------------------ computation

    def _drawn(self, x):
        """Return the arguments of `_transform` as values, drawn again in each run."""
        if type(self)._arguments is ImageTransformation._arguments:
            return {}
        shape = tuple(x.shape)

        def sample(rng):
            transformation = {**self._sample(rng, shape), "input_shape": self._shape_in_format(shape)}
            return self._arguments(transformation, shape)

        return operations.Sample(x.graph, sample, getattr(self, "_own_rng", None)).drawn

    def _run(self, transform, images, transformation, training):
        """Return what `transform`, a function of values, makes of an array of images, or of one image."""
        if transformation is None or not self._active(training):
            return images
        single = images.ndim == 3
        batch = images[np.newaxis] if single else images
        graph = Graph()
        with graph.within(self.name, training):
            x = self._with_channels_last(graph.input(batch.shape, self.dtype))
            arguments = self._arguments(transformation, tuple(x.shape))
            y = self._in_format(transform(x, {name: graph.constant(each) for name, each in arguments.items()}))
        (result,) = Plan(graph, [y], get_num_threads()).instantiate().compute([batch])
        return result[0] if single else result

    def get_config(self):
        """Return the constructor's arguments."""
        own = {} if self.bounding_box_format is None else {"bounding_box_format": self.bounding_box_format}
        return {**own, **super().get_config()}
