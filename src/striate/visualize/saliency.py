"""Explanations by gradients of a class's score with respect to the input: saliency, SmoothGrad, integrated gradients."""

import warnings

import numpy as np

from .._common.checks import as_array, choice, integer, number
from .._common.docstrings import documented
from .._common.randomness import generator
from ..models.arrays import parts
from .models import without_batch
from .scores import OF_QUESTION, Question

_OF_REDUCTION = """
    Parameters
    ----------
    reduce : {"max", "sum", None}
        What is made of a pixel's channels: the largest magnitude, as in [1]_, or the sum of magnitudes; None for the gradients
        of all channels, with their signs.
    """

#: Steps with which integrated gradients begin, and the most that they take.
_STEPS = 32, 1024


@documented(OF_QUESTION, _OF_REDUCTION)
def saliency(model, x, target=None, *, output=0, probability=False, reduce="max", batch_size=32):
    """Return how much each pixel influences a class's score: the magnitude of the score's gradient [1]_.

    The map of an image I is ``M[i, j] = max over c of |dS / dI[i, j, c]|``, with S the score before the softmax.

    Parameters
    ----------
    batch_size : int
        Samples computed at once.

    Returns
    -------
    ndarray, shape (batch, height, width)
        The maps; (batch, height, width, channels) if `reduce` is None. A list of arrays for a model with several inputs.

    References
    ----------
    .. [1] Simonyan, K., Vedaldi, A. & Zisserman, A., "Deep inside convolutional networks: visualising image classification
       models and saliency maps", 2014, section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers, visualize
    >>> model = Sequential([
    ...     layers.Input((4, 4, 1)), layers.Flatten(), layers.Dense(2, "softmax", kernel_initializer="ones")])
    >>> visualize.saliency(model, np.zeros((4, 4, 1)), target=0)[0]
    array([1., 1., 1., 1.], dtype=float32)
    """
    question = Question(model, x, target, output, probability)
    choice("reduce", reduce, ("max", "sum", None))
    found = [np.empty_like(array) for array in question.x]
    for part in question.batches(batch_size):
        for whole, gradient in zip(found, question.differentiate(question.of(part), part).gradients, strict=True):
            whole[part] = gradient
    return without_batch([_reduced(array, reduce) for array in found], question.alone)


@documented(OF_QUESTION, _OF_REDUCTION)
def smooth_grad(
    model,
    x,
    target=None,
    *,
    samples=50,
    noise=0.15,
    output=0,
    probability=False,
    reduce="max",
    batch_size=32,
    rng=None,
):
    """Return saliency maps with less noise: of the mean of the gradients for noisy copies of the input [2]_.

    Parameters
    ----------
    samples : int
        Number of noisy copies.
    noise : float
        Standard deviation of the noise as a part of the range of each input, its largest value minus its smallest.
    batch_size : int
        Copies computed at once.
    rng : None, int or numpy.random.Generator
        Source of the noise.

    Returns
    -------
    ndarray, shape (batch, height, width)
        As `saliency`.

    References
    ----------
    .. [1] Simonyan, K., Vedaldi, A. & Zisserman, A., "Deep inside convolutional networks: visualising image classification
       models and saliency maps", 2014, section 3.
    .. [2] Smilkov, D. et al., "SmoothGrad: removing noise by adding noise", 2017, section 2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> model = architectures.LeNet5(rng=0)
    >>> images = np.random.default_rng(0).random((2, 28, 28, 1))
    >>> visualize.smooth_grad(model, images, samples=10, rng=0).shape
    (2, 28, 28)
    """
    question = Question(model, x, target, output, probability)
    choice("reduce", reduce, ("max", "sum", None))
    samples, batch_size = integer("samples", samples, 1), integer("batch_size", batch_size, 1)
    noise, rng = number("noise", noise, 0), generator(rng)
    found = [np.zeros(array.shape) for array in question.x]
    for i in range(len(question.x[0])):
        for part in parts(samples, batch_size):
            count = part.stop - part.start
            noisy = [
                array[i] + (noise * np.ptp(array[i])) * rng.standard_normal((count, *array.shape[1:])) for array in question.x
            ]
            gradients = question.differentiate(noisy, np.full(count, i)).gradients
            for whole, gradient in zip(found, gradients, strict=True):
                whole[i] += gradient.sum(0) / samples
    found = [_reduced(whole, reduce).astype(array.dtype) for whole, array in zip(found, question.x, strict=True)]
    return without_batch(found, question.alone)


@documented(OF_QUESTION)
def integrated_gradients(model, x, target=None, *, baseline=0.0, tolerance=0.01, output=0, probability=False, batch_size=32):
    """Return each element's part in the difference between a class's score for the input and for a baseline [1]_.

    The part of element i is ``(x[i] - b[i]) * integral of dS/dx[i] at b + a (x - b) for a from 0 to 1``, by the midpoint rule.
    The parts add up to ``S(x) - S(b)``, which is checked: the number of steps is doubled, from 32 up to 1,024, until they do.

    Parameters
    ----------
    baseline : float or array_like
        Input without information, such as a black image; one that broadcasts to `x`, or a list of them for several inputs.
    tolerance : float
        Allowed distance of the sum of the parts to the difference, as a part of the sum of their magnitudes.
    batch_size : int
        Steps computed at once.

    Returns
    -------
    ndarray, shape (batch, ...)
        The parts, in the input's shape. A list of arrays for a model with several inputs.

    Warns
    -----
    UserWarning
        If 1,024 steps do not suffice.

    References
    ----------
    .. [1] Sundararajan, M., Taly, A. & Yan, Q., "Axiomatic attribution for deep networks", 2017, equations 1 and 3.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> model = architectures.LeNet5(rng=0)
    >>> image = np.random.default_rng(0).random((28, 28, 1))
    >>> parts = visualize.integrated_gradients(model, image, target=3, probability=True)
    >>> black = np.zeros_like(image)
    >>> after, before = model.predict(np.stack([image, black]))[:, 3]
    >>> bool(abs(parts.sum() - (after - before)) < 0.01 * abs(parts).sum())
    True
    """
    question = Question(model, x, target, output, probability)
    batch_size, tolerance = integer("batch_size", batch_size, 1), number("tolerance", tolerance, 0, open_minimum=True)
    baselines = _baselines(baseline, question.x)
    found = [np.empty_like(array) for array in question.x]
    for i in range(len(question.x[0])):
        contributions = _integrated(question, i, [array[i] for array in baselines], batch_size, tolerance)
        for whole, part in zip(found, contributions, strict=True):
            whole[i] = part
    return without_batch(found, question.alone)


def _integrated(question, i, baselines, batch_size, tolerance):
    """Return the integrated gradients of a sample, a list with an array for each input."""
    sample = [array[i].astype(np.float64) for array in question.x]
    differences = [one - baseline for one, baseline in zip(sample, baselines, strict=True)]
    ends = [np.stack(pair) for pair in zip(baselines, sample, strict=True)]
    before, after = question.differentiate(ends, np.full(2, i), []).objective.astype(np.float64)
    steps, most = _STEPS
    while True:
        contributions = _midpoint_rule(question, i, baselines, differences, steps, batch_size)
        error = abs(sum(part.sum() for part in contributions) - (after - before))
        if error <= tolerance * sum(np.abs(part).sum() for part in contributions):
            return contributions
        if steps >= most:
            warnings.warn(
                f"the integrated gradients of sample {i} add up to {error:.2g} more or less than the score's difference, "
                f"{after - before:.4g}, with {steps} steps; expected a larger tolerance, or another baseline",
                stacklevel=3,
            )
            return contributions
        steps *= 2


def _midpoint_rule(question, i, baselines, differences, steps, batch_size):
    """Return differences times mean gradients at the middles of equal steps from the baselines to a sample."""
    sums = [np.zeros(difference.shape) for difference in differences]
    places = (np.arange(steps) + 0.5) / steps
    for part in parts(steps, batch_size):
        some = places[part]
        x = [
            baseline + some.reshape(-1, *(1 for _ in difference.shape)) * difference
            for baseline, difference in zip(baselines, differences, strict=True)
        ]
        for whole, gradient in zip(sums, question.differentiate(x, np.full(len(some), i)).gradients, strict=True):
            whole += gradient.sum(0)
    return [difference * whole / steps for difference, whole in zip(differences, sums, strict=True)]


def _baselines(baseline, x):
    """Return the baseline of each input in that input's shape."""
    given = baseline if len(x) > 1 and isinstance(baseline, (list, tuple)) else [baseline] * len(x)
    if len(given) != len(x):
        raise ValueError(f"baseline has {len(given)} arrays; expected {len(x)}, one for each input of the model")
    found = []
    for each, array in zip(given, x, strict=True):
        each = as_array("baseline", each, np.float64)
        try:
            found.append(np.broadcast_to(each, array.shape))
        except ValueError:
            raise ValueError(f"baseline has shape {each.shape}; expected one that broadcasts to x, {array.shape}") from None
    return found


def _reduced(gradients, how):
    """Return what is made of the channels of gradients."""
    if how is None:
        return gradients
    return np.abs(gradients).max(-1) if how == "max" else np.abs(gradients).sum(-1)
