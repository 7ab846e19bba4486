"""How layers are built: when, by whom, and for which inputs."""

import contextvars
import functools
import threading

from .._common.randomness import generator
from .shape_checks import shapes_given
from .sizes import of_any_batch, with_axes
from .sublayers import name_layers
from .symbolic import flat_shapes

_building = threading.RLock()  # of threads that use a layer first, one makes its weights
_rng_of_build = contextvars.ContextVar("_rng_of_build", default=None)  # while a layer's weights, and those within it, are made


class BuiltOnce:
    """A base class of layers for their building: by the first input, or by a call of `build`, along with the layers within."""

    def ensure_built(self, input_shape, rng):
        """Build the layer unless it is; check that it can take inputs of `input_shape`. Return the output's shape.

        For several inputs, `input_shape` is a list of shapes.
        """
        input_shape = of_any_batch(input_shape)
        output_shape = self._output_shape_for(input_shape)
        self._get_ready(input_shape, rng)
        return output_shape

    def _get_ready(self, input_shape, rng):
        """Build the layer unless it is; check that the weights fit inputs of `input_shape`."""
        with _building:
            if not self.built:
                self._build_whole(input_shape, rng)
                return
        self._check_sizes_of_weights(input_shape)

    def _check_sizes_of_weights(self, input_shape):
        """Raise an error for an input in which a size that the weights' shapes depend on has changed."""
        shapes, built_for = flat_shapes(input_shape), flat_shapes(self.input_shape)
        for i, axis in sorted(self._axes_of_weights):
            found, wanted = shapes[i], built_for[i]
            fits = len(found) == len(wanted) or axis == -1  # there may be any number of axes of features
            if not fits or found[axis] != wanted[axis]:
                sizes = "channels or features" if axis == -1 else f"elements along axis {axis}"
                raise ValueError(
                    f"layer {self.name!r} was built for inputs of shape {self.input_shape}, got {input_shape}; expected as "
                    f"many {sizes}"
                )

    def _build_whole(self, input_shape, rng):
        """Build the layer, or leave it as it was."""
        try:
            self._build(input_shape, rng)
        except BaseException:
            self._own_weights.clear()
            self._axes_of_weights = frozenset()
            raise
        finally:
            self._rng = None

    def _build(self, input_shape, rng):
        """Make the weights of the layer and of those within it."""
        self._rng = rng
        token = _rng_of_build.set(rng)
        try:
            self.build(with_axes(input_shape))
            self._build_sublayers(input_shape, rng)
        finally:
            _rng_of_build.reset(token)
        self.input_shape = input_shape
        self.built = True

    def _build_sublayers(self, input_shape, rng):
        """Build what `call` calls, by calling it once."""
        name_layers(self._sublayers())
        if not all(layer.built for layer in self._sublayers()):
            self._call_on_trial(input_shape, rng)


def callable_from_outside(build):
    """Let `build`, called by others than the layer that makes its weights, as Keras' layers call it for those within them, make
    them all.
    """

    @functools.wraps(build)
    def made_once(self, input_shape):
        if self._rng is not None:  # the weights are being made
            return build(self, input_shape)
        shape = shapes_given(self, input_shape)
        if not self.built:
            rng = _rng_of_build.get() or getattr(self, "rng", None) or generator()
            self.ensure_built(shape, rng)
        return None

    return made_once
