"""Attention of one head, without projections: Luong's and Bahdanau's."""

from ..._common.checks import boolean, choice, number, shown
from ..._common.docstrings import documented
from ..._common.structures import OF_SHAPES, Arguments
from ...engine.contraction import einsum
from ...engine.operators import apply
from ..masks import TakesMasks, is_set, masked_softmax
from ..randomness import RandomLayer
from .pairs import both, causal

_ATTENTION_DOC = """
    Parameters
    ----------
    dropout : float
        Fraction of the weights of values that is set to zero in training.
    seed : int, optional
        Seed of dropout; if None, random numbers come from the training's ``rng``.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    It is called with a list of queries, (batch, queries, features), values, (batch, keys, features of values), and keys,
    (batch, keys, features), which are the values unless given, and returns (batch, queries, features of values). Further
    arguments of a call are `mask`, a list of arrays for queries, (batch, queries), whose outputs are 0 unless it is set, and
    for values, (batch, keys), which have no weight unless it is set, either of which may be None; `use_causal_mask`, by which
    queries see values up to their own place; and `return_attention_scores`, whether to return the weights, (batch, queries,
    keys), too.
    """


@documented(_ATTENTION_DOC)
class Attention(TakesMasks, RandomLayer):
    """Means of values, weighted by the softmax of products of queries and keys [1]_.

    Parameters
    ----------
    use_scale : bool
        Whether the scores are multiplied by a weight, which is learned.
    score_mode : {"dot", "concat"}
        "dot" scores are ``query @ key``, and "concat" scores are the sum of ``tanh(query + key)``, times a weight.

    References
    ----------
    .. [1] Luong, M.-T. et al., "Effective approaches to attention-based neural machine translation", EMNLP 2015, section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> query = np.array([[[9.0, 0.0], [0.0, 9.0]]])
    >>> value = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    >>> y, scores = layers.Attention()([query, value], return_attention_scores=True)
    >>> scores.round(3)
    array([[[1., 0.],
            [0., 1.]]], dtype=float32)
    """

    takes_lists = True

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.use_scale = boolean("use_scale", use_scale)
        self.score_mode = choice("score_mode", score_mode, ("dot", "concat"))
        self.dropout = number("dropout", dropout, 0, 1)
        self.scale = self.concat_score_weight = None

    def _checked(self, shapes):
        """Return the shapes of the queries, values and keys, after checking that they fit."""
        if not isinstance(shapes, OF_SHAPES) or isinstance(shapes, dict) or len(shapes) not in (2, 3):
            raise ValueError(
                f"layer {self.name!r} got input of shapes {shown(shapes)}; expected a list [query, value] or with key"
            )
        query, value, key = [tuple(each) for each in (*shapes, shapes[1])[:3]]
        fits = all(len(each) == len(query) > 2 for each in (value, key))
        if not fits or not all(None in pair or pair[0] == pair[1] for pair in ((query[-1], key[-1]), (value[-2], key[-2]))):
            raise ValueError(
                f"layer {self.name!r} got queries, values and keys of shapes {query}, {value} and {key}; expected (batch, "
                "queries, features), (batch, keys, ...) and (batch, keys, features)"
            )
        return query, value, key

    def build(self, input_shape):
        """Make the weights of the scores."""
        self._checked(input_shape)
        if self.use_scale:
            self.scale = self.add_weight((), "ones", name="scale")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight((), "ones", name="concat_score_weight")

    def compute_output_shape(self, input_shape):
        """Return (batch, queries, features of values)."""
        query, value, _ = self._checked(input_shape)
        return (*query[:-1], value[-1])

    def _output_for(self, input_shape, dtypes=None):
        """Return the shape and dtype of the output, or of output and weights."""
        shape, dtype = super()._output_for(input_shape, dtypes)
        if not (isinstance(input_shape, Arguments) and input_shape.constants.get("return_attention_scores")):
            return shape, dtype
        query, _, key = self._checked(input_shape["inputs"])
        return [shape, (*query[:-1], key[-2])], dtype

    def _scores(self, query, key):
        """Return the scores, (batch, queries, keys)."""
        if self.score_mode == "dot":
            scores = einsum("...qd,...kd->...qk", query, key)
            return scores if self.scale is None else scores * query.graph.value_of(self.scale)
        sums = apply("expand_dims", query, axis=-2) + apply("expand_dims", key, axis=-3)
        if self.scale is not None:
            sums = sums * query.graph.value_of(self.scale)
        return apply("sum", sums._activate("tanh"), axis=-1) * query.graph.value_of(self.concat_score_weight)

    def call(self, inputs, mask=None, training=False, return_attention_scores=False, use_causal_mask=False):
        """Return the weighted means of the values, and the weights if asked for."""
        query, value, key = (*inputs, inputs[1])[:3]
        query_mask, value_mask = self._masks(mask)
        scores = self._scores(query, key)
        seen = causal(*scores.shape[-2:]) if use_causal_mask else None
        if value_mask is not None:
            seen = both(apply("expand_dims", value_mask, axis=-2), seen)
        found = masked_softmax(scores, seen)
        if training and self.dropout:
            found = found * self._draw(found.graph, found.shape, self._draw_kept)
        y = apply("matmul", found, value)
        if query_mask is not None:
            y = apply("where", apply("expand_dims", query_mask, axis=-1), y, 0.0)
        return (y, found) if return_attention_scores else y

    def _masks(self, mask):
        """Return the masks of queries and values, each None or of booleans."""
        if mask is None:
            return None, None
        if not isinstance(mask, (list, tuple)) or len(mask) not in (2, 3):
            raise ValueError(f"mask={shown(mask)} is not a list of masks; expected [query_mask, value_mask]")
        return [None if each is None else is_set(each) for each in mask[:2]]

    def _draw_kept(self, rng, out):
        """Draw zeros and, where weights are kept, numbers that keep the expected sum."""
        out[...] = rng.random(out.shape) >= self.dropout
        out *= 0 if self.dropout == 1 else 1 / (1 - self.dropout)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {name: getattr(self, name) for name in ("use_scale", "score_mode", "dropout")}
        return {**own, **super().get_config()}


@documented(_ATTENTION_DOC)
class AdditiveAttention(Attention):
    """Means of values, weighted by the softmax of ``sum(scale * tanh(query + key))`` [1]_.

    Parameters
    ----------
    use_scale : bool
        Whether the summands are multiplied by weights, one for each feature, which are learned.

    References
    ----------
    .. [1] Bahdanau, D. et al., "Neural machine translation by jointly learning to align and translate", ICLR 2015, appendix
       A.1.2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> query, value = np.zeros((1, 2, 3)), np.ones((1, 5, 3))
    >>> layers.AdditiveAttention()([query, value]).shape
    (1, 2, 3)
    """

    fixed_arguments = ("score_mode",)

    def __init__(self, use_scale=True, dropout=0.0, **kwargs):
        super().__init__(use_scale, "concat", dropout, **kwargs)

    def build(self, input_shape):
        """Make the weight of the scores."""
        query, _, _ = self._checked(input_shape)
        if self.use_scale:
            self.scale = self.add_weight((query[-1],), "glorot_uniform", name="scale")

    def _scores(self, query, key):
        """Return the scores, (batch, queries, keys)."""
        sums = (apply("expand_dims", query, axis=-2) + apply("expand_dims", key, axis=-3))._activate("tanh")
        return apply("sum", sums if self.scale is None else sums * query.graph.value_of(self.scale), axis=-1)

    def get_config(self):
        """Return the constructor's arguments."""
        return {name: value for name, value in super().get_config().items() if name != "score_mode"}
