"""Scaled dot-product attention."""

import math

import numpy as np

from .._common.checks import boolean, number, shown
from .._common.errors import explain_all
from ..activations import softmax, tanh
from ..engine.dtypes import promoted
from ._functions import shape_of
from .core import cast, convert_to_tensor
from .numpy import add, divide, matmul, multiply, repeat, transpose, where

#: In place of the logits of keys that are masked, so far below others that their softmax is 0.
_MASKED = {"float16": -0.7 * 65500.0, "float32": -0.7 * 3.38953e38, "float64": -0.7 * 3.38953e38}


def dot_product_attention(
    query,
    key,
    value,
    bias=None,
    mask=None,
    scale=None,
    is_causal=False,
    flash_attention=None,
    attn_logits_soft_cap=None,
):
    """Return sums of values, weighted by the softmax of the products of queries and keys.

    Parameters
    ----------
    query : array_like or symbolic tensor, shape (batch, queries, heads, size)
        Queries.
    key, value : array_like or symbolic tensor, shape (batch, keys, heads, size)
        Keys and values; with fewer heads, each serves as many heads of queries as the number of those is a multiple.
    bias : array_like or symbolic tensor, optional
        What is added to the logits, broadcast to (batch, heads, queries, keys).
    mask : array_like of bool or symbolic tensor, optional
        Which keys each query attends to, broadcast to (batch, heads, queries, keys).
    scale : float, optional
        Factor of the products; the reciprocal of the root of `size` if None.
    is_causal : bool
        Whether a query attends only to keys whose index is not larger than its own.
    flash_attention : bool, optional
        Accepted for compatibility with Keras, without effect: the sums are the same.
    attn_logits_soft_cap : float, optional
        Limit of the logits before the mask, which ``cap * tanh(logits / cap)`` keeps.

    Returns
    -------
    array or symbolic tensor, shape (batch, queries, heads, size of the values)

    References
    ----------
    .. [1] Vaswani, A. et al., "Attention is all you need", NIPS 2017, equation 1.
    .. [2] Ainslie, J. et al., "GQA: training generalized multi-query transformer models from multi-head checkpoints", EMNLP
       2023, section 2.2.
    """
    if flash_attention is not None:
        boolean("flash_attention", flash_attention)
    query, key, value = map(convert_to_tensor, (query, key, value))
    shapes = tuple(map(shape_of, (query, key, value)))
    if any(len(shape) != 4 for shape in shapes):
        raise ValueError(f"query, key and value have shapes {shapes}; expected (batch, length, heads, size)")
    dtype = promoted(*(np.dtype(each.dtype) for each in (query, key, value)))
    key, value = (_with_heads(name, each, shapes[0][2]) for name, each in (("key", key), ("value", value)))
    wide = promoted(dtype, np.dtype(np.float32))
    scale = 1 / math.sqrt(shapes[1][3]) if scale is None else scale
    logits = matmul(transpose(query, (0, 2, 1, 3)), transpose(key, (0, 2, 3, 1)))
    logits = multiply(cast(logits, wide), scale)
    if attn_logits_soft_cap is not None:
        cap = number("attn_logits_soft_cap", attn_logits_soft_cap, 0, open_minimum=True)
        logits = multiply(tanh(divide(logits, cap)), cap)
    if bias is not None:
        logits = add(logits, cast(convert_to_tensor(bias), wide))
    if mask is not None:
        logits = where(mask, logits, _MASKED[wide.name])
    if boolean("is_causal", is_causal):
        queries, keys = shapes[0][1], shapes[1][1]
        if None in (queries, keys):
            raise ValueError(f"is_causal=True with {queries} queries and {keys} keys; expected known numbers of both")
        logits = where(np.tri(queries, keys, dtype=bool), logits, _MASKED[wide.name])
    weights = cast(softmax(logits), dtype)
    return transpose(matmul(weights, transpose(value, (0, 2, 1, 3))), (0, 2, 1, 3))


def _with_heads(name, x, heads):
    """Return keys or values with as many heads as queries have."""
    given = shape_of(x)[2]
    if given == heads:
        return x
    if not given or not heads or heads % given:
        raise ValueError(f"{name} has {shown(given)} heads; expected a divisor of those of query, {shown(heads)}")
    return repeat(x, heads // given, axis=2)


__all__ = ["dot_product_attention"]

explain_all(globals(), __all__)
