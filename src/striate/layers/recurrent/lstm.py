"""LSTM and its cell."""

from ..._common.checks import boolean
from ..._common.docstrings import documented
from .any_cell import list_of
from .cells import CELL_DOC, GatedCell, activated
from .native import NativeRNN, of_cell, with_cell
from .rnn import SEQUENCE_DOC


@documented(CELL_DOC)
class LSTMCell(GatedCell):
    """A step of `LSTM`, where its gates and formulas are described.

    Parameters
    ----------
    unit_forget_bias : bool
        Whether the bias of the forget gate begins with ones.

    Notes
    -----
    It is called with the input, shape (batch, features), and a list of the states h and c, shape (batch, units), and returns
    the output, h, and such a list.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> cell = layers.LSTMCell(2, kernel_initializer="ones")
    >>> y, (h, c) = cell(np.ones((1, 3), np.float32), [np.zeros((1, 2), np.float32)] * 2)
    >>> np.round(c, 3)
    array([[0.948, 0.948]], dtype=float32)
    """

    gates = 4
    states = 2

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
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
        self.unit_forget_bias = boolean("unit_forget_bias", unit_forget_bias)

    def build(self, input_shape):
        """Make the kernels and the bias."""
        super().build(input_shape)
        if self.use_bias and self.unit_forget_bias:
            bias = self.bias.numpy()
            bias[self.units : 2 * self.units] = 1
            self.bias.assign(bias)

    def call(self, inputs, states, training=False):
        """Return the output, and the list of the new states."""
        h, c = list_of(states)
        gates = self.of_input(inputs, self.bias, training) + self.of_state(h, training)
        i, f, g, o = self.by_gate(gates)
        i, f, o = (activated(gate, self.recurrent_activation) for gate in (i, f, o))
        c = f * c + i * activated(g, self.activation)
        h = o * activated(c, self.activation)
        return h, [h, c]

    def get_config(self):
        """Return the constructor's arguments."""
        return {"unit_forget_bias": self.unit_forget_bias, **super().get_config()}


@documented(CELL_DOC, SEQUENCE_DOC)
class LSTM(NativeRNN):
    """Long short-term memory [1]_ of a sequence, with a forget gate [2]_.

    At each step, with ``i, f, o = sigmoid(x @ kernel + h @ recurrent_kernel + bias)`` and ``g = tanh(…)`` of their columns,

        c = f * c + i * g
        h = o * tanh(c)

    where h is the output.

    Parameters
    ----------
    unit_forget_bias : bool
        Whether the bias of the forget gate begins with ones, so that states are remembered at first.
    use_cudnn : bool or "auto"
        Accepted for compatibility with Keras, without effect.

    References
    ----------
    .. [1] Hochreiter, S. & Schmidhuber, J., "Long short-term memory", Neural Computation 9, 1997.
    .. [2] Gers, F. et al., "Learning to forget: continual prediction with LSTM", Neural Computation 12, 2000.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((2, 5, 3), np.float32)
    >>> layers.LSTM(4)(x).shape
    (2, 4)
    >>> y, h, c = layers.LSTM(4, return_sequences=True, return_state=True)(x)
    >>> y.shape, h.shape, c.shape
    ((2, 5, 4), (2, 4), (2, 4))
    """

    cell_kind = "lstm"

    recurrent_activation = of_cell("recurrent_activation")
    unit_forget_bias = of_cell("unit_forget_bias")

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
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
        use_cudnn="auto",
        **kwargs,
    ):
        super().__init__(**with_cell(LSTMCell, locals()))
        self.use_cudnn = use_cudnn
