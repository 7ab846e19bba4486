"""Building of layers: when weights are made, by which generator, and for which shapes of inputs."""

import contextvars
import functools
import threading

from .._common.arguments import is_of_the_library
from .._common.contexts import setting
from .._common.randomness import generator
from .._common.structures import flat_shapes
from ..engine.operators import nothing_emitted
from .call_arguments import call_with_shapes, shapes_by_name, signature_of
from .shape_checks import checked_shapes
from .sizes import of_any_batch, with_axes
from .sublayers import name_layers, set_paths

_building = threading.RLock()  # If several threads use a new layer, only one of them makes its weights.


class Undecided:
    """What takes the place of a generator until it is known which one draws the weights of a layer in a graph of layers.

    Attributes
    ----------
    weights : list of (Variable, callable)
        The weights made, each with a function that takes a generator and returns the initial array.
    """

    def __init__(self):
        self.weights = []


#: Generator for the weights of a layer and its sublayers, only set while they are made.
_rng_of_build = contextvars.ContextVar("_rng_of_build", default=None)


class BuiltOnce:
    """A base class of layers that builds them, along with their sublayers, for the first input or when `build` is called."""

    #: Whether layers count as built from the beginning, as in Keras, unless their class defines `build`.
    built_at_once = False

    #: Whether the weights of the library's class do not depend on the input, so that `build` can be called without its shape.
    builds_without_shape = False

    @property
    def built(self):
        """Whether the weights exist, or there are none to make."""
        return self._built or (self.built_at_once and not self._defines("build"))

    @built.setter
    def built(self, value):
        self._built = value

    def ensure_built(self, input_shape, rng):
        """Build the layer if it is not built; check that it can take inputs of `input_shape`. Return the output's shape.

        For several inputs, `input_shape` is a structure of shapes.
        """
        input_shape = of_any_batch(input_shape)
        output_shape = self._output_shape_for(input_shape)
        self._build_or_check(input_shape, rng)
        return output_shape

    def _build_or_check(self, input_shape, rng):
        """Build the layer if it is not built; otherwise check that the weights fit inputs of `input_shape`."""
        with _building:
            if not self._built:
                self._build_whole(input_shape, rng)
                return
            if self._undecided:
                weights, self._undecided = self._undecided, None
                for weight, draw in weights:
                    if weight.is_untouched:
                        weight.assign_lazily(draw(rng))
        self._check_sizes_of_weights(input_shape)

    def _build_in_graph(self, input_shape):
        """Build the layer when it is called in a graph of layers.

        The generator of the model that is made of that draws the weights, unless they are read before.
        """
        with _building:
            if not self._built:
                rng = Undecided()
                self._build_whole(input_shape, rng)
                self._undecided = rng.weights
                return
        self._check_sizes_of_weights(input_shape)

    def _check_sizes_of_weights(self, input_shape):
        """Raise an error for an input in which a size that the weights' shapes depend on has changed."""
        shapes, built_for = flat_shapes(input_shape), flat_shapes(self.input_shape)
        for i, axis in sorted(self._axes_of_weights):
            if i >= min(len(shapes), len(built_for)):  # An optional argument is missing.
                continue
            found, wanted = shapes[i], built_for[i]
            same_rank = len(found) == len(wanted) or axis == -1  # The last axis may follow any number of others.
            if not same_rank or found[axis] != wanted[axis]:
                sizes = "channels or features" if axis == -1 else f"elements along axis {axis}"
                raise ValueError(
                    f"layer {self.name!r} was built for inputs of shape {self.input_shape}, got {input_shape}; expected the "
                    f"same number of {sizes}"
                )

    def _check_built_for(self, input_shape):
        """Raise an error if the layer, which is built, takes inputs of fixed sizes, and is to be built for others."""

    def _build_whole(self, input_shape, rng):
        """Build the layer; if that fails, leave it without weights."""
        try:
            self._build(input_shape, rng)
        except BaseException:
            self._own_weights.clear()
            self._axes_of_weights = frozenset()
            raise
        finally:
            self._rng = None

    def _build(self, input_shape, rng):
        """Make the weights of the layer and its sublayers."""
        self._rng = rng
        with setting(_rng_of_build, rng):
            with nothing_emitted():
                call_with_shapes(self, "build", with_axes(input_shape))
            self._build_sublayers(input_shape, rng)
        self.input_shape = input_shape
        self.built = True
        set_paths(self)

    def _build_sublayers(self, input_shape, rng):
        """Build the layers that `call` calls, by calling it once."""
        name_layers(self._sublayers())
        if not all(layer._built for layer in self._sublayers()):
            self._trace_call(input_shape, rng)


def building_once(build):
    """Wrap a layer's `build` so that users, or layers that contain it, can call it, as in Keras.

    It builds the layer along with its sublayers, and does nothing if the layer is built.
    """

    @functools.wraps(build)
    def build_once(self, *shapes, **named):
        if self._rng is not None:  # `_build` is calling.
            return build(self, *shapes, **named)
        free = self.builds_without_shape or not is_of_the_library(type(self))
        if not named and all(shape is None for shape in shapes) and free:
            if not self.built:
                _build_without_shape(self, build)
            return None
        shape = checked_shapes(self, shapes_by_name(self, "build", shapes, named))
        if not self._built:
            rng = _rng_of_build.get() or getattr(self, "rng", None) or generator()
            self.ensure_built(shape, rng)
        else:
            self._check_built_for(shape)
        return None

    return build_once


def _build_without_shape(layer, build):
    """Call `build` of a layer whose weights depend on no input; layers that it calls are built when it is called."""
    rng = _rng_of_build.get() or getattr(layer, "rng", None) or generator()
    layer._rng = rng
    try:
        with setting(_rng_of_build, rng), nothing_emitted():
            build(layer, *[None] * len(signature_of(type(layer), "build").parameters))
    finally:
        layer._rng = None
    layer.built = True
    set_paths(layer)
