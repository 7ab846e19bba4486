"""Feature spaces: what each kind of feature becomes, crosses, data in several forms, models on features, and files."""

import numpy as np
import pytest

from striate import Input, Model, layers, models, utils
from striate.data import DataLoader

FeatureSpace = utils.FeatureSpace
DATA = {
    "age": [0.0, 1.0, 2.0, 5.0, 6.0],
    "city": ["Rome", "Oslo", "Rome", "Lima", "Oslo"],
    "code": [7, 7, 3, 2, 7],
    "word": ["a", "b", "c", "d", "e"],
}
KINDS = {"age": "float_normalized", "city": "string_categorical", "code": "integer_hashed", "word": "string_hashed"}


def arrays():
    return {name: np.array(values) for name, values in DATA.items()}


def column(name):
    return np.array(DATA[name])[:, None]


def adapted(*args, **kwargs):
    space = FeatureSpace(*args, **kwargs)
    space.adapt(DATA)
    return space


def one_hot(indices, count):
    return np.eye(count, dtype=np.float32)[indices[:, 0]]


@pytest.mark.parametrize(
    ("kind", "name", "layer", "count"),
    [
        ("float", "age", layers.Identity(), None),
        ("float_rescaled", "age", layers.Rescaling(1.0), None),
        ("float_normalized", "age", layers.Normalization(), None),
        ("float_discretized", "age", layers.Discretization(num_bins=32), 32),
        ("integer_categorical", "code", layers.IntegerLookup(), 4),
        ("string_categorical", "city", layers.StringLookup(), 4),
        ("integer_hashed", "code", layers.Hashing(32), 32),
        ("string_hashed", "word", layers.Hashing(32), 32),
    ],
)
def test_each_kind_is_encoded_by_its_layer(kind, name, layer, count):
    if hasattr(layer, "adapt"):
        layer.adapt(column(name))
    expected = layer(column(name))
    y = adapted({name: kind})({name: DATA[name]})
    np.testing.assert_array_equal(y, expected if count is None else one_hot(expected, count))
    assert y.dtype == np.float32


def test_features_and_crosses_are_concatenated_by_name():
    space = adapted(KINDS, crosses=[("word", "city"), ("city", "code")], crossing_dim=8)
    city = layers.StringLookup(vocabulary=space.preprocessors["city"].get_vocabulary())(column("city"))
    code, word = layers.Hashing(32)(column("code")), layers.Hashing(32)(column("word"))
    age = (column("age") - 2.8) / np.std(DATA["age"])
    crossed = [layers.HashedCrossing(8)(pair) for pair in ([city, code], [word, city])]
    expected = [age, one_hot(city, 4), one_hot(code, 32), one_hot(word, 32), *(one_hot(each, 8) for each in crossed)]
    y = space(DATA)
    np.testing.assert_allclose(y, np.concatenate(expected, 1), rtol=1e-5, atol=1e-6)
    assert list(space.crossers) == ["word_X_city", "city_X_code"]
    np.testing.assert_array_equal(space(arrays()), y)
    np.testing.assert_array_equal(space({name: values[2] for name, values in DATA.items()}), y[2])
    np.testing.assert_array_equal(space.predict(arrays(), batch_size=2), y)


def test_features_and_crosses_in_a_dict():
    features = {"city": FeatureSpace.string_categorical(output_mode="int"), "age": "float", "code": "integer_hashed"}
    crosses = [FeatureSpace.cross(("city", "code"), crossing_dim=8, output_mode="int")]
    space = adapted(features, "dict", crosses)
    y = space(DATA)
    assert {name: (each.shape, each.dtype.kind) for name, each in y.items()} == {
        "age": ((5, 1), "f"),
        "city": ((5, 1), "i"),
        "city_X_code": ((5, 1), "i"),
        "code": ((5, 32), "f"),
    }
    assert {name: each.shape for name, each in space({name: each[0] for name, each in DATA.items()}).items()} == {
        "age": (1,),
        "city": (1,),
        "city_X_code": (1,),
        "code": (32,),
    }


@pytest.mark.parametrize(
    "data",
    [
        lambda: DataLoader((arrays(), np.zeros(5)), batch_size=2).map(lambda x, y: x),
        lambda: [{name: values[i] for name, values in DATA.items()} for i in range(5)],
        lambda: iter([{name: each[i : i + 2] for name, each in arrays().items()} for i in (0, 2, 4)]),
    ],
)
def test_adapting_to_batches_and_samples_is_adapting_to_all_of_them(data):
    space = FeatureSpace({**KINDS, "code": "integer_categorical"})
    space.adapt(DATA)  # What was found before does not count.
    space.adapt(data())
    np.testing.assert_allclose(space(DATA), adapted({**KINDS, "code": "integer_categorical"})(DATA), rtol=1e-6, atol=1e-6)


def test_a_model_begins_with_the_features():
    space = adapted(KINDS, crosses=[("word", "city")])
    whole = Model(space.get_inputs(), layers.Dense(1)(space.get_encoded_features()), rng=0)
    whole.compile("adam", "mse")
    whole.fit(arrays(), np.zeros(5), epochs=1, verbose=0)
    head = Model(space.get_encoded_features(), whole.output)
    np.testing.assert_array_equal(head.predict(space(DATA)), whole.predict(arrays()))
    symbolic = {name: Input((1,), dtype=each.dtype, name=name) for name, each in space.get_inputs().items()}
    np.testing.assert_array_equal(Model(symbolic, space(symbolic)).predict(arrays()), space(DATA))


def test_a_feature_with_a_layer_of_its_own():
    texts = layers.TextVectorization(output_mode="tf_idf")
    space = FeatureSpace({"text": FeatureSpace.feature("string", texts, "float")})
    data = {"text": ["1st string", "2nd string", "3rd string"]}
    space.adapt(data)
    np.testing.assert_array_equal(space(data), texts(data["text"]))


def test_known_features_need_not_be_adapted():
    given = layers.TextVectorization(vocabulary=["a", "b"], output_sequence_length=2)
    features = {
        "text": FeatureSpace.feature("string", given, "int"),
        "age": FeatureSpace.feature("float32", layers.Normalization(mean=1.0, variance=4.0), "float"),
        "size": FeatureSpace.float_discretized(None, bin_boundaries=[0.0, 2.0]),
    }
    space = FeatureSpace(features, "dict")
    y = space({"text": ["a b c", "b"], "age": [3.0, -1.0], "size": [1.0, 3.0]})
    np.testing.assert_array_equal(y["text"], [[2, 3], [3, 0]])
    np.testing.assert_allclose(y["age"], [[1.0], [-1.0]])
    np.testing.assert_array_equal(y["size"], [[0, 1, 0], [0, 0, 1]])


def test_a_feature_space_is_saved_with_what_was_found(tmp_path):
    space = adapted({**KINDS, "code": FeatureSpace.integer_categorical(max_tokens=3)}, crosses=[("word", "city")])
    expected = space(DATA)
    for path in (tmp_path / "first.keras", tmp_path / "second.keras"):
        space.save(path)
        space = models.load_model(path)
        assert isinstance(space, FeatureSpace)
        np.testing.assert_array_equal(space(DATA), expected)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: FeatureSpace({}), ValueError, "features={} holds no features"),
        (lambda: FeatureSpace({"a": "complex"}), ValueError, r"features\['a'\]='complex' is unknown; expected one of 'float'"),
        (lambda: FeatureSpace({"a": "float"}, "list"), ValueError, "output_mode='list' is unknown"),
        (lambda: FeatureSpace(KINDS, crosses=[("city", "size")]), ValueError, r"crosses names \['size'\], which are no feat"),
        (lambda: FeatureSpace(KINDS, crosses=[("city", "code")], crossing_dim=None), ValueError, "crossing_dim=None"),
        (lambda: FeatureSpace(KINDS)(DATA), ValueError, r"\['age', 'city'\] are not known yet; expected a call of `adapt`"),
        (lambda: FeatureSpace(KINDS).get_encoded_features(), ValueError, "expected a call of `adapt`"),
        (lambda: FeatureSpace({"age": "float"})([1.0]), ValueError, "is of type list; expected a dict"),
        (lambda: FeatureSpace({"age": "float"})({"size": 1.0}), ValueError, r"data have no feature 'age'; got \['size'\]"),
        (lambda: FeatureSpace(KINDS).adapt([1.0]), TypeError, "element of type float; expected dicts"),
        (lambda: FeatureSpace.feature("string", len, "int"), TypeError, "preprocessor=.*; expected a Layer"),
        (lambda: FeatureSpace.cross(("a", "b"), 8, "float"), ValueError, "output_mode='float' is unknown"),
        (
            lambda: adapted({"city": FeatureSpace.string_categorical(output_mode="int")}),
            ValueError,
            "feature 'city' is not encoded, but of dtype int64; expected floats, or output_mode='dict'",
        ),
        (
            lambda: adapted({"age": FeatureSpace.feature("float32", layers.Identity(), "one_hot")}),
            ValueError,
            "feature 'age' has output_mode='one_hot' and a preprocessor that returns float32",
        ),
    ],
)
def test_arguments_that_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
