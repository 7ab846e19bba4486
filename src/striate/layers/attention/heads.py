"""Attention of several heads."""

import math
import string

from ... import config
from ..._common.checks import axes, boolean, check_seed, integer, number, shown
from ..._common.docstrings import documented
from ..._common.structures import Arguments
from ...engine.contraction import einsum
from ...engine.operators import apply
from ..einsum_dense import EinsumDense
from ..masks import TakesMasks, is_set, masked_softmax
from ..regularization import Dropout
from ..weight_settings import set_weight, weight_config
from .pairs import both, causal, window

HEADS_DOC = """
    Parameters
    ----------
    dropout : float
        Fraction of the weights of values that is set to zero in training.
    use_bias : bool
        Whether the projections have biases.
    sliding_window : int, optional
        Queries see only keys less than this number of places away.
    flash_attention : bool, optional
        Accepted for compatibility with Keras: True excludes dropout and returned weights, without further effect.
    kernel_initializer, bias_initializer : str or Initializer
        Initial values of the projections' weights; see `striate.initializers`.
    kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint : optional
        Penalties on these weights, and constraints applied to them after each step; see `striate.regularizers` and
        `striate.constraints`.
    use_gate : bool
        Whether the heads' outputs are multiplied by the sigmoid of a projection of the queries [2]_.
    seed : int, optional
        Seed of dropout; if None, random numbers come from the training's ``rng``.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    It is called with queries, values and optionally keys, which are the values unless given. Further arguments of a call are
    `attention_mask`, (batch, queries, keys) or what is broadcast to it, which is 0 where a query must not see a key;
    `query_mask`, (batch, queries), and `value_mask` and `key_mask`, (batch, keys), which do the same for all pairs;
    `use_causal_mask`, by which queries see keys up to their own place; and `return_attention_scores`, whether to return the
    weights, (batch, heads, queries, keys), too.
    """


class HeadsAttention(TakesMasks):
    """The base class of layers that attend with several heads. A subclass defines `build`, and calls `attend`."""

    takes_lists = True

    def __init__(
        self,
        dropout=0.0,
        use_bias=True,
        sliding_window=None,
        flash_attention=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        use_gate=False,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.dropout = number("dropout", dropout, 0, 1)
        self.use_bias = boolean("use_bias", use_bias)
        self.sliding_window = None if sliding_window is None else integer("sliding_window", sliding_window, 1)
        self.flash_attention = boolean("flash_attention", flash_attention or config.is_flash_attention_enabled() or False)
        if self.flash_attention and self.dropout:
            raise ValueError(f"flash_attention=True excludes dropout={dropout}; expected no dropout, or flash_attention=None")
        set_weight(self, "kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        set_weight(self, "bias", bias_initializer, bias_regularizer, bias_constraint)
        self.use_gate = boolean("use_gate", use_gate)
        self.seed = check_seed("seed", seed)
        self._gate_dense = self._dropout_layer = None

    def _projection(self, name, shape, equation, output_shape, bias_axes, activation=None):
        """Return a projection, built for an input of a shape."""
        settings = weight_config(self, "kernel") | weight_config(self, "bias")
        bias_axes = bias_axes if self.use_bias else None
        layer = EinsumDense(
            equation,
            output_shape,
            activation,
            bias_axes,
            **settings,
            activity_regularizer=self.activity_regularizer,
            name=name,
            dtype=self.dtype,
        )
        layer.build(shape)
        return layer

    def _make_dropout(self):
        """Make the layer that drops weights."""
        self._dropout_layer = Dropout(self.dropout, seed=self.seed, dtype=self.dtype)
        self._dropout_layer.build((None, 1))

    def _checked(self, query_shape, value_shape, key_shape=None):
        """Return the shapes of the queries, values and keys, after checking that they fit."""
        key_shape = value_shape if key_shape is None else key_shape
        if value_shape is None or value_shape[1:-1] != key_shape[1:-1]:
            raise ValueError(
                f"layer {self.name!r} got queries, values and keys of shapes {shown(query_shape)}, {shown(value_shape)} and "
                f"{shown(key_shape)}; expected values and keys of the same sizes but those of the features"
            )
        return query_shape, value_shape, key_shape

    def _output_for(self, input_shape, dtypes=None):
        """Return the shape and dtype of the output, or of output and weights."""
        shape, dtype = super()._output_for(input_shape, dtypes)
        if not (isinstance(input_shape, Arguments) and input_shape.constants.get("return_attention_scores")):
            return shape, dtype
        return [shape, self._shape_of_weights(input_shape["query"], input_shape.get("key", input_shape["value"]))], dtype

    def _mask(self, masks, attention_mask, use_causal_mask, queries, keys):
        """Return the mask of pairs, (batch, queries, keys), or None; `masks` are those of queries, values and keys."""
        found = causal(queries, keys) if use_causal_mask else None
        if self.sliding_window is not None:
            found = both(found, window(queries, keys, self.sliding_window))
        for mask, axis in zip(masks, (-1, -2, -2), strict=True):
            if mask is not None:
                found = both(found, apply("expand_dims", is_set(mask), axis=axis))
        return found if attention_mask is None else both(is_set(attention_mask), found)

    def attend(self, query, key, value, score, combine, count, mask, training):
        """Return the means of values, and their weights.

        Parameters
        ----------
        query, key, value : Value
            Projected queries, keys and values, with axes for heads and features at the end.
        score, combine : str
            Equations of the scores, of keys and queries, and of the means, of weights and values.
        count : int
            Number of axes that queries are along, as are keys.
        mask : Value or array, optional
            Where queries see keys; it lacks the axis of heads.
        training : bool
            Whether the layer is in training mode.
        """
        scores = einsum(score, key, query * (1 / math.sqrt(query.shape[-1])))
        while mask is not None and len(mask.shape) < len(scores.shape):
            mask = apply("expand_dims", mask, axis=max(-2 * count - 1, -len(mask.shape) - 1))
        found = masked_softmax(scores, mask, -1 if count == 1 else tuple(range(-count, 0)))
        kept = self._dropout_layer(found, training=training) if self.dropout else found
        return einsum(combine, kept, value), found

    def _returned(self, y, found, query, return_attention_scores):
        """Return the projection of the heads' outputs, multiplied by the gate, and the weights if asked for."""
        if self.use_gate:
            y = y * self._gate_dense(query)
        y = self._output_layer()(y)
        if return_attention_scores and self.flash_attention:
            raise ValueError("flash_attention=True excludes return_attention_scores=True; expected False")
        return (y, found) if return_attention_scores else y

    def get_config(self):
        """Return the constructor's arguments."""
        own = {name: getattr(self, name) for name in ("dropout", "use_bias", "sliding_window", "use_gate", "seed")}
        return {**own, **weight_config(self, "kernel"), **weight_config(self, "bias"), **super().get_config()}


@documented(HEADS_DOC)
class MultiHeadAttention(HeadsAttention):
    """Attention of several heads [1]_: means of projected values, weighted by products of projected queries and keys.

    Parameters
    ----------
    num_heads : int
        Number of heads.
    key_dim : int
        Features of the projected queries and keys of each head.
    value_dim : int, optional
        Features of the projected values of each head; `key_dim` if None.
    output_shape : int or tuple of int, optional
        Last sizes of the output, in place of the features of the queries.
    attention_axes : int or tuple of int, optional
        Axes along which queries see keys; all but those of the batch and of the features if None.

    Notes
    -----
    Queries (batch, ..., features), values and keys (batch, ..., features of their own), output of the queries' shape unless
    `output_shape` says otherwise. Weights: kernels and biases of the layers `query`, `key`, `value` and `attention_output`,
    such as (features, num_heads, key_dim) and (num_heads, key_dim).

    References
    ----------
    .. [1] Vaswani, A. et al., "Attention is all you need", NeurIPS 2017, section 3.2.
    .. [2] Qiu, Z. et al., "Gated attention for large language models", NeurIPS 2025.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> tokens = np.ones((2, 16, 8), np.float32)
    >>> y, scores = layers.MultiHeadAttention(2, 4)(tokens, tokens, return_attention_scores=True)
    >>> y.shape, scores.shape
    ((2, 16, 8), (2, 2, 16, 16))
    """

    def __init__(
        self,
        num_heads,
        key_dim,
        value_dim=None,
        dropout=0.0,
        use_bias=True,
        output_shape=None,
        attention_axes=None,
        **kwargs,
    ):
        super().__init__(dropout, use_bias, **kwargs)
        self.num_heads = integer("num_heads", num_heads, 1)
        self.key_dim = integer("key_dim", key_dim, 1)
        self.value_dim = self.key_dim if value_dim is None else integer("value_dim", value_dim, 1)
        several = isinstance(output_shape, (tuple, list))
        given = output_shape if several else () if output_shape is None else (output_shape,)
        self.output_shape = tuple(integer("output_shape", size, 1) for size in given) or None
        self.attention_axes = None if attention_axes is None else axes("attention_axes", attention_axes)
        self.query_dense = self.key_dense = self.value_dense = self.output_dense = None

    def build(self, query_shape, value_shape=None, key_shape=None):
        """Make the projections."""
        query_shape, value_shape, key_shape = self._checked(query_shape, value_shape, key_shape)
        of_keys, of_values = (self.num_heads, self.key_dim), (self.num_heads, self.value_dim)
        self.query_dense = self._heads("query", query_shape, of_keys)
        self.key_dense = self._heads("key", key_shape, of_keys)
        if self.use_gate:
            self._gate_dense = self._heads("gate", query_shape, of_values, "sigmoid")
        self.value_dense = self._heads("value", value_shape, of_values)
        self._make_dropout()
        free = string.ascii_lowercase[: len(query_shape) - 1]
        output_shape = self.output_shape or query_shape[-1:]
        outer = string.ascii_uppercase[: len(output_shape)]
        self.output_dense = self._projection(
            "attention_output",
            (*query_shape[:-1], *of_values),
            f"{free}yz,yz{outer}->{free}{outer}",
            (*[None] * (len(free) - 1), *output_shape),
            outer,
        )

    def _heads(self, name, shape, sizes, activation=None):
        """Return a projection to heads and their features."""
        free = string.ascii_lowercase[: len(shape) - 1]
        return self._projection(name, shape, f"{free}x,xyz->{free}yz", (*[None] * (len(free) - 1), *sizes), "yz", activation)

    def compute_output_shape(self, query_shape, value_shape=None, key_shape=None):
        """Return the queries' shape, with `output_shape` in place of the features."""
        query_shape, _, _ = self._checked(query_shape, value_shape, key_shape)
        return (*query_shape[:-1], *(self.output_shape or query_shape[-1:]))

    def _attended(self, rank):
        """Return the axes of queries, of a rank, along which they see keys."""
        given = range(1, rank - 1) if self.attention_axes is None else self.attention_axes
        return tuple(axis % rank for axis in ([given] if isinstance(given, int) else given))

    def _shape_of_weights(self, query_shape, key_shape):
        """Return the shape of the weights."""
        attended = self._attended(len(query_shape))
        batch = [size for axis, size in enumerate(query_shape[:-1]) if axis not in attended]
        return (*batch, self.num_heads, *(shape[axis] for shape in (query_shape, key_shape) for axis in attended))

    def _equations(self, rank):
        """Return the equations of scores and means for queries of a rank."""
        attended = self._attended(rank)
        of_queries = string.ascii_lowercase[: rank - 1]
        of_keys = "".join(each.upper() if axis in attended else each for axis, each in enumerate(of_queries))
        batch = "".join(each for axis, each in enumerate(of_queries) if axis not in attended)
        pairs = "".join(letters[axis] for letters in (of_queries, of_keys) for axis in attended)
        return f"{of_keys}yz,{of_queries}yz->{batch}y{pairs}", f"{batch}y{pairs},{of_keys}yz->{of_queries}yz"

    def call(
        self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
        return_attention_scores=False, training=None, use_causal_mask=False,
    ):  # fmt: skip
        """Return the projected means of the values, and the weights if asked for."""
        key = value if key is None else key
        count = len(self._attended(len(query.shape)))
        masks = query_mask, value_mask, key_mask
        mask = self._mask(masks, attention_mask, use_causal_mask, query.shape[1], key.shape[1])
        y, found = self.attend(
            self.query_dense(query), self.key_dense(key), self.value_dense(value), *self._equations(len(query.shape)), count,
            mask, training,
        )  # fmt: skip
        return self._returned(y, found, query, return_attention_scores)

    def _output_layer(self):
        return self.output_dense

    def get_config(self):
        """Return the constructor's arguments."""
        own = {name: getattr(self, name) for name in ("num_heads", "key_dim", "value_dim", "output_shape", "attention_axes")}
        return {**own, **super().get_config()}
