"""A plan as a table: what is computed, by which layer, how, and, after a measurement, how fast."""

import math

from .machine import peak_bandwidth, peak_flops
from .operations.stored_kernels import stored_bytes


def report(plan):
    """Return a plan as text, one line per operation.

    If the plan was measured, the last columns give the time of each operation, its operations and bytes per second, and the
    larger of both rates as a percentage of the machine's peak, which a large matrix product and a copy reach. Winograd
    convolutions need fewer operations than are counted, and so can exceed 100 %.
    """
    header = ["Layer", "Operation", "by", "Output", "MFLOP", "MiB"]
    if plan.seconds:
        header += ["ms", "GFLOP/s", "GB/s", "% of peak"]
    rows = [_row(plan, i, operation) for i, operation in enumerate(plan.operations) if not operation.view]
    total = ["", "total", "", "", *[f"{sum(float(row[i]) for row in rows):.2f}" for i in (4, 5)]]
    if plan.seconds:
        seconds = sum(plan.seconds)
        total += [
            f"{seconds * 1e3:.3f}",
            f"{sum(operation.flops() for operation in plan.operations) / seconds / 1e9:.1f}",
            "",
            "",
        ]
    lines = [header, *rows, total]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    texts = [
        "  ".join(
            f"{cell:{'<' if i < 4 else '>'}{width}}" for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    rule = "─" * max(map(len, texts))
    memory = f"Memory without the weights: {plan.nbytes / 2**20:.2f} MiB; threads: {plan.threads}"
    if plan.slices:
        memory += f"; the first {plan.slices.operations} operations run for {plan.slices.samples} samples at a time"
        if plan.slices.shares > 1:
            memory += "; each thread takes its own samples"
    return "\n".join([texts[0], rule, *texts[1:-1], rule, texts[-1], memory, *plan.graph.remarks])


def _row(plan, i, operation):
    """Return the cells of the operation with index i."""
    flops = operation.flops()
    moved = _bytes_moved(operation)
    row = [
        operation.layer or "",
        type(operation).__name__,
        operation.describe(),
        "×".join(map(str, operation.outputs[0].shape)) if operation.outputs else "",
        f"{flops / 1e6:.2f}",
        f"{moved / 2**20:.2f}",
    ]
    if plan.seconds:
        seconds = plan.seconds[i] or math.inf
        share = max(flops / seconds / peak_flops(plan.threads), moved / seconds / peak_bandwidth(plan.threads))
        rates = f"{flops / seconds / 1e9:.1f}", f"{moved / seconds / 1e9:.1f}", f"{100 * share:.0f}"
        row += [f"{plan.seconds[i] * 1e3:.3f}", *rates]
    return row


def _bytes_moved(operation):
    """Return the size of what an operation reads and writes, of a kernel as it is stored."""
    moved = sum(value.nbytes for value in (*operation.inputs, *operation.outputs) if value is not None)
    if operation.storage is not None:
        kernel = operation.inputs.kernel
        moved += stored_bytes(kernel.shape, operation.storage) - kernel.nbytes
    return moved
