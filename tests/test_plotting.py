"""Models as text in the DOT language, and as tables."""

import sys

import pytest

import striate
from striate import layers, utils


def network():
    image = layers.Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", activation="relu", name="first")(image)
    y = layers.Conv2D(4, 1, name="second")(x)
    x = layers.add([x, y], name="sum")
    head = striate.Sequential([layers.Flatten(), layers.Dense(2, name="scores")], name="head")
    return striate.Model(image, head(x), name="net")


def test_pictures_have_all_layers_and_connections():
    text = utils.model_to_dot(network(), show_shapes=True, rankdir="LR", show_layer_activations=True)
    assert text.startswith('digraph "net" {')
    assert "rankdir=LR" in text
    assert 'n_1 [label="first: Conv2D\\nrelu\\n(None, 8, 8, 4)"];' in text
    for edge in ("n_0 -> n_1", "n_1 -> n_2", "n_1 -> n_3", "n_2 -> n_3", "n_3 -> n_4"):
        assert f"{edge};" in text
    nested = utils.model_to_dot(network(), expand_nested=True, show_layer_names=False)
    assert "subgraph cluster_n_4" in nested
    assert "n_3 -> n_4_0;" in nested
    assert "n_4_0 -> n_4_1;" in nested


def test_plot_model_writes_files_by_their_ending(tmp_path, monkeypatch):
    utils.plot_model(network(), tmp_path / "net.dot")
    assert (tmp_path / "net.dot").read_text() == utils.model_to_dot(network())
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match=r"net.png' needs Graphviz, .* pip install striate\[viz\], .* or use the ending .dot"):
        utils.plot_model(network(), tmp_path / "net.png")


def test_summary_tells_operations_memory_and_connections(capsys):
    network().summary()
    text = capsys.readouterr().out
    first = next(line for line in text.splitlines() if line.startswith("first"))
    assert first.split() == ["first", "(Conv2D)", "(None,", "8,", "8,", "4)", "112", "13.8", "k", "1.0", "KiB", "image"]
    assert "first, second" in text
    assert "Parameters: 646 (2.5 KiB), of which trainable: 646" in text
    assert max(map(len, text.splitlines())) <= 100
    model = network()
    model.get_layer("first").trainable = False
    model.summary(expand_nested=True, show_trainable=True, layer_range=("second", "head"), line_length=90)
    text = capsys.readouterr().out
    assert "first (" not in text
    assert "  scores (Dense)" in text
    assert max(map(len, text.splitlines()[:-2])) <= 90
    with pytest.raises(ValueError, match="'third'"):
        model.summary(layer_range=("first", "third"))


def test_operations_are_those_of_the_plan():
    lines = []
    model = striate.architectures.ResNet18((64, 64, 3))
    model.summary(print_fn=lines.append)
    total = sum(operation.flops() for operation in model.plan(1).operations)
    told = float(lines[0].rsplit("Per sample: ", 1)[1].split(" MFLOPs")[0])
    assert told == pytest.approx(total / 1e6, rel=0.02)  # normalizations are folded there
