"""Embeddings: vectors that stand for integers."""

import numpy as np

from .._common.checks import boolean, float_dtype, integer, number, shown
from .._common.docstrings import documented
from .._common.structures import Arguments
from ..engine.operators import apply
from .base import Layer
from .weight_settings import make_weight, set_weight, weight_config

_EMBEDDING_DOC = """
    Parameters
    ----------
    input_dim : int
        Number of vectors; integers are from 0 to ``input_dim - 1``.
    output_dim : int
        Number of features of each vector.
    embeddings_initializer : str or Initializer
        Initial vectors; see `striate.initializers`.
    embeddings_regularizer, embeddings_constraint : optional
        Penalty on the vectors, and constraint applied to them after each step; see `striate.regularizers` and
        `striate.constraints`.
    mask_zero : bool
        Accepted for compatibility with Keras; must be False, as there are no masks. The vector of 0 is one like the others.
    activity_regularizer, name, trainable, dtype
        See `Layer`.
    """


@documented(_EMBEDDING_DOC)
class Embedding(Layer):
    """Replace integers, such as indices of words, by vectors, which are learned.

    Parameters
    ----------
    weights : array_like, optional
        The vectors to begin with, (input_dim, output_dim), or a list of this array.

    Notes
    -----
    Input (batch, ...) of integers, output (batch, ..., output_dim). Weight: embeddings (input_dim, output_dim).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> vectors = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> layers.Embedding(3, 2, weights=vectors)(np.array([[2, 0]]))
    array([[[4., 5.],
            [0., 1.]]], dtype=float32)
    """

    builds_without_shape = True

    def __init__(
        self,
        input_dim,
        output_dim,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        weights=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.input_dim = integer("input_dim", input_dim, 1)
        self.output_dim = integer("output_dim", output_dim, 1)
        set_weight(self, "embeddings", embeddings_initializer, embeddings_regularizer, embeddings_constraint)
        self.mask_zero = boolean("mask_zero", mask_zero)
        if self.mask_zero:
            raise ValueError("mask_zero=True is not supported; expected False, since layers pass no masks on")
        self.embeddings = None
        if weights is not None:
            self.build()
            several = isinstance(weights, (list, tuple)) and len(weights) == 1 and np.ndim(weights[0]) == 2
            self.set_weights(weights if several else [weights])

    def build(self, input_shape=None):
        """Make the vectors."""
        self.embeddings = make_weight(self, "embeddings", (self.input_dim, self.output_dim))

    def compute_output_shape(self, input_shape):
        """Return (batch, ..., output_dim)."""
        return (*input_shape, self.output_dim)

    def call(self, x):
        """Return the vectors of integers."""
        return apply("lookup", x.graph.value_of(self.embeddings), apply("cast", x, dtype="int32"))

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            **weight_config(self, "embeddings"),
            "mask_zero": self.mask_zero,
            **super().get_config(),
        }


@documented(_EMBEDDING_DOC)
class ReversibleEmbedding(Embedding):
    """Replace integers by vectors, as `Embedding` does, and vectors by a score for each integer.

    Parameters
    ----------
    tie_weights : bool
        Whether the scores are products with the same vectors; otherwise, they are products with others.
    reverse_dtype : {"float32", "float64"}, optional
        Dtype in which scores are computed; that of the layer if None.
    logit_soft_cap : float, optional
        Bound of the scores, which become ``cap * tanh(scores / cap)``.
    weights : array_like, optional
        The vectors to begin with, (input_dim, output_dim), or a list of this array, if the weights are tied.

    Notes
    -----
    A call with ``reverse=True`` takes vectors (batch, ..., output_dim), and returns scores (batch, ..., input_dim). Weights:
    embeddings (input_dim, output_dim), and unless they are tied reverse_embeddings (output_dim, input_dim).

    References
    ----------
    .. [1] Press, O. & Wolf, L., "Using the output embedding to improve language models", EACL 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layer = layers.ReversibleEmbedding(3, 2, weights=np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
    >>> layer(np.array([[1.0, 10.0]]), reverse=True)
    array([[10., 32., 54.]], dtype=float32)
    """

    def __init__(
        self,
        input_dim,
        output_dim,
        tie_weights=True,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        reverse_dtype=None,
        logit_soft_cap=None,
        **kwargs,
    ):
        self.tie_weights = boolean("tie_weights", tie_weights)
        self.reverse_embeddings = None
        super().__init__(
            input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero, **kwargs
        )
        self.reverse_dtype = None if reverse_dtype is None else float_dtype("reverse_dtype", reverse_dtype)
        self.logit_soft_cap = None if logit_soft_cap is None else number("logit_soft_cap", logit_soft_cap, 0, open_minimum=True)

    def build(self, input_shape=None):
        """Make the vectors."""
        self.embeddings = make_weight(self, "embeddings", (self.input_dim, self.output_dim))
        if not self.tie_weights:
            self.reverse_embeddings = self.add_weight(
                (self.output_dim, self.input_dim), self.embeddings_initializer, name="reverse_embeddings"
            )

    def compute_output_shape(self, input_shape, reverse=False):
        """Return (batch, ..., output_dim), or (batch, ..., input_dim)."""
        if not reverse:
            return (*input_shape, self.output_dim)
        if len(input_shape) < 2 or input_shape[-1] not in (None, self.output_dim):
            raise ValueError(
                f"layer {self.name!r} got input of shape {shown(input_shape)}; expected (batch, ..., {self.output_dim})"
            )
        return (*input_shape[:-1], self.input_dim)

    def _output_for(self, input_shape, dtypes=None):
        """Return the shape and dtype of the output."""
        if not isinstance(input_shape, Arguments):
            return super()._output_for(input_shape, dtypes)
        (shape,) = input_shape.values()
        reverse = input_shape.constants.get("reverse", False)
        return self.compute_output_shape(shape, reverse=reverse), self.reverse_dtype if reverse else None

    def call(self, x, reverse=False):
        """Return the vectors of integers, or scores of vectors."""
        if not reverse:
            return super().call(x)
        kernel = x.graph.value_of(self.embeddings if self.tie_weights else self.reverse_embeddings)
        if self.tie_weights:
            kernel = apply("transpose", kernel)
        if self.reverse_dtype is not None:
            x, kernel = (apply("cast", each, dtype=self.reverse_dtype) for each in (x, kernel))
        scores, cap = apply("matmul", x, kernel), self.logit_soft_cap
        return scores if cap is None else (scores / cap)._activate("tanh") * cap

    def get_config(self):
        """Return the constructor's arguments."""
        own = {name: getattr(self, name) for name in ("tie_weights", "reverse_dtype", "logit_soft_cap")}
        return {**own, **super().get_config()}
