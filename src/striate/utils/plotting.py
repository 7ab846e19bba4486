"""Plots of models: graphs in the DOT language, drawn by Graphviz."""

import itertools

from .._common.checks import boolean, check_path, choice, integer
from .._common.errors import explained
from .._common.files import check_folder, write_atomically


@explained
def model_to_dot(
    model,
    show_shapes=False,
    show_dtype=False,
    show_layer_names=True,
    rankdir="TB",
    expand_nested=False,
    dpi=200,
    show_layer_activations=False,
    show_trainable=False,
):
    """Return a model as text in the DOT language; for the arguments see `plot_model`.

    Examples
    --------
    >>> from striate import Sequential, layers, utils
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> "Dense" in str(utils.model_to_dot(model))
    True
    """
    choice("rankdir", rankdir, ("TB", "LR", "BT", "RL"))
    shows = {
        "shapes": boolean("show_shapes", show_shapes),
        "dtype": boolean("show_dtype", show_dtype),
        "names": boolean("show_layer_names", show_layer_names),
        "activations": boolean("show_layer_activations", show_layer_activations),
        "trainable": boolean("show_trainable", show_trainable),
    }
    lines = [f"digraph {_quoted(model.name)} {{", f"  rankdir={rankdir}; dpi={integer('dpi', dpi, 1)};"]
    lines.append('  node [shape=box, style="rounded,filled", fillcolor="#eef3f8", fontname="Helvetica"];')
    _draw(model, "n", lines, "  ", shows, boolean("expand_nested", expand_nested))
    return "\n".join([*lines, "}", ""])


@explained
def plot_model(
    model,
    to_file="model.png",
    show_shapes=False,
    show_dtype=False,
    show_layer_names=True,
    rankdir="TB",
    expand_nested=False,
    dpi=200,
    show_layer_activations=False,
    show_trainable=False,
):
    """Draw a model's layers and their connections, and write the plot to a file.

    Parameters
    ----------
    model : Model or Sequential
        The model, built.
    to_file : path
        The file. With the ending ``.dot`` or ``.gv`` it is text, and nothing else is needed; others (``.png``, ``.svg``,
        ``.pdf``) are drawn by the package graphviz and the program ``dot``, which are optional.
    show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable : bool
        What is shown of each layer in addition to its class.
    rankdir : {"TB", "LR", "BT", "RL"}
        Direction of the graph: from top to bottom, left to right …
    expand_nested : bool
        Whether nested models are drawn layer by layer.
    dpi : int
        Dots per inch.

    Raises
    ------
    ImportError
        If the package graphviz or its program is not installed.
    """
    path = check_folder(check_path("to_file", to_file))
    text = model_to_dot(
        model, show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi, show_layer_activations, show_trainable
    )
    if path.suffix in (".dot", ".gv"):
        write_atomically(path, text.encode())
        return
    message = (
        f"to_file={str(path)!r} needs Graphviz, which is not installed; install the program dot and, with pip install "
        "striate[viz], the package, or use the ending .dot"
    )
    try:
        import graphviz
    except ImportError as error:
        raise ImportError(message) from error
    try:
        write_atomically(path, graphviz.Source(text).pipe(format=path.suffix[1:] or "png"))
    except graphviz.ExecutableNotFound as error:
        raise ImportError(message) from error


def _draw(model, prefix, lines, indent, shows, expand):
    """Append the nodes and edges of a model; return the names of the first and the last node."""
    names, ends = {}, {}
    rows = list(model._rows())
    for i, (layer, shape) in enumerate(rows):
        name = f"{prefix}_{i}"
        if expand and hasattr(layer, "_rows"):
            lines.append(f"{indent}subgraph cluster_{name} {{ label={_quoted(layer.name)};")
            ends[id(layer)] = _draw(layer, name, lines, indent + "  ", shows, expand)
            lines.append(f"{indent}}}")
        elif id(layer) not in names:
            lines.append(f"{indent}{name} [label={_quoted(_label(layer, shape, shows))}];")
            ends[id(layer)] = name, name
        names.setdefault(id(layer), name)
    if model.nodes:
        edges = [(tensor.node.layer, node.layer) for node in model.nodes for tensor in node.sources]
    else:
        edges = [(a, b) for (a, _), (b, _) in itertools.pairwise(rows)]
    lines += [f"{indent}{ends[id(a)][1]} -> {ends[id(b)][0]};" for a, b in edges]
    return ends[id(rows[0][0])][0], ends[id(rows[-1][0])][1]


def _label(layer, shape, shows):
    parts = [f"{layer.name}: {type(layer).__name__}" if shows["names"] else type(layer).__name__]
    if shows["activations"] and isinstance(getattr(layer, "_activation", None), str):
        parts.append(layer._activation)
    if shows["dtype"]:
        parts.append(layer.dtype)
    if shows["shapes"]:
        parts.append(str(shape))
    if shows["trainable"] and layer.weights:
        parts.append("trainable" if layer.trainable else "not trainable")
    return "\\n".join(parts)


def _quoted(text):
    return '"' + text.replace('"', "'") + '"'
