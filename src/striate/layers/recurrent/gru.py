"""GRU."""

from ..._common.docstrings import documented
from .cells import CELL_DOC, GRUCell
from .native import NativeRNN, for_cell, of_cell
from .rnn import SEQUENCE_DOC


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
        super().__init__(
            GRUCell(
                units=units,
                activation=activation,
                recurrent_activation=recurrent_activation,
                use_bias=use_bias,
                kernel_initializer=kernel_initializer,
                recurrent_initializer=recurrent_initializer,
                bias_initializer=bias_initializer,
                kernel_regularizer=kernel_regularizer,
                recurrent_regularizer=recurrent_regularizer,
                bias_regularizer=bias_regularizer,
                kernel_constraint=kernel_constraint,
                recurrent_constraint=recurrent_constraint,
                bias_constraint=bias_constraint,
                dropout=dropout,
                recurrent_dropout=recurrent_dropout,
                seed=seed,
                reset_after=reset_after,
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
