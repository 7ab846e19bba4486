"""Nested lists, tuples and dicts, as flat lists of the objects in them."""


def flat(structure):
    """Return a list, tuple or dict, or a single object, as a list; None as an empty list."""
    if structure is None:
        return []
    if isinstance(structure, dict):
        return list(structure.values())
    return list(structure) if isinstance(structure, (list, tuple)) else [structure]


def flat_deep(structure):
    """Return the objects in nested lists, tuples and dicts as a flat list."""
    if isinstance(structure, (list, tuple, dict)):
        return [each for part in flat(structure) for each in flat_deep(part)]
    return flat(structure)


def packed_like(structure, leaves):
    """Return nested lists, tuples and dicts like given ones, with other objects in place of those that `flat_deep` returns."""
    return _packed(structure, iter(leaves))


def _packed(structure, leaves):
    if isinstance(structure, dict):
        return {key: _packed(each, leaves) for key, each in structure.items()}
    if isinstance(structure, (list, tuple)):
        found = [_packed(each, leaves) for each in structure]
        if hasattr(structure, "_fields"):
            return type(structure)(*found)
        return found if isinstance(structure, list) else tuple(found)
    return None if structure is None else next(leaves)
