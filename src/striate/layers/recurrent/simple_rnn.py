"""SimpleRNN and its cell."""

from ..._common.docstrings import documented
from .any_cell import list_of
from .cells import CELL_DOC, RecurrentCell, activated
from .native import NativeRNN, with_cell
from .rnn import SEQUENCE_DOC


@documented(CELL_DOC)
class SimpleRNNCell(RecurrentCell):
    """A step of `SimpleRNN`: ``h = activation(x @ kernel + h @ recurrent_kernel + bias)``.

    Notes
    -----
    It is called with the input, shape (batch, features), and a list of the state, shape (batch, units), and returns the output
    and such a list.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> cell = layers.SimpleRNNCell(2, kernel_initializer="ones")
    >>> y, states = cell(np.ones((1, 3), np.float32), [np.zeros((1, 2), np.float32)])
    >>> np.round(y, 3)
    array([[0.995, 0.995]], dtype=float32)
    """

    def __init__(
        self,
        units,
        activation="tanh",
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
        seed=None,
        *,
        implementation=2,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
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

    def call(self, inputs, states, training=False):
        """Return the output, and the list of the new state."""
        h = activated(self.of_input(inputs, self.bias, training) + self.of_state(list_of(states)[0], training), self.activation)
        return h, [h]


@documented(CELL_DOC, SEQUENCE_DOC)
class SimpleRNN(NativeRNN):
    """Fully connected recurrent layer [1]_ of a sequence: ``h = activation(x @ kernel + h @ recurrent_kernel + bias)``.

    References
    ----------
    .. [1] Elman, J., "Finding structure in time", Cognitive Science 14, 1990.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layers.SimpleRNN(4)(np.ones((2, 5, 3), np.float32)).shape
    (2, 4)
    """

    cell_kind = "simple_rnn"

    def __init__(
        self,
        units,
        activation="tanh",
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
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        seed=None,
        **kwargs,
    ):
        super().__init__(**with_cell(SimpleRNNCell, locals()))
