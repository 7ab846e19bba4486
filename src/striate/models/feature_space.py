"""Features of different kinds, such as the columns of a table, encoded as numbers by a layer for each of them."""

import numpy as np

from .._common.checks import choice, integer, sequence, shown, text
from .._common.structures import mapped
from ..engine import Value
from ..engine.dtypes import STRING, standardize_dtype
from ..layers import (
    CategoryEncoding,
    Concatenate,
    Discretization,
    HashedCrossing,
    Hashing,
    Identity,
    Input,
    IntegerLookup,
    Normalization,
    Rescaling,
    StringLookup,
    deserialize,
    serialize,
)
from ..layers.base import Layer
from ..layers.symbolic import Tensor
from .model import Model

_OUTPUT_MODES = ("int", "one_hot", "float")


class Feature:
    """A feature: see `FeatureSpace.feature`."""

    def __init__(self, dtype, preprocessor, output_mode):
        self.dtype = standardize_dtype(dtype)
        self.preprocessor = deserialize(preprocessor) if isinstance(preprocessor, dict) else preprocessor
        if not isinstance(self.preprocessor, Layer):
            raise TypeError(f"preprocessor={shown(preprocessor)} is of type {type(preprocessor).__name__}; expected a Layer")
        self.output_mode = choice("output_mode", output_mode, _OUTPUT_MODES)

    @property
    def is_ready(self):
        """Whether nothing is left for `adapt` to find."""
        layer = self.preprocessor
        if isinstance(layer, Normalization):
            return layer.given is not None or (layer.count is not None and layer.count.numpy() > 0)
        if isinstance(layer, Discretization):
            return layer.bin_boundaries is not None
        return not hasattr(layer, "get_vocabulary") or bool(layer.get_vocabulary(include_special_tokens=False))

    @property
    def adapts(self):
        """Whether `adapt` finds something for the feature, even if it did before."""
        layer = self.preprocessor
        if isinstance(layer, Normalization):
            return layer.given is None
        if isinstance(layer, Discretization):
            return layer.num_bins is not None
        return hasattr(layer, "adapt") and not getattr(layer, "has_given_vocabulary", False)

    def cardinality(self, name):
        """Return the number of the integers that the preprocessor returns; errors call the feature `name`."""
        layer = self.preprocessor
        if isinstance(layer, Discretization) and layer.num_bins is not None:
            return layer.num_bins  # `adapt` finds fewer bins in few values.
        if hasattr(layer, "_depth"):
            return layer._depth()
        raise ValueError(
            f"feature {name!r} has output_mode='one_hot' and a {type(layer).__name__}, which may return any integers; expected "
            "'int'"
        )

    def get_config(self):
        """Return the constructor's arguments."""
        return {"dtype": self.dtype, "preprocessor": serialize(self.preprocessor), "output_mode": self.output_mode}


class Cross:
    """Several features that are hashed together: see `FeatureSpace.cross`."""

    def __init__(self, feature_names, crossing_dim, output_mode="one_hot"):
        self.feature_names = tuple(text("feature_names", each) for each in sequence("feature_names", feature_names, "names"))
        self.crossing_dim = integer("crossing_dim", crossing_dim, 1)
        self.output_mode = choice("output_mode", output_mode, ("int", "one_hot"))

    @property
    def name(self):
        """The name of what is made of the features."""
        return "_X_".join(self.feature_names)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"feature_names": self.feature_names, "crossing_dim": self.crossing_dim, "output_mode": self.output_mode}


class FeatureSpace(Model):
    """Encode features of different kinds, such as the columns of a table, as numbers for a model.

    Parameters
    ----------
    features : dict
        The kind of each feature, by its name: "float", "float_normalized", "float_rescaled", "float_discretized",
        "integer_categorical", "integer_hashed", "string_categorical" or "string_hashed", or what the class methods of these
        names, and `feature`, return.
    output_mode : {"concat", "dict"}
        Whether the output is one vector, of all features and crosses in the order of their names, or a dict of them.
    crosses : list, optional
        Tuples of names of features whose values are hashed together, or what `cross` returns.
    crossing_dim : int
        Number of bins of each tuple in `crosses`.
    hashing_dim : int
        Number of bins of the features "integer_hashed" and "string_hashed".
    num_discretization_bins : int
        Number of bins of the features "float_discretized".
    name : str, optional
        Name.

    Notes
    -----
    It is called on a dict of arrays, (batch,) or (batch, 1), or of the values of one sample; or on a dict of symbolic tensors.

    Examples
    --------
    >>> from striate import utils
    >>> data = {"size": [1.0, 3.0, 5.0], "color": ["red", "blue", "red"]}
    >>> space = utils.FeatureSpace({"size": "float_normalized", "color": "string_categorical"})
    >>> space.adapt(data)
    >>> space(data).round(2)
    array([[ 0.  ,  1.  ,  0.  , -1.22],
           [ 0.  ,  0.  ,  1.  ,  0.  ],
           [ 0.  ,  1.  ,  0.  ,  1.22]], dtype=float32)

    Its inputs and outputs are the beginning of a model:

    >>> from striate import Model, layers
    >>> y = layers.Dense(1)(space.get_encoded_features())
    >>> Model(space.get_inputs(), y).predict({"size": [[2.0]], "color": [["green"]]}).shape
    (1, 1)
    """

    def __init__(
        self,
        features,
        output_mode="concat",
        crosses=None,
        crossing_dim=32,
        hashing_dim=32,
        num_discretization_bins=32,
        name=None,
    ):
        super().__init__(name=name)
        if not isinstance(features, dict) or not features:
            raise ValueError(f"features={shown(features)} holds no features; expected a dict of them, by name")
        self.output_mode = choice("output_mode", output_mode, ("concat", "dict"))
        self.crossing_dim, self.hashing_dim = crossing_dim, integer("hashing_dim", hashing_dim, 1)
        self.num_discretization_bins = integer("num_discretization_bins", num_discretization_bins, 1)
        self.features = {name: self._feature(name, each) for name, each in features.items()}
        self.crosses = [self._cross(each) for each in crosses or []]
        self.preprocessors = {name: feature.preprocessor for name, feature in self.features.items()}
        self.crossers = {each.name: HashedCrossing(each.crossing_dim, name=each.name) for each in self.crosses}
        self._own_inputs = {name: Input((1,), dtype=each.dtype, name=name) for name, each in self.features.items()}
        self._encoder = None  # model of the inputs and outputs, once everything is known

    # ------------------------------------------------------------------------------------------------- kinds of features

    @classmethod
    def feature(cls, dtype, preprocessor, output_mode):
        """Return a feature with its own layer.

        Parameters
        ----------
        dtype : str
            Dtype of its values: "float32", "int32", "string" …
        preprocessor : Layer
            What encodes values (batch, 1).
        output_mode : {"float", "int", "one_hot"}
            Whether the layer's output, of floats or integers, is used as it is, or integers become vectors of 0 and 1.
        """
        return Feature(dtype, preprocessor, output_mode)

    @classmethod
    def cross(cls, feature_names, crossing_dim, output_mode="one_hot"):
        """Return what is made of several features by hashing their values together.

        Parameters
        ----------
        feature_names : tuple of str
            Names of the features, of integers or strings.
        crossing_dim : int
            Number of bins.
        output_mode : {"one_hot", "int"}
            Whether bins become vectors.
        """
        return Cross(feature_names, crossing_dim, output_mode)

    @classmethod
    def float(cls, name=None):
        """Return a feature of floats that are used as they are."""
        return Feature("float32", Identity(name=_preprocessor(name)), "float")

    @classmethod
    def float_rescaled(cls, scale=1.0, offset=0.0, name=None):
        """Return a feature of floats for `layers.Rescaling`."""
        return Feature("float32", Rescaling(scale, offset, name=_preprocessor(name)), "float")

    @classmethod
    def float_normalized(cls, name=None):
        """Return a feature of floats for `layers.Normalization`."""
        return Feature("float32", Normalization(-1, name=_preprocessor(name)), "float")

    @classmethod
    def float_discretized(cls, num_bins, bin_boundaries=None, output_mode="one_hot", name=None):
        """Return a feature of floats for `layers.Discretization`: in bins that `adapt` finds, or with given boundaries."""
        bins = None if bin_boundaries is not None else num_bins
        return Feature("float32", Discretization(bin_boundaries, bins, name=_preprocessor(name)), output_mode)

    @classmethod
    def integer_categorical(cls, max_tokens=None, num_oov_indices=1, output_mode="one_hot", name=None):
        """Return a feature of integers for `layers.IntegerLookup`."""
        return Feature("int32", IntegerLookup(max_tokens, num_oov_indices, name=_preprocessor(name)), output_mode)

    @classmethod
    def string_categorical(cls, max_tokens=None, num_oov_indices=1, output_mode="one_hot", name=None):
        """Return a feature of strings for `layers.StringLookup`."""
        return Feature(STRING, StringLookup(max_tokens, num_oov_indices, name=_preprocessor(name)), output_mode)

    @classmethod
    def integer_hashed(cls, num_bins, output_mode="one_hot", name=None):
        """Return a feature of integers for `layers.Hashing`."""
        return Feature("int32", Hashing(num_bins, name=_preprocessor(name)), output_mode)

    @classmethod
    def string_hashed(cls, num_bins, output_mode="one_hot", name=None):
        """Return a feature of strings for `layers.Hashing`."""
        return Feature(STRING, Hashing(num_bins, name=_preprocessor(name)), output_mode)

    def _feature(self, name, given):
        """Return a feature for its kind, or for its configuration."""
        if isinstance(given, (Feature, dict)):
            return given if isinstance(given, Feature) else Feature(**given)
        makes = {
            "float": self.float,
            "float_normalized": self.float_normalized,
            "float_rescaled": self.float_rescaled,
            "float_discretized": lambda name: self.float_discretized(self.num_discretization_bins, name=name),
            "integer_categorical": self.integer_categorical,
            "string_categorical": self.string_categorical,
            "integer_hashed": lambda name: self.integer_hashed(self.hashing_dim, name=name),
            "string_hashed": lambda name: self.string_hashed(self.hashing_dim, name=name),
        }
        return makes[choice(f"features[{name!r}]", given, tuple(makes))](name=name)

    def _cross(self, given):
        """Return a cross for the names of its features, or for its configuration."""
        if not isinstance(given, Cross):
            given = Cross(**given) if isinstance(given, dict) else Cross(given, self.crossing_dim)
        unknown = [each for each in given.feature_names if each not in self.features]
        if unknown:
            raise ValueError(f"crosses names {unknown}, which are no features; expected some of {list(self.features)}")
        return given

    # ------------------------------------------------------------------------------------------------------------- use

    def adapt(self, dataset, verbose=1):
        """Find vocabularies, boundaries of bins, means and variances from data.

        Parameters
        ----------
        dataset : dict of array_like, or an iterable of such dicts
            The features' values, of all samples, or of each batch or sample.
        verbose : int
            Accepted for compatibility with Keras; nothing is printed.

        Raises
        ------
        TypeError
            If the data are not dicts.
        ValueError
            If a feature is missing.
        """
        batches = [dataset] if isinstance(dataset, dict) else list(dataset) if hasattr(dataset, "__next__") else dataset
        for name, feature in self.features.items():
            if feature.adapts:
                feature.preprocessor.adapt(_column(batch, name) for batch in batches)
        self._encoder = None
        self._connect()

    def get_inputs(self):
        """Return the symbolic inputs, a dict."""
        self._require_ready()
        return dict(self._own_inputs)

    def get_encoded_features(self):
        """Return the symbolic output: a tensor, or a dict of them."""
        self._require_ready()
        return self._encoder.output

    def __call__(self, data, training=None, rng=None):
        """Return the encoded features.

        Parameters
        ----------
        data : dict
            Arrays, (batch,) or (batch, 1), by the names of the features; or the values of one sample; or symbolic tensors.
        training, rng
            See `Layer.__call__`.
        """
        if not isinstance(data, dict):
            raise ValueError(f"data={shown(data)} is of type {type(data).__name__}; expected a dict of features by name")
        self._require_ready()
        if any(isinstance(each, (Tensor, Value)) for each in data.values()):
            return self._encoder(data, training=training, rng=rng)
        columns = {name: _column(data, name) for name in self.features}
        y = self._encoder(columns, training=training, rng=rng)
        return mapped(lambda each: each[0], y) if all(np.ndim(data[name]) == 0 for name in self.features) else y

    def call(self, x):
        """Encode the features."""
        return self._encoder(x)

    def _require_ready(self):
        """Raise an error unless everything is known; make the encoder."""
        missing = [name for name, feature in self.features.items() if not feature.is_ready]
        if missing:
            raise ValueError(f"the features {missing} are not known yet; expected a call of `adapt` first")
        self._connect()

    def _connect(self):
        """Make the encoder, and build the model, unless that is done."""
        if self._encoder is not None:
            return
        encoded = {name: self.preprocessors[name](tensor) for name, tensor in self._own_inputs.items()}
        crossed = {each.name: self.crossers[each.name]([encoded[name] for name in each.feature_names]) for each in self.crosses}
        outputs = {name: self._encoded(name, encoded[name]) for name in sorted(encoded)}
        for cross in sorted(self.crosses, key=lambda cross: cross.name):
            outputs[cross.name] = _vectors(crossed[cross.name], cross.output_mode, cross.crossing_dim)
        self._encoder = Model(self._own_inputs, outputs if self.output_mode == "dict" else _concatenated(outputs))
        self.ensure_built(dict.fromkeys(self._own_inputs, (None, 1)), self.rng)

    def _encoded(self, name, tensor):
        """Return the output of a preprocessor, as vectors if the feature is so."""
        feature = self.features[name]
        if feature.output_mode != "one_hot":
            return tensor
        if not tensor.dtype.startswith("int"):
            raise ValueError(
                f"feature {name!r} has output_mode='one_hot' and a preprocessor that returns {tensor.dtype}; expected integers"
            )
        return _vectors(tensor, "one_hot", feature.cardinality(name))

    def build(self, input_shape):
        """Make the encoder."""
        self._connect()

    def _dtypes_of_inputs(self):
        return self._encoder._input_dtypes

    def get_config(self):
        """Return the constructor's arguments, with what `adapt` found."""
        return {
            "features": {name: feature.get_config() for name, feature in self.features.items()},
            "output_mode": self.output_mode,
            "crosses": [each.get_config() for each in self.crosses],
            "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim,
            "num_discretization_bins": self.num_discretization_bins,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        """Make a feature space from what `get_config` returned."""
        return cls(**config)


def _preprocessor(name):
    """Return the name of the layer of a feature, None for the layer's own."""
    return name and f"{name}_preprocessor"


def _column(batch, name):
    """Return the values of a feature in a batch, or in one sample, with an axis of samples and one of values."""
    if not isinstance(batch, dict):
        raise TypeError(f"data have an element of type {type(batch).__name__}; expected dicts of features by name")
    if name not in batch:
        raise ValueError(f"data have no feature {name!r}; got {list(batch)}")
    values = np.asarray(batch[name])
    return values.reshape(-1, 1) if values.ndim < 2 else values


def _vectors(tensor, mode, count):
    """Return integers as they are, or encoded as vectors."""
    return tensor if mode == "int" else CategoryEncoding(count, "multi_hot")(tensor)


def _concatenated(outputs):
    """Return the outputs in one vector."""
    for name, tensor in outputs.items():
        if not tensor.dtype.startswith("float"):
            raise ValueError(
                f"feature {name!r} is not encoded, but of dtype {tensor.dtype}; expected floats, or output_mode='dict'"
            )
    tensors = list(outputs.values())
    return tensors[0] if len(tensors) == 1 else Concatenate(axis=-1)(tensors)
