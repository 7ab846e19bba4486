"""Distances of texts, and the parts of characters, words and lines that were read correctly."""

import functools
import itertools
import re

import numpy as np
import pytest

from striate.ocr import character_error_rate, levenshtein_distance, reading_accuracy, word_accuracy


def distance(a, b):
    """Return the distance of two texts by its definition: the last elements are equal, or one is inserted, or replaced."""

    @functools.cache
    def of(i, j):
        if not i or not j:
            return i + j
        return min(of(i - 1, j - 1) + (a[i - 1] != b[j - 1]), of(i - 1, j) + 1, of(i, j - 1) + 1)

    return of(len(a), len(b))


def common(a, b):
    """Return the length of the longest common subsequence, by trying all."""
    parts = {each for n in range(len(b) + 1) for each in itertools.combinations(b, n)}
    return max(n for n in range(len(a) + 1) if any(each in parts for each in itertools.combinations(a, n)))


def test_the_distance_is_that_of_its_definition(rng):
    for _ in range(200):
        a, b = ("".join("abc"[i] for i in rng.integers(3, size=rng.integers(8))) for _ in range(2))
        assert levenshtein_distance(a, b) == distance(a, b) == levenshtein_distance(b, a)
        assert levenshtein_distance(list(a), tuple(b)) == distance(a, b)
    assert levenshtein_distance("", "") == 0
    assert levenshtein_distance("kitten", "sitting") == 3


def test_words_are_those_of_the_longest_common_subsequence(rng):
    for _ in range(100):
        a, b = ([str(i) for i in rng.integers(3, size=rng.integers(1, 7))] for _ in range(2))
        assert word_accuracy([" ".join(a)], ["  ".join(b)]) == common(a, b) / len(a)


def test_rates_are_those_of_all_texts():
    truths, readings = ["abcd", "e", "no way"], ["abxd", "", "no way"]
    assert character_error_rate(truths, readings) == 2 / 11
    assert word_accuracy(truths, readings) == 2 / 4
    assert reading_accuracy(truths, readings) == (2 / 11, 2 / 4, 1 / 3)
    assert character_error_rate(["a"], ["xyz"]) == 3
    assert np.isnan(reading_accuracy([], [])).all()
    assert np.isnan(word_accuracy([" "], ["a"]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: levenshtein_distance("a", 3), "second=3 is of type int; expected"),
        (lambda: character_error_rate(["a"], []), "truths has 1 texts and readings 0; expected equal numbers"),
        (lambda: word_accuracy(["a"], [3]), "readings[0]=3 is of type int"),
        (lambda: reading_accuracy(3, ["a"]), "truths=3 is of type int"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        call()
