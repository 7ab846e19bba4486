"""A model's graph as SVG, without Graphviz: layers with their shapes, parameters and FLOPs, and their connections."""

from typing import NamedTuple

from .._common.checks import check_path, shown
from .._common.files import check_folder, write_atomically
from .._common.markup import escaped
from ..models.model import check_model
from ..models.summary import flops_by_path, flops_of, readable_count
from .figures import COLORS, INK
from .layout import arrange

#: Width and height of a layer's box, and the distance between boxes, in pixels.
_WIDTH, _HEIGHT, _GAP = 230, 50, 26

#: Words in the names of layers' classes, by whose first match boxes get their colour.
_KINDS = ("Conv", "Pool", "Dense", "Norm", "Input", "Add|Concat|Multiply|Average|Subtract|Maximum|Minimum")


class GraphNode(NamedTuple):
    """A layer of a model's graph."""

    name: str
    kind: str  # its class
    shape: tuple | list  # of its output
    parameters: int
    flops: int | None  # for one sample; None if sizes are not known
    inputs: tuple  # indices of the nodes that it reads


class SVG(str):
    """A drawing as the text of an SVG file, which notebooks and pages of documentation show."""

    def _repr_svg_(self):
        """Return the text."""
        return str(self)

    _repr_html_ = _repr_svg_

    def save(self, path):
        """Write it to a file, whose name ends in ".svg"."""
        path = check_folder(check_path("path", path))
        if not str(path).lower().endswith(".svg"):
            raise ValueError(f"path={shown(path)} is not the name of a drawing; expected one that ends in .svg")
        write_atomically(path, self.encode())


def model_graph(model):
    """Return the layers of a model with their shapes, parameters and FLOPs, and their connections.

    Parameters
    ----------
    model : Model
        The model, built. The layers of one that was made by subclassing follow one another in the order in which they were set.

    Returns
    -------
    list of GraphNode
        In the order of computation. A layer that is called several times has a node for each call; its parameters and the FLOPs
        of all calls are those of the first.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> for node in visualize.model_graph(architectures.LeNet5())[:3]:
    ...     print(node.name, node.kind, node.shape, node.parameters, node.inputs)
    image InputLayer (None, 28, 28, 1) 0 ()
    c1 Conv2D (None, 28, 28, 6) 156 (0,)
    s2 MaxPooling2D (None, 14, 14, 6) 0 (1,)
    """
    check_model(model)._require_built()
    flops = flops_by_path(model)
    rows = list(model._rows())
    if model.nodes:
        index = {id(node): i for i, node in enumerate(model.nodes)}
        inputs = [node.sources for node in model.nodes]
        read = [tuple(dict.fromkeys(index[id(tensor.node)] for tensor in each)) for each in inputs]
        found = []
    else:
        found = [GraphNode(name, "InputLayer", (None, *shape), 0, 0, ()) for name, shape in _inputs_of(model)]
        read = [tuple(range(len(found))), *((i,) for i in range(len(found), len(found) + len(rows) - 1))]
    seen = set()
    for (layer, shape), inputs in zip(rows, read, strict=True):
        first = id(layer) not in seen
        seen.add(id(layer))
        count = None if flops is None else flops_of(flops, layer.name) if first else 0
        found.append(GraphNode(layer.name, type(layer).__name__, shape, layer.count_params() if first else 0, count, inputs))
    return found


def _inputs_of(model):
    """Return (name, shape of a sample) of the inputs of a model that is no graph of layers."""
    return zip(model._input_names or [f"input_{i}" for i in range(len(model._samples))], model._samples, strict=True)


def draw_model(model):
    """Draw a model: a box for each layer, with name, class, output shape, parameters and FLOPs, and lines between them.

    Parameters
    ----------
    model : Model
        The model, built.

    Returns
    -------
    SVG
        The text of an SVG file, a str; a notebook shows it, and its `save` writes it to a file.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> drawing = visualize.draw_model(architectures.LeNet5())
    >>> drawing.count("<rect")
    9
    >>> drawing[:4]
    '<svg'
    """
    nodes = model_graph(model)
    places, routes = arrange([node.inputs for node in nodes], _WIDTH, _HEIGHT, _GAP)
    width = max(x for x, _ in places) + _WIDTH / 2 + 4
    height = max(y for _, y in places) + _HEIGHT / 2 + 4
    lines = [_route(points) for points in routes]
    boxes = [_box(node, x, y) for node, (x, y) in zip(nodes, places, strict=True)]
    return SVG(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="Helvetica, Arial, sans-serif" font-size="11" text-anchor="middle">\n'
        f"<title>{escaped(model.name)}</title>\n"
        f'<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{INK}"/></marker></defs>\n' + "\n".join([*lines, *boxes]) + "\n</svg>\n"
    )


def _box(node, x, y):
    """Return the box of a layer, whose middle is given."""
    color = next((COLORS[i] for i, words in enumerate(_KINDS) if any(word in node.kind for word in words.split("|"))), INK)
    sizes = [f"{node.parameters:,} parameters"] if node.parameters else []
    sizes += [f"{readable_count(node.flops)}FLOPs"] if node.flops else []
    name = node.name if len(node.name) <= 30 else node.name[:29] + "…"
    texts = [(name, 'font-weight="bold"'), (f"{node.kind}  {_size(node.shape)}", ""), (" · ".join(sizes), "")]
    texts = [each for each in texts if each[0]]
    first = y - 13 * (len(texts) - 1) / 2 + 4
    rows = "".join(
        f'<text x="{x:.1f}" y="{first + 13 * i:.1f}" fill="#2b3440" {style}>{escaped(text)}</text>'
        for i, (text, style) in enumerate(texts)
    )
    corner = f'x="{x - _WIDTH / 2:.1f}" y="{y - _HEIGHT / 2:.1f}" width="{_WIDTH}" height="{_HEIGHT}" rx="7"'
    return f'<g><rect {corner} fill="{_light(color)}" stroke="{color}" stroke-width="1.3"/>{rows}</g>'


def _size(shape):
    """Return an output's shape, or the shapes of several, without the batch."""
    shapes = shape if isinstance(shape, list) else [] if shape is None else [shape]
    return ", ".join(" × ".join("?" if size is None else str(size) for size in each[1:]) or "1" for each in shapes)


def _light(color):
    """Return a colour mixed with white, on which dark text is legible on any page."""
    parts = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - 0.16 * (255 - part)):02x}" for part in parts)


def _route(points):
    """Return a smooth line through points, vertical at each, with an arrow at its end."""
    (x, y), *rest = points
    path = f"M{x:.1f} {y:.1f}"
    for next_x, next_y in rest:
        middle = (y + next_y) / 2
        path += f"C{x:.1f} {middle:.1f} {next_x:.1f} {middle:.1f} {next_x:.1f} {next_y:.1f}"
        x, y = next_x, next_y
    return f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.2" marker-end="url(#arrow)"/>'
