"""Embeddings: what a network makes of each image, many numbers, drawn in two dimensions."""

from typing import NamedTuple

import numpy as np

from .._common.checks import integer, number, real_array
from .._common.docstrings import documented
from .._common.extras import needing
from .._common.randomness import generator
from ..engine import Value
from .evaluation import CLASSES, check_classes, check_names
from .figures import COLORS, FIGURE, displayable, styled
from .grids import check_images, with_channels
from .models import as_batch, layer_at, layer_outputs, traced
from .scores import before_probabilities

#: Number of vectors up to which t-SNE computes all distances, which is exact, and faster than an approximation.
_FEW = 300


class Embeddings(NamedTuple):
    """What `embeddings` returns."""

    vectors: np.ndarray  # (samples, features)
    layer: str  # path of the layer


def embeddings(model, x, layer=None, *, batch_size=32):
    """Return the vector that a layer makes of each sample.

    Parameters
    ----------
    model : Model
        The model.
    x : ndarray, shape (samples, ...), or a list of arrays
        Inputs.
    layer : Layer or str, optional
        The layer; the last one before the output, or the scores that it is made of, that returns one vector for each
        sample, if None. Outputs with further axes are flattened.
    batch_size : int
        Samples computed at once.

    Returns
    -------
    Embeddings
        `vectors`, an array (samples, features), and `layer`, the path of the layer.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> found = visualize.embeddings(architectures.LeNet5(), np.zeros((5, 28, 28, 1)))
    >>> found.layer, found.vectors.shape
    ('f6', (5, 84))
    """
    x, _ = as_batch(model, x)
    graph, outputs = traced(model, x)
    path = _last_vector(graph, outputs) if layer is None else layer_at(model, layer)[0]
    if not isinstance(graph.results.get(path), Value):
        raise ValueError(f"layer={path!r} has no single output in the model; expected a layer with one")
    vectors = np.concatenate(list(layer_outputs(model, x, path, batch_size)))
    return Embeddings(vectors.reshape(len(vectors), -1), path)


def _last_vector(graph, outputs):
    """Return the path of the last layer that returns vectors, other than the output or the scores that it is made of."""
    ends = {*outputs, *map(before_probabilities, outputs)}
    found = [
        path
        for path, value in graph.results.items()
        if isinstance(value, Value) and len(value.shape) == 2 and value not in ends
    ]
    if not found:
        raise ValueError("the model has no layer that returns vectors before its output; expected the name of a layer")
    return found[-1]


def _vectors(vectors):
    """Return vectors as an array (samples, features) of float64 without NaN or infinity, checked."""
    vectors = real_array("vectors", vectors, np.float64)
    if vectors.ndim != 2 or 0 in vectors.shape:
        raise ValueError(f"vectors has shape {vectors.shape}; expected (samples, features), at least one of each")
    if not np.isfinite(vectors).all():
        raise ValueError("vectors holds NaN or infinity; expected finite numbers")
    return vectors


class PCA(NamedTuple):
    """What `pca` returns."""

    points: np.ndarray  # (samples, components)
    components: np.ndarray  # (components, features): orthonormal directions
    mean: np.ndarray  # (features,)
    explained: np.ndarray  # (components,): fraction of the variance along each


def pca(vectors, components=2):
    """Return points along the directions in which vectors differ most, by principal component analysis [1]_.

    Parameters
    ----------
    vectors : array_like, shape (samples, features)
        The vectors.
    components : int
        Number of directions.

    Returns
    -------
    PCA
        `points`, an array (samples, components); the `components` themselves, each with the sign for which its largest element
        is positive; the `mean`; and the fraction of the variance that is `explained`.

    References
    ----------
    .. [1] Jolliffe, I. T., "Principal component analysis", 2002, section 3.5: by singular value decomposition.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualize
    >>> found = visualize.pca([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], components=1)
    >>> found.points.ravel().round(4)
    array([-1.4142,  0.    ,  1.4142])
    >>> found.explained.round(4)
    array([1.])
    """
    vectors = _vectors(vectors)
    components = integer("components", components, 1, min(vectors.shape))
    mean = vectors.mean(0)
    _, singular, directions = np.linalg.svd(vectors - mean, full_matrices=False)
    signs = np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(1)])
    directions = (directions * signs[:, np.newaxis])[:components]
    variance = singular**2
    explained = variance[:components] / (variance.sum() or 1)
    return PCA((vectors - mean) @ directions.T, directions, mean, explained)


def tsne(vectors, *, perplexity=30.0, rng=None):
    """Return points in two dimensions, close to each other where vectors are, by t-SNE [1]_ of scikit-learn.

    Parameters
    ----------
    vectors : array_like, shape (samples, features)
        The vectors.
    perplexity : float
        About the number of neighbours that count, below the number of samples.
    rng : None, int or numpy.random.Generator
        Source of the seed.

    Returns
    -------
    ndarray, shape (samples, 2)
        The points. Only who is near whom means something, neither directions nor large distances.

    Raises
    ------
    ImportError
        If scikit-learn is not installed.

    References
    ----------
    .. [1] van der Maaten, L. & Hinton, G., "Visualizing data using t-SNE", JMLR 9, 2008.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualize
    >>> visualize.tsne(np.eye(20), perplexity=5, rng=0).shape
    (20, 2)
    """
    vectors = _vectors(vectors)
    perplexity = number("perplexity", perplexity, 0, len(vectors), open_minimum=True, open_maximum=True)
    with needing("tsne needs scikit-learn", "sklearn"):
        from sklearn.manifold import TSNE
    seed = int(generator(rng).integers(1 << 31))
    method = "exact" if len(vectors) <= _FEW else "barnes_hut"
    return TSNE(perplexity=perplexity, init="pca", method=method, random_state=seed).fit_transform(vectors)


@documented(FIGURE, CLASSES)
def plot_embeddings(points, y=None, names=None, *, images=None, size=4.2):
    """Draw points in two dimensions, in colours of their classes.

    Parameters
    ----------
    points : array_like, shape (samples, 2 or more)
        What `pca` or `tsne` returned; the first two coordinates are drawn.
    y : array_like of int, shape (samples,), optional
        Classes.
    images : ndarray, shape (samples, height, width, channels), optional
        Drawn in place of the points.
    size : float
        Width and height in inches.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualize
    >>> figure = visualize.plot_embeddings(visualize.pca(np.eye(4)), [0, 0, 1, 1], ["cat", "dog"])
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['cat', 'dog']
    """
    points = real_array("points", getattr(points, "points", points))
    if points.ndim != 2 or points.shape[1] < 2:
        raise ValueError(f"points has shape {points.shape}; expected (samples, 2)")
    classes = None if y is None else check_classes("y", y)
    if classes is not None and len(classes) != len(points):
        raise ValueError(f"y has {len(classes)} classes for {len(points)} points; expected one for each")
    size = number("size", size, 0, 100, open_minimum=True)
    names = check_names(names, 0 if classes is None else int(classes.max(initial=0)) + 1)
    with styled() as plt:
        figure, axes = plt.subplots(figsize=(size + (0.9 if y is not None else 0), size))
        for each in [None] if classes is None else np.unique(classes):
            some = slice(None) if each is None else classes == each
            label = None if each is None else names[each]
            color = COLORS[0 if each is None else each % len(COLORS)]
            axes.scatter(
                *points[some, :2].T, s=14, color=color, alpha=0 if images is not None else 0.75, linewidths=0, label=label
            )
        if images is not None:
            _draw_images(axes, points, images)
        if classes is not None:
            legend = axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=8, handletextpad=0.2)
            for handle in legend.legend_handles:
                handle.set_alpha(1)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
    return figure


def _draw_images(axes, points, images):
    """Draw an image at each point."""
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    images = check_images(images)
    if len(images) != len(points):
        raise ValueError(f"images has shape {images.shape} for {len(points)} points; expected one for each")
    for point, image in zip(points, displayable(with_channels(images)), strict=True):
        picture = OffsetImage(image, zoom=14 / max(image.shape[:2]), cmap="gray", interpolation="nearest")
        axes.add_artist(AnnotationBbox(picture, point[:2], frameon=False))
