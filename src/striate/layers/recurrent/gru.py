"""GRU and its cell."""

from ..._common.checks import boolean
from ..._common.docstrings import documented
from ...engine.operators import apply
from .any_cell import list_of
from .cells import CELL_DOC, GatedCell, activated
from .native import NativeRNN, of_cell, with_cell
from .rnn import SEQUENCE_DOC


@documented(CELL_DOC)
class GRUCell(GatedCell):
    """A step of `GRU`, where its gates and formulas are described.

    Parameters
    ----------
    reset_after : bool
        Whether the reset gate multiplies the product of the state and the recurrent kernel, rather than the state.

    Notes
    -----
    It is called with the input, shape (batch, features), and a list of the state, shape (batch, units), and returns the output
    and such a list.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> cell = layers.GRUCell(2, kernel_initializer="ones")
    >>> y, states = cell(np.ones((1, 3), np.float32), [np.zeros((1, 2), np.float32)])
    >>> np.round(y, 3)
    array([[0.047, 0.047]], dtype=float32)
    """

    gates = 3

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        reset_after=True,
        seed=None,
        *,
        implementation=2,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
            recurrent_activation,
            use_bias,
            (kernel_initializer, recurrent_initializer, bias_initializer),
            (kernel_regularizer, recurrent_regularizer, bias_regularizer),
            (kernel_constraint, recurrent_constraint, bias_constraint),
            dropout,
            recurrent_dropout,
            implementation,
            seed=seed,
            **kwargs,
        )
        self.reset_after = boolean("reset_after", reset_after)

    def bias_shape(self):
        """Return the bias's shape: one row, or a second one that is added to the state's part."""
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def is_native(self, training):
        """Return whether one operation takes all steps of this cell."""
        return self.reset_after and super().is_native(training)

    def biases(self, graph):
        """Return the biases of the input's part and of the state's part of the gates' arguments; either may be None."""
        if self.bias is None or not self.reset_after:
            return self.bias, None
        both = graph.value_of(self.bias)
        return self._once("input bias", lambda: both[0]), self._once("state bias", lambda: both[1])

    def call(self, inputs, states, training=False):
        """Return the output, and the list of the new state."""
        (h,) = list_of(states)
        bias, state_bias = self.biases(inputs.graph)
        z, r, g = self.by_gate(self.of_input(inputs, bias, training))
        state = self.of_state(h, training, gates=3 if self.reset_after else 2)
        state_z, state_r, *state_g = self.by_gate(state if state_bias is None else apply("add", state, state_bias))
        z = activated(z + state_z, self.recurrent_activation)
        r = activated(r + state_r, self.recurrent_activation)
        state_g = r * state_g[0] if self.reset_after else self.of_state(r * h, training, first=2, gates=1)
        h = z * h + (1 - z) * activated(g + state_g, self.activation)
        return h, [h]

    def get_config(self):
        """Return the constructor's arguments."""
        return {"reset_after": self.reset_after, **super().get_config()}


@documented(CELL_DOC, SEQUENCE_DOC)
class GRU(NativeRNN):
    """Gated recurrent unit [1]_ of a sequence.

    At each step, with ``z, r = sigmoid(x @ kernel + h @ recurrent_kernel + bias)`` of their columns and
    ``g = tanh(x @ kernel + r * (h @ recurrent_kernel))``,

        h = z * h + (1 - z) * g

    where h is the output, too. Both products have a bias of their own. Without `reset_after`, r multiplies the state h instead
    of its product, and there is one bias.

    Parameters
    ----------
    reset_after : bool
        Whether the reset gate multiplies the product of the state and the recurrent kernel, rather than the state.
    use_cudnn : bool or "auto"
        Accepted for compatibility with Keras, without effect.

    References
    ----------
    .. [1] Cho, K. et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation",
       EMNLP 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((2, 5, 3), np.float32)
    >>> layers.GRU(4, return_sequences=True)(x).shape
    (2, 5, 4)
    """

    cell_kind = "gru"

    recurrent_activation = of_cell("recurrent_activation")
    reset_after = of_cell("reset_after")

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        reset_after=True,
        use_cudnn="auto",
        **kwargs,
    ):
        super().__init__(**with_cell(GRUCell, locals()))
        self.use_cudnn = use_cudnn
