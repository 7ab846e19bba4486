"""Verification: whether two faces are of one person, by the distance of their embeddings."""

import math

import numpy as np

from .. import layers
from .._common.checks import integer, number, real_array, shown
from .._common.docstrings import documented
from .._common.errors import Constructed
from .._common.randomness import generator
from ..config import with_channels_last
from ..detection import simple_backbone
from ..detection.arrays import check_labels
from ..image.arrays import check_image
from ..metrics import roc_curve
from ..models import Model
from ..models.arrays import check_batch_size

#: Docstring section of what takes faces.
_ERRORS = """
    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    """


@with_channels_last
def embedding_network(input_shape=(48, 48, 3), features=64, filters=(16, 32, 64), rng=None):
    """Return a small network that turns images of faces into embeddings, vectors of length 1.

    Stages of two convolutions halve height and width; a fully connected layer with batch normalization makes the embedding, as
    in ArcFace [1]_.

    Parameters
    ----------
    input_shape : tuple of int
        (height, width, channels) of an image, whose values are from 0 to 255.
    features : int
        Size of an embedding.
    filters : sequence of int
        Filters of the convolutions of each stage; the first stage has only one convolution.
    rng : None, int or numpy.random.Generator
        Source of the initial weights; see `striate.Model`.

    Returns
    -------
    Model
        A model with new weights, whose output has shape (batch, features).

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    References
    ----------
    .. [1] Deng, J., Guo, J., Xue, N. and Zafeiriou, S., "ArcFace: additive angular margin loss for deep face recognition", CVPR
       2019, section 3.1, option E.

    Examples
    --------
    >>> from striate import faces
    >>> faces.embedding_network((32, 32, 3), features=16, rng=0).output_shape
    (None, 16)
    """
    features, rng = integer("features", features, 1), generator(rng)
    backbone = simple_backbone(input_shape, filters, rng=rng)
    image = layers.Input(backbone.input_shape[1:])
    x = backbone(layers.Rescaling(1 / 127.5, offset=-1, name="rescaling")(image))
    x = layers.Dense(features, use_bias=False, name="features")(layers.Flatten(name="flatten")(x))
    x = layers.UnitNormalization(name="embedding")(layers.BatchNormalization(momentum=0.9, name="features_norm")(x))
    return Model(image, x, name="embedding_network", rng=rng)


def pairs(embeddings, labels):
    """Return how alike all pairs of embeddings are, and which are of one class, for `striate.metrics.roc_curve`.

    Parameters
    ----------
    embeddings : array_like, shape (samples, features)
        Embeddings, vectors of any length above 0.
    labels : array_like of int, shape (samples,)
        Their classes.

    Returns
    -------
    same : ndarray of bool, shape (pairs,)
        Whether both are of one class: of the first with each later one, of the second with each later one, and so on.
    similarities : ndarray, shape (pairs,)
        The cosines of the angles between them.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import faces
    >>> same, similarities = faces.pairs([[1.0, 0.0], [1.0, 1.0], [0.0, 2.0]], labels=[0, 0, 1])
    >>> same, similarities.round(3)
    (array([ True, False, False]), array([0.707, 0.   , 0.707]))
    """
    embeddings = _check_vectors("embeddings", embeddings)
    labels = check_labels("labels", labels, len(embeddings))
    unit = _unit(embeddings.astype(np.float64))
    first, second = np.triu_indices(len(unit), 1)
    return labels[first] == labels[second], np.clip((unit @ unit.T)[first, second], -1, 1)


class Verifier(Constructed):
    """Tells whether two faces are of one person: whether their embeddings are alike enough.

    Parameters
    ----------
    model : Model
        A network that turns images (batch, height, width, channels) of values from 0 to 255 into embeddings (batch, features),
        such as a trained `embedding_network`.
    threshold : float, optional
        Similarity, from -1 to 1, from which on two faces count as those of one person; with infinity, none do. None until
        `calibrate` has chosen it.

    Attributes
    ----------
    model, threshold
        The arguments.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import faces
    >>> from striate.datasets import drawn_faces
    >>> x, y, _ = drawn_faces.generate(identities=5, images=4, size=32)
    >>> verifier = faces.Verifier(faces.embedding_network((32, 32, 3), rng=0))  # which has learned nothing yet
    >>> curve = verifier.calibrate(x, y, false_accept_rate=0.1)
    >>> bool(verifier.verify(x[:4], x[4:8]).mean() <= 0.5)
    True
    """

    def __init__(self, model, threshold=None):
        if not isinstance(model, Model) or isinstance(model.input_shape, list) or model.input_shape is None:
            raise TypeError(f"model={shown(model)} is of type {type(model).__name__}; expected a Model of images")
        if len(model.input_shape) != 4 or isinstance(model.output_shape, list) or len(model.output_shape) != 2:
            raise ValueError(
                f"model has inputs of shape {model.input_shape} and outputs of shape {model.output_shape}; expected images and "
                "embeddings (batch, features)"
            )
        self.model = model
        accepts_none = isinstance(threshold, float) and threshold == math.inf
        self.threshold = threshold if threshold is None or accepts_none else number("threshold", threshold, -1, 1)

    def __repr__(self):
        """Return what it is."""
        return f"<Verifier with threshold {'not chosen' if self.threshold is None else round(self.threshold, 4)}>"

    @documented(_ERRORS)
    def embed(self, images, *, batch_size=64):
        """Return the embeddings of faces.

        Parameters
        ----------
        images : array_like of uint8, float32 or float64, shape (faces, height, width, channels)
            Faces, of the model's input shape, values from 0 to 255: all aligned, or none.
        batch_size : int
            Images computed at once.

        Returns
        -------
        ndarray, shape (faces, features)
            Vectors of length 1.
        """
        return self._embedded("images", images, batch_size)

    @documented(_ERRORS)
    def similarity(self, first, second):
        """Return how alike each face is to another one.

        Parameters
        ----------
        first, second : array_like, shape (faces, height, width, channels)
            Faces, as `embed` takes them, as many in both.

        Returns
        -------
        ndarray, shape (faces,)
            Cosines of the angles between their embeddings, from -1 to 1.
        """
        first, second = self._embedded("first", first), self._embedded("second", second)
        if len(first) != len(second):
            raise ValueError(f"first has {len(first)} faces and second {len(second)}; expected equal numbers")
        first, second = _unit(first.astype(np.float64)), _unit(second.astype(np.float64))
        return _rounded(np.clip((first * second).sum(1), -1, 1))

    @documented(_ERRORS)
    def calibrate(self, images, labels, false_accept_rate=0.001):
        """Choose the threshold: the lowest at which at most some part of the pairs of different persons are accepted.

        It is infinity, which accepts no pair at all, if too many pairs of different persons are more alike than any other pair,
        or as alike: with equal images of two persons, for example, if none may be accepted.

        Parameters
        ----------
        images : array_like, shape (faces, height, width, channels)
            Faces, as `embed` takes them, that the model has not learned from.
        labels : array_like of int, shape (faces,)
            Whose they are; at least two are of one person, and at least two of different ones.
        false_accept_rate : float
            Part of the pairs of different persons that may be accepted, from 0 to 1. Less than one of them means none.

        Returns
        -------
        ROC
            The curve of all pairs, from which the rates at other thresholds can be seen.
        """
        rate = number("false_accept_rate", false_accept_rate, 0, 1)
        embeddings = self._embedded("images", images)
        same, similarities = pairs(embeddings, check_labels("labels", labels, len(embeddings)))
        if same.all() or not same.any():
            raise ValueError(f"labels={shown(labels)} has no pairs of one person and of different ones; expected both")
        curve = roc_curve(same, _rounded(similarities))
        self.threshold = curve.threshold_at(rate)
        return curve

    @documented(_ERRORS)
    def verify(self, first, second):
        """Return whether each face is of the same person as another one.

        Parameters
        ----------
        first, second : array_like, shape (faces, height, width, channels)
            Faces, as `embed` takes them, as many in both.

        Returns
        -------
        ndarray of bool, shape (faces,)
        """
        if self.threshold is None:
            raise ValueError("threshold=None has not been chosen; expected a call of calibrate before")
        return self.similarity(first, second) >= self.threshold

    def _embedded(self, name, images, batch_size=64):
        """Return embeddings of length 1 of the argument called `name`."""
        images, shape = check_image(name, images, ndims=(4,)), self.model.input_shape[1:]
        if any(size not in (None, found) for size, found in zip(shape, images.shape[1:], strict=True)):
            raise ValueError(f"{name} has shape {images.shape}; expected (faces, {', '.join(map(str, shape))}), as the model")
        if not len(images):
            return np.empty((0, self.model.output_shape[1]), np.float32)
        vectors = self.model.predict(images.astype(np.float32), batch_size=check_batch_size(batch_size), verbose=0)
        return _unit(vectors)


def _rounded(similarities):
    """Return similarities without the digits that depend on the order of a sum, so that equal pairs are equally alike."""
    return similarities.astype(np.float32)


def _check_vectors(name, value):
    """Return vectors (samples, features) of which none has the length 0."""
    vectors = real_array(name, value)
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise ValueError(f"{name} has shape {vectors.shape}; expected finite numbers (samples, features)")
    if not vectors.any(1).all():
        raise ValueError(f"{name} holds a vector of length 0 as sample {int(vectors.any(1).argmin())}; expected none")
    return vectors


def _unit(vectors):
    """Return vectors scaled to length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(vectors.dtype).tiny)
