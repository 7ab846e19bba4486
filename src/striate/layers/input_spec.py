"""Specifications of a layer's inputs, which calls are checked against."""

from .._common.checks import boolean, integer, shown
from .._common.errors import Constructed
from .._common.structures import Arguments, flat, leaves
from ..engine.dtypes import dtype_named


class InputSpec(Constructed):
    """Rank, dtype and sizes of an input that a layer takes; its attribute `input_spec` is one, or a list of one for each input.

    Parameters
    ----------
    dtype : str, optional
        Dtype.
    shape : tuple, optional
        Shape, the batch size first; None matches any size.
    ndim, max_ndim, min_ndim : int, optional
        Number of axes, which the shape tells, too, and its bounds.
    axes : dict of int to int, optional
        Sizes of some axes.
    allow_last_axis_squeeze : bool
        Whether a last axis of size 1 may be missing or additional.
    name : str, optional
        Key of the input, if inputs are a dict.
    optional : bool
        Whether the input may be None.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> class Halves(layers.Layer):
    ...     input_spec = layers.InputSpec(ndim=2, axes={-1: 4})
    ...
    ...     def call(self, x):
    ...         return x[:, :2]
    >>> Halves()(np.ones((3, 4))).shape
    (3, 2)
    >>> Halves()(np.ones((3, 5)))
    Traceback (most recent call last):
    ValueError: layer 'halves' got input of shape (3, 5); expected InputSpec(ndim=2, axes={-1: 4})
    """

    def __init__(
        self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None, allow_last_axis_squeeze=False,
        name=None, optional=False,
    ):  # fmt: skip
        self.dtype = None if dtype is None else dtype_named(dtype).name
        self.shape = None if shape is None else _sizes(shape)
        self.ndim, self.max_ndim, self.min_ndim = (
            None if value is None else integer(argument, value, 0)
            for argument, value in (("ndim", ndim), ("max_ndim", max_ndim), ("min_ndim", min_ndim))
        )
        if self.shape is not None:
            self.ndim = len(self.shape)
        if not isinstance(axes or {}, dict):
            raise TypeError(f"axes={shown(axes)} is of type {type(axes).__name__}; expected a dict of sizes by axis")
        self.axes = {
            integer("axes", axis): None if size is None else integer(f"axes[{axis}]", size, 0)
            for axis, size in (axes or {}).items()
        }
        largest = self.max_ndim if self.ndim is None else self.ndim
        if largest is not None and any(not -largest <= axis < largest for axis in self.axes):
            raise ValueError(f"axes={shown(axes)} has axes that an input of {largest} axes lacks; expected axes of it")
        self.allow_last_axis_squeeze = boolean("allow_last_axis_squeeze", allow_last_axis_squeeze)
        self.name, self.optional = name, boolean("optional", optional)

    def fits(self, shape, dtype):
        """Return whether an input of a shape and dtype is as specified."""
        rank = len(shape)
        largest = rank if self.max_ndim is None else self.max_ndim
        if self.dtype not in (None, dtype) or not (self.min_ndim or 0) <= rank <= largest:
            return False
        if self.ndim not in (None, rank) and not self.allow_last_axis_squeeze:
            return False
        if any(not -rank <= axis < rank or not _same(shape[axis], size) for axis, size in self.axes.items()):
            return False
        if self.shape is None:
            return True
        sizes, expected = tuple(shape), self.shape
        if self.allow_last_axis_squeeze:
            sizes, expected = (each[:-1] if each and each[-1] == 1 else each for each in (sizes, expected))
        return len(sizes) == len(expected) and all(map(_same, sizes, expected))

    def __repr__(self):
        """Return what is specified."""
        given = {name: value for name, value in self.get_config().items() if value not in (None, {}, False)}
        if self.shape is not None:
            del given["ndim"]
        return f"InputSpec({', '.join(f'{name}={value!r}' for name, value in given.items())})"

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes", "optional")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_config(cls, config):
        """Make a specification from what `get_config` returned."""
        return cls(**config)


def check_inputs(layer, x):
    """Raise an error unless the inputs of a call, symbolic tensors or values, are as the layer's `input_spec` says."""
    specs = flat(layer.input_spec)
    x = next(iter(x.values())) if isinstance(x, Arguments) else x
    if isinstance(x, dict) and all(spec.name in x for spec in specs):
        x = [x[spec.name] for spec in specs]
    inputs = leaves(x)
    if len(inputs) != len(specs):
        raise ValueError(f"layer {layer.name!r} got {len(inputs)} inputs; expected {len(specs)}, as its input_spec says")
    for each, spec in zip(inputs, specs, strict=True):
        if spec is not None and not spec.fits(each.shape, str(each.dtype)):
            raise ValueError(f"layer {layer.name!r} got input of shape {tuple(each.shape)}; expected {spec!r}")


def _sizes(value):
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"shape={shown(value)} is not a shape; expected a tuple of sizes, the batch size first")
    return tuple(size if size is None else integer(f"shape[{i}]", size, 0) for i, size in enumerate(value))


def _same(size, expected):
    return None in (size, expected) or size == expected
