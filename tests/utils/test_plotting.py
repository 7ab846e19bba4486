"""Models as text in the DOT language."""

import sys

import pytest

from striate import utils
from tests.helpers.small_models import nested_network


def test_pictures_have_all_layers_and_connections():
    text = utils.model_to_dot(nested_network(), show_shapes=True, rankdir="LR", show_layer_activations=True)
    assert text.startswith('digraph "net" {')
    assert "rankdir=LR" in text
    assert 'n_1 [label="first: Conv2D\\nrelu\\n(None, 8, 8, 4)"];' in text
    for edge in ("n_0 -> n_1", "n_1 -> n_2", "n_1 -> n_3", "n_2 -> n_3", "n_3 -> n_4"):
        assert f"{edge};" in text
    nested = utils.model_to_dot(nested_network(), expand_nested=True, show_layer_names=False)
    assert "subgraph cluster_n_4" in nested
    assert "n_3 -> n_4_0;" in nested
    assert "n_4_0 -> n_4_1;" in nested


def test_plot_model_writes_files_by_their_ending(tmp_path, monkeypatch):
    utils.plot_model(nested_network(), tmp_path / "net.dot")
    assert (tmp_path / "net.dot").read_text() == utils.model_to_dot(nested_network())
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match=r"net.png' needs Graphviz, .* pip install striate\[viz\], .* or use the ending .dot"):
        utils.plot_model(nested_network(), tmp_path / "net.png")
