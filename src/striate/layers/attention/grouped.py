"""Attention of several heads that share keys and values."""

from ..._common.checks import integer
from ..._common.docstrings import documented
from ...engine.operators import apply
from .heads import HEADS_DOC, HeadsAttention


@documented(HEADS_DOC)
class GroupedQueryAttention(HeadsAttention):
    """Attention of several heads, groups of which share projected keys and values [1]_.

    Parameters
    ----------
    head_dim : int
        Features of the projections for each head.
    num_query_heads : int
        Number of heads.
    num_key_value_heads : int
        Number of groups, which divides that of the heads: 1 is multi-query attention.

    Notes
    -----
    Queries (batch, queries, features), values and keys (batch, keys, features), output of the queries' shape. Weights:
    kernels and biases of the layers `query`, `key`, `value` and `attention_output`, such as (features, num_key_value_heads,
    head_dim) of the keys. It is also `GroupQueryAttention`, Keras' public name.

    References
    ----------
    .. [1] Ainslie, J. et al., "GQA: training generalized multi-query transformer models from multi-head checkpoints", EMNLP
       2023.
    .. [2] Qiu, Z. et al., "Gated attention for large language models", NeurIPS 2025.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> tokens = np.ones((2, 16, 8), np.float32)
    >>> layers.GroupQueryAttention(4, 6, 2)(tokens, tokens, use_causal_mask=True).shape
    (2, 16, 8)
    """

    def __init__(self, head_dim, num_query_heads, num_key_value_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dropout, use_bias, **kwargs)
        self.head_dim = integer("head_dim", head_dim, 1)
        self.num_query_heads = integer("num_query_heads", num_query_heads, 1)
        self.num_key_value_heads = integer("num_key_value_heads", num_key_value_heads, 1)
        if self.num_query_heads % self.num_key_value_heads:
            raise ValueError(
                f"num_key_value_heads={num_key_value_heads} does not divide num_query_heads={num_query_heads}; expected a "
                "divisor"
            )
        self._query_dense = self._key_dense = self._value_dense = self._output_dense = None

    def build(self, query_shape, value_shape=None, key_shape=None):
        """Make the projections."""
        query_shape, value_shape, key_shape = self._checked(query_shape, value_shape, key_shape)
        heads, groups = (None, self.num_query_heads, self.head_dim), (None, self.num_key_value_heads, self.head_dim)
        self._query_dense = self._projection("query", query_shape, "bqm,muh->bquh", heads, "uh")
        self._key_dense = self._projection("key", key_shape, "bkm,mvh->bkvh", groups, "vh")
        if self.use_gate:
            self._gate_dense = self._projection("gate", query_shape, "bqm,muh->bquh", heads, "uh", "sigmoid")
        self._value_dense = self._projection("value", value_shape, "bkm,mvh->bkvh", groups, "vh")
        self._make_dropout()
        self._output_dense = self._projection("attention_output", (None, *heads), "bquh,uhm->bqm", (None, query_shape[-1]), "m")

    def _checked(self, query_shape, value_shape, key_shape=None):
        """Return the shapes of the queries, values and keys, after checking that they fit."""
        shapes = super()._checked(query_shape, value_shape, key_shape)
        if any(len(shape) != 3 for shape in shapes) or query_shape[-1] != value_shape[-1]:
            raise ValueError(
                f"layer {self.name!r} got queries, values and keys of shapes {', '.join(map(str, shapes))}; expected (batch, "
                "length, features), with as many features of queries as of values"
            )
        return shapes

    def compute_output_shape(self, query_shape, value_shape=None, key_shape=None):
        """Return the queries' shape."""
        return self._checked(query_shape, value_shape, key_shape)[0]

    def _shape_of_weights(self, query_shape, key_shape):
        """Return the shape of the weights."""
        return query_shape[0], self.num_query_heads, query_shape[1], key_shape[1]

    def call(
        self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
        return_attention_scores=False, training=None, use_causal_mask=False,
    ):  # fmt: skip
        """Return the projected means of the values, and the weights if asked for."""
        key = value if key is None else key
        repeats = self.num_query_heads // self.num_key_value_heads
        keys, values = (
            apply("repeat", each, repeats=repeats, axis=2) for each in (self._key_dense(key), self._value_dense(value))
        )
        masks = query_mask, value_mask, key_mask
        mask = self._mask(masks, attention_mask, use_causal_mask, query.shape[1], key.shape[1])
        y, found = self.attend(self._query_dense(query), keys, values, "bkuh,bquh->buqk", "buqk,bkuh->bquh", 1, mask, training)
        return self._returned(y, found, query, return_attention_scores)

    def _output_layer(self):
        return self._output_dense

    def get_config(self):
        """Return the constructor's arguments."""
        own = {name: getattr(self, name) for name in ("head_dim", "num_query_heads", "num_key_value_heads")}
        return {**own, **super().get_config()}
