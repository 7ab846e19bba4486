"""Data sets in Keras' files, of which small ones are made here: the same order and filters, and nothing is executed."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest

from striate import datasets


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", ["boston_housing", "california_housing"])
def test_houses(folder, name):
    x, y = np.arange(2000.0).reshape(1000, 2), np.arange(1000.0)
    np.savez(folder / f"{name}.npz", x=x, y=y)
    load = getattr(datasets, name).load_data
    order = np.arange(1000)
    np.random.RandomState(113).shuffle(order)
    (x_train, y_train), (x_test, y_test) = load()
    np.testing.assert_array_equal(y_train, order[:800])
    np.testing.assert_array_equal(y_test, order[800:])
    np.testing.assert_array_equal(x_train, x[order[:800]])
    assert len(x_test) == 200
    if name == "california_housing":
        assert len(load("small", test_split=0.5)[0][0]) == 300
    with pytest.raises(ValueError, match="test_split"):
        load(test_split=1.0)


def lists(*texts):
    array = np.empty(len(texts), object)
    array[:] = texts
    return array


TEXTS = lists([1, 2, 3], [4], [5, 6], [7, 1])


def test_reviews(folder):
    np.savez(folder / "imdb.npz", x_train=TEXTS, y_train=np.arange(4), x_test=TEXTS[:2], y_test=np.arange(2))
    random = np.random.RandomState(113)
    orders = np.arange(4), np.arange(2)
    for order in orders:
        random.shuffle(order)
    (x_train, y_train), (_, y_test) = datasets.imdb.load_data(num_words=9, skip_top=5)
    np.testing.assert_array_equal(y_train, orders[0])
    np.testing.assert_array_equal(y_test, orders[1])
    moved = [[1, 4, 5, 6], [1, 7], [1, 8, 9], [1, 10, 4]]
    assert list(x_train) == [[rank if 5 <= rank < 9 else 2 for rank in moved[i]] for i in orders[0]]
    (x_train, _), _ = datasets.imdb.load_data(start_char=None, index_from=None, oov_char=None, maxlen=3, num_words=100)
    assert sorted(x_train) == [[4], [5, 6], [7, 1]]
    with pytest.raises(ValueError, match="maxlen=1"):
        datasets.imdb.load_data(maxlen=1)


def test_newswires(folder):
    np.savez(folder / "reuters.npz", x=TEXTS, y=np.arange(4))
    (x_train, y_train), (x_test, y_test) = datasets.reuters.load_data(test_split=0.25, num_words=100)
    assert [len(each) for each in (x_train, y_train, x_test, y_test)] == [3, 3, 1, 1]
    assert list(x_train) == [[1, *(rank + 3 for rank in TEXTS[i])] for i in y_train]
    assert len(datasets.reuters.get_label_names()) == 46


@pytest.mark.parametrize("name", ["imdb", "reuters"])
def test_ranks_of_words(folder, name):
    (folder / f"{name}_word_index.json").write_text(json.dumps({"the": 1}))
    assert getattr(datasets, name).get_word_index() == {"the": 1}


class Harmful:
    def __reduce__(self):
        return eval, ("1 / 0",)


@pytest.mark.parametrize("content", [pickle.dumps(Harmful()), b"damaged"])
def test_files_execute_nothing(folder, content):
    made = io.BytesIO()
    np.lib.format.write_array_header_1_0(made, {"descr": "|O", "fortran_order": False, "shape": (2,)})
    with zipfile.ZipFile(folder / "reuters.npz", "w") as file:
        file.writestr("x.npy", made.getvalue() + content)
    with pytest.raises(ValueError, match="is damaged"):
        datasets.reuters.load_data()
