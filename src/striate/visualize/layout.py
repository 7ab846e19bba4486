"""Places of the nodes of a directed graph: in rows from top to bottom, with few crossings and short lines.

The method is that of Sugiyama, K., Tagawa, S. & Toda, M., "Methods for visual understanding of hierarchical system
structures", 1981: rows by the longest path; points where a long line passes rows, so that it goes around boxes; order within
rows by the mean place of neighbours. Places along a row are those nearest to their neighbours' mean that do not overlap.
"""

import itertools

#: Rounds in which rows are ordered, and then placed.
_ROUNDS = 12


def arrange(inputs, width, height, gap):
    """Return the middle (x, y) of each node's box, and the points of each line, in the order of nodes and of their inputs.

    Parameters
    ----------
    inputs : list of tuple of int
        For each node, the nodes before it that it reads.
    width, height : float
        Of a box.
    gap : float
        Between boxes.
    """
    row_of = []
    for read in inputs:
        row_of.append(max((row_of[i] + 1 for i in read), default=0))
    routes = []
    neighbours = [[] for _ in inputs]
    for node, read in enumerate(inputs):
        for source in read:
            route = [source]
            for row in range(row_of[source] + 1, row_of[node]):  # A point for each row that the line passes.
                row_of.append(row)
                neighbours.append([])
                route.append(len(row_of) - 1)
            route.append(node)
            for one, other in itertools.pairwise(route):
                neighbours[one].append(other)
                neighbours[other].append(one)
            routes.append(route)
    widths = [width if i < len(inputs) else gap for i in range(len(row_of))]
    rows = [[] for _ in range(max(row_of) + 1)]
    for node, row in enumerate(row_of):
        rows[row].append(node)
    x = _places_along_rows(rows, row_of, neighbours, widths, gap)
    left = min(x[i] - widths[i] / 2 for i in range(len(x)))
    middle = [(x[i] - left + 4, row_of[i] * (height + gap) + height / 2 + 4) for i in range(len(x))]
    lines = []
    for source, *passed, node in routes:
        start, end = middle[source], middle[node]
        points = [(start[0], start[1] + height / 2)]
        for each in passed:  # straight down beside the boxes of the row
            points += [(middle[each][0], middle[each][1] - height / 2), (middle[each][0], middle[each][1] + height / 2)]
        lines.append([*points, (end[0], end[1] - height / 2 - 1)])
    return middle[: len(inputs)], lines


def _places_along_rows(rows, row_of, neighbours, widths, gap):
    """Order the nodes of each row, and return the place of each node along its row."""
    x = {node: float(i) for row in rows for i, node in enumerate(row)}
    for step in range(_ROUNDS):
        down = step % 2 == 0
        for row in rows if down else rows[::-1]:
            wanted = {}
            for node in row:
                before = [x[each] for each in neighbours[node] if (row_of[each] < row_of[node]) == down]
                wanted[node] = sum(before) / len(before) if before else x[node]
            row.sort(key=wanted.get)
            x.update({node: i - (len(row) - 1) / 2 for i, node in enumerate(row)})
    for row in rows:
        x.update(zip(row, _apart([0.0] * len(row), [widths[node] for node in row], gap), strict=True))
    for step in range(_ROUNDS):
        for row in rows if step % 2 == 0 else rows[::-1]:
            wanted = [
                sum(x[each] for each in neighbours[node]) / len(neighbours[node]) if neighbours[node] else x[node]
                for node in row
            ]
            x.update(zip(row, _apart(wanted, [widths[node] for node in row], gap), strict=True))
    return [x[i] for i in range(len(row_of))]


def _apart(wanted, widths, gap):
    """Return the places nearest to those wanted, by least squares, in the same order and without overlap.

    Less the widths of what comes before, places only have to be in order: that is isotonic regression, by pooling neighbours.
    """
    offsets = [0.0]
    for one, other in itertools.pairwise(widths):
        offsets.append(offsets[-1] + (one + other) / 2 + gap)
    blocks = []  # [sum, number] of places that are equal, less the offsets
    for place, offset in zip(wanted, offsets, strict=True):
        blocks.append([place - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    means = [total / count for total, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
