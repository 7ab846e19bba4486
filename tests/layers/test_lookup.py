"""Lookups of strings and integers, hashes and texts: published values, Keras' results, vocabularies and configurations."""

import json
import math

import numpy as np
import pytest

from striate import Model, layers
from striate.layers.lookup import hashes

#: FarmHash's fingerprints of the first bytes of "striate striate ...", by their number.
FINGERPRINTS = {
    0: 11160318154034397263,
    20: 4749871841090515340,
    50: 8701520575649250247,
    64: 16988484606457673474,
    65: 6874495942456377078,
    128: 13635559529965581608,
    200: 10869396773622218339,
}


@pytest.mark.parametrize("size", FINGERPRINTS)
def test_fingerprints_are_farmhashs(size):
    assert hashes.fingerprint((b"striate " * 30)[:size]) == FINGERPRINTS[size]


def test_siphash_is_that_of_the_paper():
    key = [int.from_bytes(bytes(range(start, start + 8)), "little") for start in (0, 8)]
    assert hashes.siphash(bytes(range(15)), key) == 0xA129CA6149BE45E5  # appendix A


def test_bins_are_keras_documented_ones():
    letters = [["A"], ["B"], ["C"], ["D"], ["E"]]
    for settings, expected in (
        ({}, [1, 0, 1, 1, 2]),
        ({"salt": [133, 137]}, [1, 2, 1, 0, 2]),
        ({"salt": 133}, [0, 0, 2, 1, 0]),
    ):
        assert layers.Hashing(3, **settings)(letters).ravel().tolist() == expected
    masked = layers.Hashing(3, mask_value="")([["A"], ["B"], [""], ["C"], ["D"]])
    assert masked.ravel().tolist() == [1, 1, 0, 2, 2]
    crossed = layers.HashedCrossing(5)([np.array(["A", "B", "A", "B", "A"]), np.array([101, 101, 101, 102, 102])])
    assert crossed.tolist() == [1, 4, 1, 1, 3]
    assert layers.HashedCrossing(5, "one_hot")([["A"], [101]]).tolist() == [[0, 1, 0, 0, 0]]


@pytest.mark.parametrize("structure", [list, tuple])
def test_crossing_within_models_takes_lists_and_tuples(structure):
    inputs = layers.Input((1,), dtype="string"), layers.Input((1,), dtype="int64")
    model = Model(inputs, layers.HashedCrossing(5)(structure(inputs)))
    values = [np.array([["A"], ["B"]], object), np.array([[101], [101]])]
    np.testing.assert_array_equal(model.predict(values), layers.HashedCrossing(5)(values))


def test_bins_as_vectors():
    layer = layers.Hashing(4)
    x = np.arange(12).reshape(3, 4)
    bins = layer(x)
    counts = np.array([np.bincount(row, minlength=4) for row in bins])
    np.testing.assert_array_equal(layers.Hashing(4, output_mode="count")(x), counts)
    np.testing.assert_array_equal(layers.Hashing(4, output_mode="multi_hot")(x), counts > 0)
    np.testing.assert_array_equal(layers.Hashing(4, output_mode="one_hot")(x), np.eye(4)[bins])
    np.testing.assert_array_equal(layer(x.astype(str)), bins)


@pytest.mark.parametrize(("mask_token", "count"), [(None, 1), ("", 1), ("", 3), (None, 0)])
def test_strings_have_indices_and_indices_strings(mask_token, count):
    layer = layers.StringLookup(vocabulary=["a", "b", "c"], mask_token=mask_token, num_oov_indices=count)
    first = count + (mask_token is not None)
    np.testing.assert_array_equal(layer([["c", "a"], ["b", "b"]]), np.array([[2, 0], [1, 1]]) + first)
    assert layer.vocabulary_size() == 3 + first
    assert layer.get_vocabulary(include_special_tokens=False) == ["a", "b", "c"]
    inverse = layers.StringLookup(
        vocabulary=layer.get_vocabulary(), mask_token=mask_token, num_oov_indices=count, invert=True
    )  # fmt: skip
    assert inverse(layer([["c", "a"]])).tolist() == [["c", "a"]]
    assert inverse([99]).tolist() == ["[UNK]"]
    if mask_token is not None:
        assert layer([""]).tolist() == [0]
    if count == 0:
        with pytest.raises(ValueError, match=r"^layer 'string_lookup': x has \['z'\], which are not in the vocabulary"):
            layer(["z"])
    else:
        assert 0 <= layer(["z"])[0] - (mask_token is not None) < count


def test_integers_out_of_the_vocabulary():
    layer = layers.IntegerLookup(vocabulary=[10, 20], num_oov_indices=2)
    assert layer([[10, 20, 7, 8]]).tolist() == [[2, 3, 1, 0]]
    hashed = layers.IntegerLookup(vocabulary=[10, 20], num_oov_indices=2, oov_method="farmhash")
    assert hashed([7]).tolist() == layers.Hashing(2)(["7"]).tolist()


def test_vectors_of_a_vocabulary():
    x = [["a", "b", "a", "z"], ["c", "", "c", "c"]]
    settings = {"vocabulary": ["a", "b", "c"], "mask_token": ""}
    counts = np.array([[1, 2, 1, 0], [0, 0, 0, 3]])
    np.testing.assert_array_equal(layers.StringLookup(output_mode="count", **settings)(x), counts)
    np.testing.assert_array_equal(layers.StringLookup(output_mode="multi_hot", **settings)(x), counts > 0)
    weighted = layers.StringLookup(output_mode="tf_idf", idf_weights=[1.0, 2.0, 6.0], **settings)
    np.testing.assert_array_equal(weighted(x), counts * [3, 1, 2, 6])  # The first is the mean.
    padded = layers.StringLookup(output_mode="count", max_tokens=6, pad_to_max_tokens=True, **settings)
    np.testing.assert_array_equal(padded(x), np.pad(counts, ((0, 0), (0, 2))))
    assert padded.compute_output_shape((None, 4)) == (None, 6)
    one_hot = layers.StringLookup(output_mode="one_hot", **settings)
    np.testing.assert_array_equal(one_hot([["b"], [""]]), [[0, 0, 1, 0], [0, 0, 0, 0]])


def test_vocabularies_are_found_in_data():
    data = [["b", "a", "b"], ["c", "b", "a"]]
    layer = layers.StringLookup()
    layer.adapt(np.array(data))
    assert layer.get_vocabulary() == ["[UNK]", "b", "a", "c"]
    batches = layers.StringLookup(max_tokens=3)
    batches.adapt((np.array([row]) for row in data), steps=2)
    assert batches.get_vocabulary() == ["[UNK]", "b", "a"]
    weighted = layers.StringLookup(output_mode="tf_idf")
    weighted.adapt(np.array(data))
    expected = [math.log(1 + 2 / 3), math.log(1 + 2 / 3), math.log(1 + 2 / 2)]
    np.testing.assert_allclose(weighted.idf_weights, [np.mean(expected), *expected], rtol=1e-6)
    integers = layers.IntegerLookup()
    integers.adapt([5, 7, 5])
    assert integers.get_vocabulary() == [-1, 5, 7]
    for each in (layer, batches, weighted, integers):
        again = type(each).from_config(json.loads(json.dumps(each.get_config())))
        assert again.get_config() == each.get_config()
        assert again.get_vocabulary() == each.get_vocabulary()


def test_a_vocabulary_in_a_file(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("one\ntwo words\n\xe9\n", encoding="utf-8")
    assert layers.StringLookup(vocabulary=str(path))(["two words", "\xe9"]).tolist() == [2, 3]
    path.write_text("7\n9\n")
    assert layers.IntegerLookup(vocabulary=path)([9]).tolist() == [2]


def test_texts_become_indices():
    layer = layers.TextVectorization(output_sequence_length=5)
    texts = ["The cat, the DOG!", "a cat's   nap"]
    layer.adapt(texts)
    assert layer.get_vocabulary() == ["", "[UNK]", "the", "nap", "dog", "cats", "cat", "a"]
    assert layer([*texts, "the end"]).tolist() == [[2, 6, 2, 4, 0], [7, 5, 3, 0, 0], [2, 1, 0, 0, 0]]
    assert layer("the end").tolist() == [2, 1, 0, 0, 0]
    again = layers.TextVectorization.from_config(json.loads(json.dumps(layer.get_config())))
    np.testing.assert_array_equal(again(texts), layer(texts))


@pytest.mark.parametrize(
    ("settings", "text", "words"),
    [
        ({"split": "character", "standardize": None}, "aB", ["a", "B"]),
        ({"standardize": "lower"}, "A-b C", ["a-b", "c"]),
        ({"standardize": "strip_punctuation"}, "A-b C", ["Ab", "C"]),
        ({"split": None}, "A b.", ["a b"]),
        ({"ngrams": 2}, "a b c", ["a", "b", "c", "a b", "b c"]),
        ({"ngrams": (3,)}, "a b c d", ["a b c", "b c d"]),
        ({"standardize": lambda x: np.char.upper(x), "split": lambda x: np.char.split(x, "-")}, "a-b", ["A", "B"]),
    ],
)
def test_words_of_texts(settings, text, words):
    layer = layers.TextVectorization(vocabulary=list(dict.fromkeys(words)), **settings)
    found = layer([text])[0]
    assert [layer.get_vocabulary()[index] for index in found] == words


def test_texts_become_vectors():
    layer = layers.TextVectorization(output_mode="count", vocabulary=["a", "b"])
    assert layer(["a b b", "c", "a"]).tolist() == [[0, 1, 2], [1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.StringLookup(vocabulary=["a", "a"]), r"vocabulary repeats \['a'\]"),
        (lambda: layers.StringLookup(vocabulary=["a", ""], mask_token=""), r"vocabulary has at unexpected places \[''\]"),
        (lambda: layers.StringLookup(vocabulary=[]), "vocabulary is empty"),
        (lambda: layers.StringLookup(vocabulary=["a", "b"], max_tokens=2), "vocabulary has 3 entries"),
        (lambda: layers.StringLookup(vocabulary=["a"], output_mode="tf_idf"), "idf_weights=None does not go with"),
        (lambda: layers.StringLookup(vocabulary=["a"]).adapt(["b"]), "was made with a vocabulary"),
        (lambda: layers.StringLookup(invert=True, output_mode="count"), "invert=True goes with output_mode='int'"),
        (lambda: layers.StringLookup(pad_to_max_tokens=True), "pad_to_max_tokens=True needs max_tokens"),
        (lambda: layers.IntegerLookup(salt=3), "salt=3 goes with oov_method='farmhash'"),
        (lambda: layers.Hashing(3, sparse=True), "sparse=True is not supported"),
        (lambda: layers.Hashing(3, salt=[1, 2, 3]), r"salt=\[1, 2, 3\] has 3 elements"),
        (lambda: layers.HashedCrossing(3)([["a"], ["b", "c"]]), r"x has inputs of shapes \[\(1,\), \(2,\)\]"),
        (lambda: layers.HashedCrossing(3)([[1.5], [2.5]]), "expected strings or integers"),
        (lambda: layers.TextVectorization()([["a", "b"]]), "expected one text for each sample"),
        (lambda: layers.TextVectorization(ragged=True), "ragged=True is not supported"),
        (lambda: layers.TextVectorization(ngrams="2"), "ngrams='2' is not supported"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_vectors_need_a_vocabulary():
    with pytest.raises(RuntimeError, match="has no vocabulary; expected `adapt` or `set_vocabulary` before a call"):
        layers.StringLookup(output_mode="count")(["a"])
