"""Models as drawings."""

import xml.etree.ElementTree as ET

import pytest

import striate
from striate import Input, Model, Sequential, architectures, layers
from striate.visualize import draw_model, model_graph
from tests.helpers.small_models import nested_network, residual_network

SPACE = "{http://www.w3.org/2000/svg}"


def test_nodes_are_the_layers_with_their_connections():
    nodes = model_graph(nested_network())
    assert [node.name for node in nodes] == ["image", "first", "second", "sum", "head"]
    assert [node.inputs for node in nodes] == [(), (0,), (1,), (1, 2), (3,)]
    assert [node.kind for node in nodes] == ["InputLayer", "Conv2D", "Conv2D", "Add", "Sequential"]
    assert nodes[1].shape == (None, 8, 8, 4)
    assert sum(node.parameters for node in nodes) == nested_network().count_params()
    lines = []
    nested_network().summary(print_fn=lines.append)
    assert f"{sum(node.flops for node in nodes) / 1e3:.3g} kFLOPs" in lines[0]


def test_layers_that_are_called_twice_count_once():
    image, dense = Input((4,)), layers.Dense(4, name="shared")
    nodes = model_graph(Model(image, dense(dense(image))))
    assert [(node.name, node.parameters, node.inputs) for node in nodes[1:]] == [("shared", 20, (0,)), ("shared", 0, (1,))]
    assert nodes[2].flops == 0


def test_chains_begin_with_their_input():
    nodes = model_graph(Sequential([layers.Input((5, 5, 1), name="image"), layers.Conv2D(2, 3), layers.Flatten()]))
    assert [(node.name, node.inputs) for node in nodes] == [("image", ()), ("conv2d", (0,)), ("flatten", (1,))]
    any_size = model_graph(Sequential([layers.Input((None, None, 1)), layers.Conv2D(2, 3)]))
    assert any_size[1].flops is None


@pytest.mark.parametrize("make", [nested_network, residual_network, architectures.LeNet5, lambda: architectures.GoogLeNet()])
def test_drawings_are_svg_with_a_box_for_each_layer(make, tmp_path):
    model = make()
    drawing = draw_model(model)
    root = ET.fromstring(drawing)
    boxes = [tuple(float(rect.get(key)) for key in ("x", "y", "width", "height")) for rect in root.iter(f"{SPACE}rect")]
    nodes = model_graph(model)
    assert len(boxes) == len(nodes)
    for i, (x, y, width, height) in enumerate(boxes):
        assert 0 <= x <= float(root.get("width")) - width
        assert 0 <= y <= float(root.get("height")) - height
        for other in boxes[:i]:
            assert abs(x - other[0]) >= width or abs(y - other[1]) >= height
    for i, node in enumerate(nodes):
        assert all(boxes[before][1] < boxes[i][1] for before in node.inputs)
    assert len(list(root.iter(f"{SPACE}path"))) == 1 + sum(len(node.inputs) for node in nodes)  # one is the arrow's
    texts = [text.text for text in root.iter(f"{SPACE}text")]
    assert set(texts) >= {node.name for node in nodes}
    drawing.save(tmp_path / "model.svg")
    with pytest.raises(ValueError, match=r"model.png.* is not the name of a drawing; expected one that ends in .svg"):
        drawing.save(tmp_path / "model.png")
    assert (tmp_path / "model.svg").read_text(encoding="utf-8") == drawing == drawing._repr_svg_() == drawing._repr_html_()


def test_names_are_escaped_and_sizes_told():
    model = Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3, name="a<b & 'c'")], name="<model>")
    root = ET.fromstring(draw_model(model))
    texts = [text.text for text in root.iter(f"{SPACE}text")]
    assert texts[2:] == ["a<b & 'c'", "Conv2D  6 × 6 × 4", "40 parameters · 2.59 kFLOPs"]
    assert root.find(f"{SPACE}title").text == "<model>"


def test_models_that_are_not_built_are_refused():
    with pytest.raises((ValueError, RuntimeError), match="built"):
        draw_model(striate.Sequential([layers.Dense(2)]))
