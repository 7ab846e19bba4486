"""A summary of a model as a table: layers, output shapes, parameters, operations and memory."""

import itertools
import math

from .._common.structures import OF_SHAPES, flat_shapes
from ..engine.dtypes import array_dtype
from ..layers.sizes import has_unknown_sizes
from .graphs import emit

#: Columns of numbers.
_NUMBERS = (2, 3, 4)


def summary_table(model, *, line_length=None, expand_nested=False, show_trainable=False, layer_range=None):
    """Return the table as text; see `Model.summary`. The model must be built."""
    header, rows, totals = _table(model, expand_nested, show_trainable, layer_range)
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]

    def line(row):
        cells = [
            f"{cell:>{width}}" if i in _NUMBERS else f"{cell:{width}}"
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        text = "  ".join(cells).rstrip()
        return text if line_length is None else text[:line_length]

    rule = "─" * min(sum(widths) + 2 * (len(widths) - 1), line_length or 10**9)
    return "\n".join([f"Model: {model.name}", rule, line(header), rule, *map(line, rows), rule, *totals])


def summary_html(model):
    """Return the table for a notebook, in the colours of its page."""
    from .._common.markup import escaped, html_table  # Only notebooks need it.

    header, rows, totals = _table(model)
    table = html_table(header, [list(map(escaped, row)) for row in rows], _NUMBERS)
    return f"<p><b>Model: {escaped(model.name)}</b></p>{table}<p>{'<br>'.join(totals)}</p>"


def _table(model, expand_nested=False, show_trainable=False, layer_range=None):
    """Return the header, the rows, and the lines below, which tell totals."""
    flops = flops_by_path(model)
    connected = {} if _is_chain(model) else _origins(model)
    rows, within = [], layer_range is None
    for layer, shape in model._rows():
        within = within or layer.name == layer_range[0]
        if within:
            rows.append(_row(layer, shape, flops, connected, show_trainable))
            if expand_nested and hasattr(layer, "_rows"):
                rows += [
                    ("  " + row[0], *row[1:])
                    for row in (_row(inner, its, flops, {}, show_trainable, f"{layer.name}/") for inner, its in layer._rows())
                ]
        if layer_range is not None and layer.name == layer_range[1]:
            within = False
    header = ["Layer (type)", "Output shape", "Parameters", "FLOPs", "Output memory"]
    header += ["Trainable"] if show_trainable else []
    header += ["Connected to"] if connected else []
    rows = [row if connected else row[:-1] for row in rows]
    trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    total = model.count_params()
    memory = _memory([shape for _, shape in model._rows()], model.dtype)
    operations = None if flops is None else sum(flops.values())
    return (
        header,
        rows,
        [
            f"Parameters: {total:,} ({readable_bytes(sum(weight.nbytes for weight in model.weights))}), "
            f"of which trainable: {trainable:,}",
            f"Per sample: {readable_count(operations)}FLOPs forward, a multiply-add counted as two; {memory} of outputs",
        ],
    )


def _row(layer, shape, flops, connected, show_trainable, prefix=""):
    own = None if flops is None else flops_of(flops, f"{prefix}{layer.name}")
    return (
        f"{layer.name} ({type(layer).__name__})",
        readable_shape(shape),
        f"{layer.count_params():,}" if layer.built else "?",
        readable_count(own),
        _memory([shape], layer.dtype),
        *(["yes" if layer.trainable and layer.weights else "no" if layer.weights else "-"] if show_trainable else []),
        connected.get(id(layer), ""),
    )


def flops_by_path(model):
    """Return the floating-point operations for one sample, by the paths of the layers; None if sizes are not known."""
    if not model.built or has_unknown_sizes(model.input_shape):
        return None
    graph, _ = emit(model, 1, model._samples, False)
    flops = {}
    for operation in graph.operations:
        flops[operation.layer] = flops.get(operation.layer, 0) + operation.flops()
    return {path or "": count for path, count in flops.items()}


def flops_of(flops, path):
    """Return the floating-point operations of a layer, with all layers within it, by its path."""
    return sum(count for each, count in flops.items() if f"{each}/".startswith(f"{path}/"))


def _is_chain(model):
    """Return whether each layer is fed by the one before it."""
    return all(
        len(inputs := node.sources) == 1 and inputs[0].node is before for before, node in itertools.pairwise(model.nodes)
    )


def _origins(model):
    """Return for each layer, by its id, the names of the layers that feed it."""
    origins = {}
    for node in model.nodes:
        origins.setdefault(id(node.layer), []).extend(tensor.node.layer.name for tensor in node.sources)
    return {key: ", ".join(names) for key, names in origins.items()}


def readable_shape(shape):
    """Return a shape, or a structure of them, as text, "?" for None."""
    if shape is None:
        return "?"
    if isinstance(shape, OF_SHAPES):
        return ", ".join(map(readable_shape, flat_shapes(shape)))
    return "(" + ", ".join(map(str, shape)) + ")"


def _memory(shapes, dtype):
    """Return the memory of samples of the given shapes as text, "?" if a size is not known."""
    if any(shape is None or has_unknown_sizes(shape) for shape in shapes):
        return "?"
    return readable_bytes(sum(map(_size, shapes)) * array_dtype(dtype).itemsize)


def _size(shape):
    """Return the number of elements of a sample."""
    return sum(math.prod(each[1:]) for each in flat_shapes(shape))


def readable_count(count):
    """Return a count as text, with three digits and an SI prefix, "?" for None."""
    if count is None:
        return "? "
    for unit in ("", "k", "M", "G"):
        if count < 1000 or unit == "G":
            return f"{count} " if not unit else f"{count:.3g} {unit}" if count < 1000 else f"{count:,.0f} {unit}"
        count /= 1000


def readable_bytes(size):
    """Return a size in bytes as text, with a binary prefix."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024 or unit == "MiB":
            return f"{size:.1f} {unit}" if unit != "bytes" else f"{size} bytes"
        size /= 1024
