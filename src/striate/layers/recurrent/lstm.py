"""LSTM."""

from ..._common.docstrings import documented
from .cells import CELL_DOC, LSTMCell
from .native import NativeRNN, for_cell, of_cell
from .rnn import SEQUENCE_DOC


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
        super().__init__(
            LSTMCell(
                units=units,
                activation=activation,
                recurrent_activation=recurrent_activation,
                use_bias=use_bias,
                kernel_initializer=kernel_initializer,
                recurrent_initializer=recurrent_initializer,
                bias_initializer=bias_initializer,
                unit_forget_bias=unit_forget_bias,
                kernel_regularizer=kernel_regularizer,
                recurrent_regularizer=recurrent_regularizer,
                bias_regularizer=bias_regularizer,
                kernel_constraint=kernel_constraint,
                recurrent_constraint=recurrent_constraint,
                bias_constraint=bias_constraint,
                dropout=dropout,
                recurrent_dropout=recurrent_dropout,
                seed=seed,
                **for_cell(kwargs),
            ),
            activity_regularizer=activity_regularizer,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            **kwargs,
        )
        self.use_cudnn = use_cudnn
