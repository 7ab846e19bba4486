"""Receptive fields: which part of the image a position of a layer sees, by arithmetic, and how much of it, by gradients."""

import functools
from typing import NamedTuple

import numpy as np

from .. import ops
from .._common.checks import integers, number
from .._common.docstrings import documented
from ..engine import Value, operations
from ..functional.filtering import Window
from ..models import values_and_gradients
from ..models.model import check_model
from .figures import COLORS, FIGURE, show_image, styled
from .models import as_batch, path_in, traced

#: Operations each of whose elements depends on those at the same position.
_POSITION_BY_POSITION = (
    operations.ActivationFunction, operations.BatchNormalization, operations.Broadcast, operations.Clip, operations.Concatenate,
    operations.Dense, operations.Dropout, operations.LocalResponseNormalization, operations.Merge, operations.ScaleShift,
)  # fmt: skip

#: Functions of NumPy of which the same is true.
_FUNCTIONS = frozenset([
    "absolute", "add", "cast", "clip", "cos", "divide", "erf", "exp", "expm1", "log", "log10", "log1p", "log2", "maximum",
    "minimum", "multiply", "negative", "power", "reciprocal", "relu", "rsqrt", "sign", "sin", "sqrt", "square", "stop_gradient",
    "subtract", "tan", "where",
])  # fmt: skip


class ReceptiveField(NamedTuple):
    """Rows and columns that a layer's outputs see.

    The output at index i along an axis sees the elements of the image from ``start + i * stride`` to
    ``start + i * stride + size - 1``, of which those before the first and beyond the last are padding. One that sees the whole
    image has the image's size and a stride of 0; size, stride and start are None where they depend on the position, as after
    upsampling.
    """

    layer: str  # its path
    size: tuple | None  # (height, width)
    stride: tuple | None
    start: tuple | None


class _Axis(NamedTuple):
    """The receptive field along one axis."""

    size: int
    stride: int
    start: int

    def then(self, window, stride, before, dilation=1):
        """Return that of a window over positions with this field, `before` of padding."""
        reach = (window - 1) * dilation
        return _Axis(self.size + reach * self.stride, self.stride * stride, self.start - before * self.stride)

    def joined(self, other):
        """Return that of what sees both, at the same stride."""
        start = min(self.start, other.start)
        return _Axis(max(self.start + self.size, other.start + other.size) - start, self.stride, start)


def receptive_fields(model, x=None):
    """Return the receptive field of each layer of feature maps: size, stride and place, by arithmetic [1]_.

    Parameters
    ----------
    model : Model
        The model, built.
    x : ndarray, optional
        An image, if the model takes images of any size.

    Returns
    -------
    list of ReceptiveField
        In the order of the layers' computation. In a model with several inputs, fields are those in the first image.

    References
    ----------
    .. [1] Araujo, A., Norris, W. & Sim, J., "Computing receptive fields of convolutional neural networks", Distill, 2019.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> for field in visualize.receptive_fields(architectures.LeNet5()):
    ...     print(field.layer, field.size, field.stride, field.start)
    c1 (5, 5) (1, 1) (-2, -2)
    s2 (6, 6) (2, 2) (-2, -2)
    c3 (14, 14) (2, 2) (-2, -2)
    s4 (16, 16) (4, 4) (-2, -2)
    """
    check_model(model)
    graph, _ = traced(model, None if x is None else as_batch(model, x)[0])
    fields = fields_in(graph)
    found = []
    for path, value in graph.results.items():
        if isinstance(value, Value) and len(value.shape) in (3, 4) and value in fields:
            axes = fields[value][5 - len(value.shape) - 1 :]
            known = all(axes)
            found.append(ReceptiveField(path, *(tuple(zip(*axes, strict=True)) if known else (None,) * 3)))
    return found


def fields_in(graph):
    """Return the receptive fields, by value, of all values that depend on the image: a field for rows and one for columns.

    A sequence is an image of one row. Fields are None where they depend on the position.
    """
    image = next((value for value in graph.inputs if len(value.shape) in (3, 4)), None)
    if image is None:
        raise ValueError("the model has no input of images or sequences; expected one")
    fields = {image: (_Axis(1, 1, 0), _Axis(1, 1, 0))}
    whole = tuple(_Axis(size, 0, 0) for size in _sizes(image.shape))
    for operation in graph.operations:
        seen = [value for value in operation.inputs if value in fields]
        if not seen:
            continue
        axes = [_after(operation, _broadcast(fields[value], value, operation.y), whole) for value in seen]
        field = tuple(
            functools.reduce(_joined(axis), along) for axis, along in zip(whole, zip(*axes, strict=True), strict=True)
        )
        fields.update(dict.fromkeys(operation.outputs, field))
    return fields


def _joined(whole):
    """Return a function that joins the fields along an axis of two values that an operation reads."""

    def joined(one, other):
        if one is None or other is None or one.stride == other.stride:
            return one and other and one.joined(other)
        fixed = min(one, other, key=lambda axis: axis.stride)
        sees_all = not fixed.stride and fixed.start <= 0 and fixed.start + fixed.size >= whole.size
        return fixed if sees_all else None

    return joined


def _broadcast(field, value, result):
    """Return the field of a value that is broadcast to the shape of a result: along axes of size 1, all see the same."""
    if len(value.shape) != len(result.shape) or len(value.shape) not in (3, 4):
        return field
    sizes = zip(field, _sizes(value.shape), _sizes(result.shape), strict=True)
    return tuple(axis and (axis._replace(stride=0) if size == 1 < wanted else axis) for axis, size, wanted in sizes)


def _after(operation, field, whole):
    """Return the field of what an operation makes of a value with a field."""
    if isinstance(operation, operations.Conv2D):
        g = operation.geometry
        return _windowed(field, g.kernel_shape[:2], g.strides, [before for before, _ in g.padding], g.dilation)
    if isinstance(operation, (operations.MaxPool2D, operations.AveragePool2D)):
        g = operation.geometry
        return _windowed(field, g[:2], g[2:4], (g[4], g[6]))
    window = getattr(operation, "window", None)
    if isinstance(window, Window):  # of a filter
        field = _windowed(field, (window.height, window.width), (1, 1), (window.top, window.left))
        return (None, None) if window.border == "wrap" else field
    if isinstance(operation, operations.Pad) and len(operation.amounts) == 4:
        return _windowed(field, (1, 1), (1, 1), [before for before, _ in operation.amounts[1:3]])
    if isinstance(operation, operations.Reshape):
        kept = _sizes(operation.y.shape) == _sizes(operation.inputs.x.shape)
        return field if kept and len(operation.y.shape) in (3, 4) else whole
    if isinstance(operation, operations.GroupNormalization):
        return whole
    if isinstance(operation, _POSITION_BY_POSITION):
        return field
    return field if getattr(getattr(operation, "function", None), "name", None) in _FUNCTIONS else (None, None)


def _windowed(field, windows, strides, before, dilation=(1, 1)):
    return tuple(
        each and (each.then(*how) if each.stride else each)
        for each, *how in zip(field, windows, strides, before, dilation, strict=True)
    )


def _sizes(shape):
    """Return height and width of a value of images or sequences."""
    return (1, shape[1]) if len(shape) == 3 else tuple(shape[1:3])


class EffectiveField(NamedTuple):
    """What `effective_receptive_field` returns."""

    map: np.ndarray  # (height, width), at most 1
    layer: str  # path of the layer
    position: tuple  # (row, column) of the position in the layer's output


def effective_receptive_field(model, x, layer=None, position=None):
    """Return how much each pixel influences one position of a layer, by gradients [1]_.

    It is the mean over images of the magnitude of the gradient of the position's sum over channels, divided by its largest
    value. In a deep network it is far smaller than the receptive field, and falls off like a Gaussian.

    Parameters
    ----------
    model : Model
        The model.
    x : ndarray, shape (batch, height, width, channels), or of one sample
        Images.
    layer : Layer or str, optional
        The layer; the one that `target_layer` names if None.
    position : pair of int, optional
        Row and column in the layer's output; the middle if None.

    Returns
    -------
    EffectiveField
        `map`, an array (height, width), and which `layer` and `position` it belongs to.

    References
    ----------
    .. [1] Luo, W. et al., "Understanding the effective receptive field in deep convolutional neural networks", 2016, section 2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> images = np.random.default_rng(0).random((8, 28, 28, 1))
    >>> found = visualize.effective_receptive_field(architectures.LeNet5(rng=0), images, "c3")
    >>> found.position
    (5, 5)
    >>> rows, columns = np.nonzero(found.map)
    >>> int(rows.min()), int(rows.max())
    (8, 21)
    """
    x, _ = as_batch(model, x)
    graph, _ = traced(model, x)
    path = path_in(graph, model, layer)
    shape = graph.results[path].shape
    if len(shape) != 4 or len(x) != 1 or x[0].ndim != 4:
        raise ValueError(f"layer={path!r} has outputs of shape {shape[1:]}; expected feature maps of images, the only input")
    if position is None:
        position = tuple(size // 2 for size in shape[1:3])
    else:
        position = integers("position", position, 0)
        if len(position) != 2 or any(at >= size for at, size in zip(position, shape[1:3], strict=True)):
            raise ValueError(f"position={position} is not in the output of {path!r}; expected (row, column) in {shape[1:3]}")
    mask = np.zeros((1, *shape[1:3], 1))
    mask[0, position[0], position[1]] = 1
    (gradient,) = values_and_gradients(model, x, _weighed, layer=path, arrays=[mask]).gradients
    influence = np.abs(gradient).sum(-1).mean(0)
    return EffectiveField(influence / (influence.max() or 1), path, position)


def _weighed(y, mask):
    """Return the sum of a layer's output where the mask is 1."""
    return ops.sum(ops.multiply(y, mask))


@documented(FIGURE)
def plot_receptive_field(model, x, layer=None, position=None, *, size=3.0):
    """Draw an image, the influence of its pixels on a position of a layer, and the frame of all that the position sees.

    Parameters
    ----------
    model, x, layer, position
        See `effective_receptive_field`; the first image is drawn.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> images = np.random.default_rng(0).random((8, 28, 28, 1))
    >>> figure = visualize.plot_receptive_field(architectures.LeNet5(rng=0), images)
    >>> figure.axes[0].get_title()
    'c3 at (5, 5) sees 14 × 14 pixels'
    """
    size = number("size", size, 0, 100, open_minimum=True)
    found = effective_receptive_field(model, x, layer, position)
    images, _ = as_batch(model, x)
    field = next(each for each in receptive_fields(model, images[0][:1]) if each.layer == found.layer)
    with styled() as plt:
        figure, axes = plt.subplots(1, 2, figsize=(2 * size, size + 0.4))
        show_image(axes[0], images[0][0])
        axes[1].imshow(np.sqrt(found.map), cmap="viridis", vmin=0, vmax=1)
        for each in axes:
            each.set_axis_off()
            if field.size is not None:
                row, column = (
                    start + at * stride for start, at, stride in zip(field.start, found.position, field.stride, strict=True)
                )
                corner = column - 0.5, row - 0.5
                each.add_patch(plt.Rectangle(corner, field.size[1], field.size[0], fill=False, color=COLORS[1], linewidth=1.5))
                each.update_datalim([corner, (corner[0] + field.size[1], corner[1] + field.size[0])])
                each.autoscale_view()
        seen = "" if field.size is None else f" sees {field.size[0]} × {field.size[1]} pixels"
        axes[0].set_title(f"{found.layer} at {found.position}{seen}", pad=4)
        axes[1].set_title("influence of each pixel (square root)", pad=4)
    return figure
