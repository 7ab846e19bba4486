"""Models as tables."""

import pytest

import striate
from tests.helpers.small_models import nested_network


def test_summary_tells_operations_memory_and_connections(capsys):
    nested_network().summary()
    text = capsys.readouterr().out
    first = next(line for line in text.splitlines() if line.startswith("first"))
    assert first.split() == ["first", "(Conv2D)", "(None,", "8,", "8,", "4)", "112", "13.8", "k", "1.0", "KiB", "image"]
    assert "first, second" in text
    assert "Parameters: 646 (2.5 KiB), of which trainable: 646" in text
    assert max(map(len, text.splitlines())) <= 100
    model = nested_network()
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


def test_notebooks_show_a_table():
    page = nested_network()._repr_html_()
    assert page.count("<tr>") == 1 + 5
    assert "first (Conv2D)" in page
    assert "Parameters: 646 (2.5 KiB)" in page
    named = striate.Sequential([striate.layers.Input((3,)), striate.layers.Dense(2)], name="a<b")
    assert "a&lt;b" in named._repr_html_()
    assert striate.Sequential([striate.layers.Dense(2)])._repr_html_() is None
