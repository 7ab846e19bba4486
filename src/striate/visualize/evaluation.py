"""What a classifier confuses: the confusion matrix, and the examples that it gets wrong."""

from typing import NamedTuple

import numpy as np

from .._common.checks import as_array, boolean, integer, sequence, shown
from .._common.docstrings import documented
from .figures import FIGURE, grid_of_axes, show_image, styled
from .grids import check_images

#: The names of classes, for docstrings.
CLASSES = """
    Parameters
    ----------
    names : sequence of str, optional
        The classes' names; their indices if None.
    """


def confusion_matrix(y_true, y_pred, classes=None):
    """Return how many samples of each class were predicted to be of each class.

    Parameters
    ----------
    y_true : array_like, shape (samples,)
        The true classes, integers.
    y_pred : array_like, shape (samples,) or (samples, classes)
        The predicted classes, or a probability or score of each class, of which the largest counts.
    classes : int, optional
        Number of classes; as many as occur if None.

    Returns
    -------
    ndarray of int, shape (classes, classes)
        Rows are true classes, and columns predicted ones.

    Examples
    --------
    >>> from striate import visualize
    >>> visualize.confusion_matrix([0, 0, 1, 2], [0, 1, 1, 2])
    array([[1, 1, 0],
           [0, 1, 0],
           [0, 0, 1]])
    """
    true, predicted = check_classes("y_true", y_true), _predicted(y_pred)
    if len(true) != len(predicted):
        raise ValueError(f"y_true has {len(true)} samples and y_pred {len(predicted)}; expected equal numbers")
    least = int(max(true.max(initial=0), predicted.max(initial=0))) + 1
    if np.ndim(y_pred) == 2:
        least = max(least, np.shape(y_pred)[1])
    classes = least if classes is None else integer("classes", classes, least)
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)


@documented(FIGURE, CLASSES)
def plot_confusion_matrix(y_true, y_pred, names=None, *, normalized=False):
    """Draw a confusion matrix.

    Parameters
    ----------
    y_true, y_pred
        See `confusion_matrix`.
    normalized : bool
        Whether fractions of each true class are written, instead of numbers of samples; colours are those of fractions always.

    Examples
    --------
    >>> from striate import visualize
    >>> figure = visualize.plot_confusion_matrix([0, 0, 1, 2], [0, 1, 1, 2], ["cat", "dog", "mouse"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1', '1', '1', '1']
    """
    matrix = confusion_matrix(y_true, y_pred)
    names = check_names(names, len(matrix))
    if len(names) > len(matrix):
        matrix = confusion_matrix(y_true, y_pred, len(names))
    fractions = matrix / np.maximum(matrix.sum(1, keepdims=True), 1)
    normalized = boolean("normalized", normalized)
    side = min(max(0.42 * len(matrix) + 1.2, 2.6), 12)
    with styled() as plt:
        figure, axes = plt.subplots(figsize=(side, side))
        axes.imshow(fractions, cmap="Blues", vmin=0, vmax=1)
        for (row, column), fraction in np.ndenumerate(fractions):
            text = f"{fraction:.2f}".lstrip("0") if normalized else str(matrix[row, column])
            if matrix[row, column]:
                color = "white" if fraction > 0.5 else "#2b3440"
                axes.text(column, row, text, ha="center", va="center", color=color, fontsize=8 if len(matrix) <= 20 else 5)
        axes.set_xticks(range(len(names)), names, rotation=90 if max(map(len, names)) > 2 else 0)
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel("predicted")
        axes.set_ylabel("true")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    return figure


class WrongExamples(NamedTuple):
    """What `wrong_examples` returns, an element for each wrong sample, the most confident error first."""

    indices: np.ndarray  # of the samples
    true: np.ndarray  # classes
    predicted: np.ndarray  # classes
    confidence: np.ndarray  # probability, or score, of the predicted class


def wrong_examples(y_true, y_pred, most=None):
    """Return the samples that are classified wrongly, those with the most confident errors first.

    Parameters
    ----------
    y_true : array_like, shape (samples,)
        The true classes, integers.
    y_pred : array_like, shape (samples, classes)
        Probability or score of each class, as `Model.predict` returns them.
    most : int, optional
        Largest number of samples to return; all if None.

    Returns
    -------
    WrongExamples
        `indices`, `true` and `predicted` classes, and `confidence`, arrays of equal length.

    Examples
    --------
    >>> from striate import visualize
    >>> visualize.wrong_examples([0, 1, 1], [[0.9, 0.1], [0.6, 0.4], [0.8, 0.2]]).indices
    array([2, 1])
    """
    true, probabilities = check_classes("y_true", y_true), as_array("y_pred", y_pred)
    if probabilities.ndim != 2 or len(probabilities) != len(true):
        raise ValueError(
            f"y_pred has shape {probabilities.shape} for {len(true)} samples; expected (samples, classes), a number for each "
            "class"
        )
    predicted = _predicted(probabilities)
    confidence = probabilities[np.arange(len(true)), predicted]
    wrong = np.flatnonzero(true != predicted)
    wrong = wrong[np.argsort(-confidence[wrong], kind="stable")][: None if most is None else integer("most", most, 1)]
    return WrongExamples(wrong, true[wrong], predicted[wrong], confidence[wrong])


@documented(FIGURE, CLASSES)
def plot_wrong_examples(x, y_true, y_pred, names=None, *, most=20, columns=None, size=1.1):
    """Draw the images that are classified wrongly, those with the most confident errors first.

    Parameters
    ----------
    x : ndarray, shape (samples, height, width, channels)
        The images.
    y_true, y_pred
        See `wrong_examples`.
    most : int
        Largest number of images that are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Above each image is "true → predicted", and the confidence.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualize
    >>> figure = visualize.plot_wrong_examples(np.zeros((2, 8, 8, 1)), [0, 1], [[0.9, 0.1], [0.6, 0.4]], ["cat", "dog"])
    >>> figure.axes[0].get_title().split()
    ['dog', '→', 'cat', '0.60']
    """
    x = check_images(x, "x")
    found = wrong_examples(y_true, y_pred, most)
    if len(x) != len(as_array("y_true", y_true)):
        raise ValueError(f"x has {len(x)} images and y_true {len(y_true)} classes; expected equal numbers")
    names = check_names(names, np.shape(y_pred)[1])
    with styled() as plt:
        figure, axes = grid_of_axes(plt, max(len(found.indices), 1), columns, size, 0.36, x.shape[1:3])
        for each, i, true, predicted, confidence in zip(axes, *found, strict=False):
            show_image(each, x[i])
            each.set_title(f"{names[true]} → {names[predicted]}\n{confidence:.2f}", pad=3, fontsize=8)
        if not len(found.indices):
            axes[0].text(0.5, 0.5, "no errors", ha="center", va="center", transform=axes[0].transAxes)
    return figure


def check_names(names, classes):
    """Return names of at least so many classes; their indices for None."""
    if names is None:
        return list(map(str, range(classes)))
    names = [str(name) for name in sequence("names", names, "names of classes")]
    if len(names) < classes:
        raise ValueError(f"names has {len(names)} elements; expected one for each of {classes} classes")
    return names


def _predicted(y_pred):
    """Return predicted classes."""
    array = as_array("y_pred", y_pred)
    return array.argmax(-1) if array.ndim == 2 else check_classes("y_pred", array)


def check_classes(name, value):
    """Return classes as an array of integers of at least 0, with one axis."""
    array = as_array(name, value)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or (array.dtype.kind not in "iu" and array.size):
        raise ValueError(f"{name} has shape {array.shape} and dtype {array.dtype}; expected integers, a class for each sample")
    if (array < 0).any():
        raise ValueError(f"{name} holds {shown(array.min().item())}; expected classes of at least 0")
    return array.astype(np.int64)
