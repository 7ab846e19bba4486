"""A model as a table: layers, output shapes and parameters."""


def summary_table(model):
    """Return the table as text. The model must be built."""
    rows = [
        (f"{layer.name} ({type(layer).__name__})", _shape(shape), f"{layer.count_params():,}") for layer, shape in model._rows()
    ]
    header = ("Layer (type)", "Output shape", "Parameters")
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(3)]

    def line(row):
        return f"{row[0]:{widths[0]}}  {row[1]:{widths[1]}}  {row[2]:>{widths[2]}}"

    rule = "─" * (sum(widths) + 4)
    trainable = sum(weight.array.size for weight in model.trainable_weights)
    total = model.count_params()
    return "\n".join(
        [
            f"Model: {model.name}",
            rule,
            line(header),
            rule,
            *map(line, rows),
            rule,
            f"Parameters: {total:,} ({_bytes(model)}), of which trainable: {trainable:,}",
        ]
    )


def _shape(shape):
    if isinstance(shape, list):
        return ", ".join(map(_shape, shape))
    return "(" + ", ".join(map(str, shape)) + ")"


def _bytes(model):
    size = sum(weight.value.nbytes for weight in model.weights)
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024 or unit == "MiB":
            return f"{size:.1f} {unit}" if unit != "bytes" else f"{size} bytes"
        size /= 1024
