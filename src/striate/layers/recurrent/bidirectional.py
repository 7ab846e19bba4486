"""Recurrent layers that read a sequence in both directions."""

from ..._common.arguments import functions_in_configurations, written
from ..._common.checks import choice, shown
from ...engine import operations
from ..nesting import TakesLayers, check_layer, of_the_same_dtype

_MERGE_MODES = ("concat", "sum", "mul", "ave", None)


class Bidirectional(TakesLayers):
    """Read a sequence forwards and backwards by two recurrent layers [1]_, and merge their outputs.

    Parameters
    ----------
    layer : RNN
        A recurrent layer, such as LSTM, of which copies are made, named ``forward_…`` and ``backward_…``.
    merge_mode : {"concat", "sum", "mul", "ave", None}
        How the outputs of a step are merged; with None, both are returned.
    weights : list of ndarray, optional
        Initial weights of both layers.
    backward_layer : RNN, optional
        The layer that reads the sequence backwards, whose `go_backwards` is True; a copy of `layer` if None.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    With `return_sequences`, the outputs of both layers are in the order of the steps. With `return_state`, the states of both
    layers follow after the output. The argument `initial_state` of a call is a list of states of the first layer and, after
    them, of the other one.

    References
    ----------
    .. [1] Schuster, M. & Paliwal, K., "Bidirectional recurrent neural networks", IEEE Transactions on Signal Processing 45,
       1997.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layer = layers.Bidirectional(layers.LSTM(4, return_sequences=True))
    >>> layer(np.ones((2, 5, 3), np.float32)).shape
    (2, 5, 8)
    """

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        _check_recurrent("layer", layer, "a recurrent layer")
        super().__init__(**of_the_same_dtype(layer, kwargs))
        if backward_layer is not None:
            _check_recurrent("backward_layer", backward_layer, "a recurrent layer, or None")
        self.merge_mode = choice("merge_mode", merge_mode, _MERGE_MODES)
        self.forward_layer = _copy(layer, "forward_")
        self.backward_layer = _copy(layer, "backward_", go_backwards=True) if backward_layer is None else backward_layer
        if self.forward_layer.go_backwards == self.backward_layer.go_backwards:
            raise ValueError(
                f"both layers have go_backwards={self.forward_layer.go_backwards}; expected a `layer` that reads the sequence "
                "forwards, or one of each"
            )
        for name in ("stateful", "return_sequences", "return_state"):
            first, second = getattr(self.forward_layer, name), getattr(self.backward_layer, name)
            if first != second:
                raise ValueError(f"backward_layer has {name}={second}; expected {first}, as `layer` has")
            setattr(self, name, first)
        self._initial_weights = None if weights is None else list(weights)

    def build(self, sequences_shape):
        """Build both layers."""
        self._build_within(self.forward_layer, sequences_shape)
        self._build_within(self.backward_layer, sequences_shape)
        if self._initial_weights:
            half = len(self._initial_weights) // 2
            self.forward_layer.set_weights(self._initial_weights[:half])
            self.backward_layer.set_weights(self._initial_weights[half:])

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        """Return the shape of the output, or of both, and with `return_state` those of the states after them."""
        shape = self.forward_layer.compute_output_shape(sequences_shape)
        shape, states = (shape[0], shape[1:]) if self.return_state else (shape, ())
        outputs = {"concat": [(*shape[:-1], 2 * shape[-1])], None: [shape, shape]}.get(self.merge_mode, [shape])
        return outputs[0] if len(outputs) == 1 and not states else (*outputs, *states, *states)

    def call(self, sequences, initial_state=None, mask=None, training=None):
        """Call both layers and merge their outputs."""
        if mask is not None:
            raise ValueError(f"mask={shown(mask)} is not supported; expected None")
        half = 0 if initial_state is None else len(initial_state) // 2
        initial = (None, None) if initial_state is None else (list(initial_state[:half]), list(initial_state[half:]))
        y, *states = self._call_one(self.forward_layer, sequences, initial[0], training)
        y_rev, *states_rev = self._call_one(self.backward_layer, sequences, initial[1], training)
        if self.return_sequences:
            y_rev = operations.flip(y_rev, 1)
        outputs = [y, y_rev] if self.merge_mode is None else [self._merged(y, y_rev)]
        return outputs[0] if len(outputs) == 1 and not states else (*outputs, *states, *states_rev)

    def _call_one(self, layer, sequences, initial_state, training):
        given = {} if initial_state is None else {"initial_state": initial_state}
        y = layer(sequences, training=training, **given)
        return y if self.return_state else [y]

    def _merged(self, y, y_rev):
        if self.merge_mode == "concat":
            return operations.Concatenate([y, y_rev], len(y.shape) - 1).y
        return operations.Merge({"sum": "add", "mul": "multiply", "ave": "average"}[self.merge_mode], (y, y_rev)).y

    def reset_state(self):
        """Set the states of stateful layers to zero."""
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    reset_states = reset_state

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "layer": written(self.forward_layer),
            "merge_mode": self.merge_mode,
            "backward_layer": written(self.backward_layer),
            **super().get_config(),
        }


def _check_recurrent(name, layer, expected):
    """Check that a layer has what `Bidirectional` reads of recurrent layers."""
    if not hasattr(check_layer(name, layer, expected), "go_backwards"):
        raise ValueError(f"{name}={shown(layer)} is not recurrent; expected {expected}, which has the attribute go_backwards")


def _copy(layer, prefix, **changed):
    """Return a layer of the same class and arguments, except for those given, with a prefix to its name."""
    with functions_in_configurations():
        copy = type(layer).from_config(layer.get_config() | {"name": prefix + layer.name.removeprefix(prefix)} | changed)
    if hasattr(layer, "use_cudnn"):  # As in Keras, it is no part of the configuration.
        copy.use_cudnn = layer.use_cudnn
    return copy
