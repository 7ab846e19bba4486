"""Detectors: a network that is trained on images with boxes, finds objects, and is judged by average precision."""

import functools
import itertools

import numpy as np

from .. import losses
from .._common.checks import boolean, integer, integers, number, sequence, shape, shown
from .._common.docstrings import documented
from .._common.errors import Constructed
from .._common.randomness import generator
from ..callbacks import Callback, CallbackList
from ..data import DataLoader
from ..models import Model, load_model
from ..models.arrays import check_batch_size
from ..optimizers import Adam
from ..optimizers.schedules import OneCycle
from .augmentation import changed, check_augmentation
from .dataset import Dataset, check_classes, check_dataset
from .losses import GIoULoss
from .network import Locations, locations, network, simple_backbone
from .objects import Detections
from .precision import average_precision
from .preparation import check_one, fitted, scaled
from .selection import clipped, select
from .targets import batch_targets, grid

#: Largest learning rate of the optimizer that `fit` makes.
_LEARNING_RATE = 0.006

#: Docstring section of what chooses among boxes.
_CHOICE_DOC = """
    Parameters
    ----------
    score_threshold : float
        Score, from 0 to 1, above which a box counts.
    iou_threshold : float
        Overlap beyond which the worse of two boxes of a class is left out; see `nms`.
    most : int
        Number of boxes in an image, the best.
    """


class Detector(Constructed):
    """A one-stage detector without anchors: FCOS [1]_ on any backbone.

    The network has a feature pyramid on some features of its backbone, and predicts at each location of each level scores of
    the classes, a box, and how near the location is to the centre of its object. Training minimizes the sum of a focal loss for
    the classes, `GIoULoss` for the boxes, and a cross-entropy for the centerness.

    Parameters
    ----------
    classes : sequence of str
        Names of the classes.
    image_shape : tuple of int
        (height, width, channels) of the network's input, with 1 channel or 3. Other images are resized to fit into it.
    backbone : Model, optional
        A network of features, such as ``striate.architectures.ResNet18(image_shape, include_top=False)``; `simple_backbone`
        if None. The pyramid reads its last features of each stride, and its weights are trained, too.
    strides : sequence of int
        Strides of the levels, each twice the one before; height and width of the image are multiples of them. Of strides beyond
        those of the backbone, levels are made by further convolutions.
    channels : int
        Channels of the pyramid and the heads.
    depth : int
        Number of convolutions before the last ones of the heads.
    rng : None, int or numpy.random.Generator
        Source of the initial weights, and of what `fit` draws; see `striate.Model`.

    Attributes
    ----------
    model : Model
        The network. For images (batch, height, width, channels) of values from 0 to 255 it returns logits of the classes
        (batch, locations, classes), boxes "xyxy" in pixels (batch, locations, 4) and logits of the centerness
        (batch, locations, 1).
    classes : tuple of str
        Names of the classes.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or they do not fit together.

    References
    ----------
    .. [1] Tian, Z., Shen, C., Chen, H. and He, T., "FCOS: fully convolutional one-stage object detection", ICCV 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.detection import Dataset, Detector, Objects
    >>> images = np.zeros((4, 64, 64), np.uint8)
    >>> objects = []
    >>> for i, image in enumerate(images):
    ...     image[10 : 30 + i, 20:50] = 255
    ...     objects.append(Objects([[20, 10, 50, 30 + i]], labels=[0]))
    >>> data = Dataset(images, objects, ["box"])
    >>> detector = Detector(data.classes, (64, 64, 1), strides=(8, 16), channels=16, rng=0)
    >>> history = detector.fit(data, epochs=40, verbose=0)
    >>> detector.evaluate(data).ap50 > 0.9
    True
    >>> found = detector.detect(images[0])
    >>> np.abs(found.boxes[0] - [20, 10, 50, 30]).max() < 4
    np.True_
    """

    def __init__(self, classes, image_shape=(128, 128, 3), backbone=None, strides=(8, 16, 32), channels=48, depth=1, rng=None):
        classes = check_classes(classes)
        image_shape = _check_image_shape(image_shape)
        strides = _check_strides(strides, image_shape)
        rng = generator(rng)
        if backbone is None:
            backbone = simple_backbone(image_shape, rng=rng)
        if not isinstance(backbone, Model) or isinstance(backbone.input_shape, list) or backbone.input_shape is None:
            raise TypeError(f"backbone={shown(backbone)} is of type {type(backbone).__name__}; expected a Model of images")
        if tuple(backbone.input_shape[1:]) != image_shape:
            raise ValueError(f"backbone takes images of shape {backbone.input_shape[1:]}; expected image_shape={image_shape}")
        channels, depth = integer("channels", channels, 1), integer("depth", depth, 0)
        self._set_model(network(image_shape, classes, backbone, strides, channels, depth, rng))

    def _set_model(self, model):
        self.model = model
        layer = model.get_layer("locations")
        self.classes = layer.classes
        self._shape = tuple(model.input_shape[1:])
        sizes = [[size // stride for size in self._shape[:2]] for stride in layer.strides]
        self._grid = grid(*locations(sizes, layer.strides), layer.strides)

    @classmethod
    def _of(cls, model):
        """Return the detector of a network."""
        detector = cls.__new__(cls)
        detector._set_model(model)
        return detector

    def __repr__(self):
        """Return what it finds, and how large it is."""
        size = f"{self.model.count_params():,} parameters"
        return f"<Detector of {len(self.classes)} classes in images of shape {self._shape}, {size}>"

    def fit(
        self,
        dataset,
        epochs=1,
        *,
        batch_size=16,
        optimizer=None,
        augmentation=(),
        validation_data=None,
        validation_freq=1,
        callbacks=None,
        verbose="auto",
        rng=None,
    ):
        """Train the detector.

        Parameters
        ----------
        dataset : Dataset
            Images with the objects in them, of the detector's classes.
        epochs : int
            How often each image is seen.
        batch_size : int
            Images per step.
        optimizer : str or Optimizer, optional
            See `Model.compile`. None for Adam with one cycle of the learning rate, up to 0.006, over all epochs.
        augmentation : callable or sequence of them
            What changes an image and its objects at random each time: `RandomFlip` and the like, in order, or functions of the
            same kind, ``function(image, objects, rng)``.
        validation_data : Dataset, optional
            Images on which `evaluate` is called after epochs; the logs then hold ``val_ap`` and ``val_ap50``.
        validation_freq : int
            Number of epochs between validations; the last epoch is always validated.
        callbacks : Callback, or list of them, optional
            Called during the training; see `striate.callbacks`.
        verbose : {"auto", 0, 1, 2}
            0 prints nothing, 1 (and "auto") shows progress, 2 prints one line per epoch.
        rng : None, int or numpy.random.Generator
            Source of the order of the images and of augmentation; the detector's own if None.

        Returns
        -------
        History
            Losses after each epoch, and average precisions.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above, or the classes of a data set are others.
        """
        self._check_dataset("dataset", dataset)
        augmentation = check_augmentation("augmentation", augmentation)
        batch_size = check_batch_size(batch_size)
        listeners = list(CallbackList(callbacks))
        if validation_data is not None:
            self._check_dataset("validation_data", validation_data)
            listeners.insert(0, _Validation(self, validation_data, integer("validation_freq", validation_freq, 1)))
        seed = int((self.model.rng if rng is None else generator(rng)).integers(1 << 62))
        make_batch = functools.partial(self._batch, dataset, augmentation)
        loader = DataLoader((np.arange(len(dataset)),), batch_size, shuffle=True, transform=make_batch, rng=seed)
        steps = integer("epochs", epochs, 0) * len(loader)
        self.model.compile(
            Adam(OneCycle(_LEARNING_RATE, max(steps, 2))) if optimizer is None else optimizer,
            {
                "classes": losses.BinaryFocalCrossentropy(apply_class_balancing=True, from_logits=True),
                "boxes": GIoULoss(reduction="mean_with_sample_weight"),
                "centerness": losses.BinaryCrossentropy(from_logits=True, reduction="mean_with_sample_weight"),
            },
        )
        return self.model.fit(loader, epochs=epochs, callbacks=listeners, verbose=verbose)

    def _batch(self, dataset, augmentation, indices, rng):
        """Return inputs, targets and weights for a batch of images of a data set."""
        samples = []
        for i in indices[0]:
            image, objects = changed(*dataset[i], augmentation, rng)
            image, factors = fitted(image, self._shape)
            samples.append((image, scaled(objects, factors)))
        x = np.stack([image for image, _ in samples]).astype(np.float32)
        return x, *batch_targets([objects for _, objects in samples], len(self.classes), self._grid)

    def _check_dataset(self, name, dataset):
        if check_dataset(name, dataset).classes != self.classes:
            raise ValueError(f"{name} has the classes {shown(dataset.classes)}; expected {shown(self.classes)}")

    @documented(_CHOICE_DOC)
    def predict(self, images, *, score_threshold=0.05, iou_threshold=0.6, most=100, batch_size=16):
        """Return what is found in each of several images.

        Parameters
        ----------
        images : Dataset, ndarray of uint8 (images, height, width, channels), or list
            A data set, the images, or a list of images (height, width) or (height, width, channels).
        batch_size : int
            Images computed at once.

        Returns
        -------
        list of Detections
            For each image, the boxes in its own pixels, the best first.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        settings = _check_choice(score_threshold, iou_threshold, most)
        batch_size = check_batch_size(batch_size)
        if isinstance(images, np.ndarray) and images.ndim != 4:
            raise ValueError(f"images has shape {images.shape}; expected (images, height, width, channels), or a list")
        if not isinstance(images, Dataset):
            images = sequence("images", images, "images")
        found = []
        for start in range(0, len(images), batch_size):
            chosen = range(start, min(start + batch_size, len(images)))
            if isinstance(images, Dataset):
                part = [images.image(i) for i in chosen]
            else:
                part = [check_one(f"images[{i}]", images[i]) for i in chosen]
            found += self._detect(part, *settings)
        return found

    @documented(_CHOICE_DOC)
    def detect(self, image, *, score_threshold=0.5, iou_threshold=0.6, most=100):
        """Return what is found in one image.

        Parameters
        ----------
        image : array_like of uint8, shape (height, width) or (height, width, channels)
            The image.

        Returns
        -------
        Detections
            The boxes in pixels of the image, the best first.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        return self._detect([check_one("image", image)], *_check_choice(score_threshold, iou_threshold, most))[0]

    def _detect(self, images, *settings):
        """Return the detections in some checked images, computed as one batch."""
        inputs, factors = zip(*(fitted(image, self._shape) for image in images), strict=True)
        outputs = self.model(np.stack(inputs).astype(np.float32), training=False)
        found = []
        for image, factor, *each in zip(images, factors, *outputs, strict=True):
            chosen = select(*each, *settings)
            boxes = chosen.boxes / np.tile(factor, 2)
            found.append(clipped(Detections(boxes, chosen.labels, chosen.scores), image.shape[:2]))
        return found

    def evaluate(self, dataset, *, batch_size=16):
        """Return how well the objects of a data set are found.

        Parameters
        ----------
        dataset : Dataset
            Images with the objects in them, of the detector's classes.
        batch_size : int
            Images computed at once.

        Returns
        -------
        AveragePrecision

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above, or the classes of the data set are others.
        """
        self._check_dataset("dataset", dataset)
        return average_precision(dataset.objects, self.predict(dataset, batch_size=batch_size), len(self.classes))

    def save(self, path, overwrite=True):
        """Write the detector to a file, which `load_detector` reads.

        Parameters
        ----------
        path : path
            The file, whose name ends in ".npz".
        overwrite : bool
            Whether a file that is there is replaced.

        Raises
        ------
        OSError, ValueError
            If it cannot be written.
        """
        self.model.save(path, overwrite=boolean("overwrite", overwrite))


def load_detector(path):
    """Read a detector from a file that `Detector.save` wrote.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    Detector

    Raises
    ------
    ValueError
        If the file holds no detector, or is damaged.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from striate import detection
    >>> detector = detection.Detector(["cat", "dog"], (64, 64, 3), rng=0)
    >>> with TemporaryDirectory() as folder:
    ...     detector.save(f"{folder}/detector.npz")
    ...     print(detection.load_detector(f"{folder}/detector.npz"))
    <Detector of 2 classes in images of shape (64, 64, 3), 252,999 parameters>
    """
    model = load_model(path, compile=False)
    if not any(isinstance(layer, Locations) for layer in model.layers):
        raise ValueError(f"path={str(path)!r} holds a model of another kind; expected a detector")
    return Detector._of(model)


def _check_image_shape(value):
    """Return the shape (height, width, channels) of images in grey or in colour."""
    found = shape("image_shape", value, ("height", "width", "channels"))
    if 0 in found or found[2] not in (1, 3):
        raise ValueError(
            f"image_shape={found} is not the shape of an image; expected (height, width, channels), 1 or 3 of them"
        )
    return found


def _check_strides(strides, image_shape):
    """Return the strides of levels, checked against the shape of images."""
    found = integers("strides", strides, 1)
    if not found or any(after != 2 * before for before, after in itertools.pairwise(found)):
        raise ValueError(f"strides={shown(strides)} do not double; expected strides such as (8, 16, 32)")
    if any(size % found[-1] for size in image_shape[:2]):
        raise ValueError(
            f"image_shape={image_shape} does not fit strides={found}; expected height and width divisible by {found[-1]}"
        )
    return found


def _check_choice(score_threshold, iou_threshold, most):
    return (
        number("score_threshold", score_threshold, 0, 1),
        number("iou_threshold", iou_threshold, 0, 1),
        integer("most", most, 1),
    )


class _Validation(Callback):
    """Adds the average precision on a data set to the logs of epochs."""

    def __init__(self, detector, dataset, frequency):
        self.detector = detector
        self.dataset = dataset
        self.frequency = frequency

    def on_epoch_end(self, epoch, logs=None):
        """Evaluate the detector after some epochs."""
        if (epoch + 1) % self.frequency == 0 or epoch + 1 == self.params["epochs"]:
            result = self.detector.evaluate(self.dataset)
            logs |= {"val_ap": result.ap, "val_ap50": result.ap50}
