"""What happens to files: bytes go wrong, and values are put in place of others."""

import copy

#: What no writer would write, in the place of any value of JSON.
VALUES = [
    None, True, False, 0, -1, 1, 3, 0.5, -0.0, 1e400, -1e400, float("nan"), 10**9, 2**31, 2**63, 2**64, -(2**63), 10**400, "",
    "x", "relu", "Dense", "Model", "Sequential", "Layer", "base", "get", "__init__", "__class__", "float64", "object", "O",
    "S1000000000", "../../etc/passwd", "/dev/zero", "\0", "ü" * 300, [], [None], [[]], [1], [10**9, 10**9, 10**9], [0, 0],
    ["x"], [[1, 2], [3, 4]], {},
    {"class_name": "Dense"}, {"class_name": "Dense", "config": {}}, {"class_name": "get", "config": {"function": "get"}},
    {"class_name": "function", "config": "eval"}, {"array": [1], "dtype": "object"}, {"array": [1], "dtype": "S1000000000"},
]  # fmt: skip


def damage(content, rng):
    """Return bytes in which something went wrong."""
    content = bytearray(content)
    for _ in range(rng.integers(1, 4)):
        size = len(content)
        begin = int(rng.integers(size + 1))
        end = min(begin + int(rng.choice([1, 1, 2, 4, 8, 100, size])), size)
        kind = rng.integers(7)
        if kind == 0:  # a bit
            if begin < size:
                content[begin] ^= 1 << int(rng.integers(8))
        elif kind == 1:
            content[begin:end] = rng.bytes(end - begin)
        elif kind == 2:
            content[begin:end] = bytes([int(rng.choice([0, 1, 0x7F, 0x80, 0xFF]))]) * (end - begin)
        elif kind == 3:
            del content[begin:end]
        elif kind == 4:
            content[begin:begin] = content[begin:end]
        elif kind == 5:
            del content[begin:]
        else:
            place = int(rng.integers(size + 1))
            content[place : place + end - begin] = content[begin:end]
    return bytes(content)


def disturb(value, rng):
    """Return a value of JSON in which one or two, somewhere within, are others, missing or there twice."""
    value = copy.deepcopy(value)
    for _ in range(rng.integers(1, 3)):
        places = list(_places(value))
        if not places:
            return pick(rng)
        holder, key = places[rng.integers(len(places))]
        kind = rng.integers(6)
        if kind == 0:
            del holder[key]
        elif kind == 1:
            other, place = places[rng.integers(len(places))]
            holder[key] = copy.deepcopy(other[place])
        elif kind == 2:
            for _ in range(int(rng.choice([2, 30, 300]))):
                holder[key] = [holder[key]] if rng.integers(2) else {"config": holder[key], "class_name": "Sequential"}
        elif kind == 3 and isinstance(holder, dict):
            holder[str(pick(rng))] = holder[key]
        else:
            holder[key] = pick(rng)
    return value


def pick(rng):
    """Return one of the values that no writer would write."""
    return copy.deepcopy(VALUES[rng.integers(len(VALUES))])


def _places(value):
    """Yield (container, key) of all values within a value."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
