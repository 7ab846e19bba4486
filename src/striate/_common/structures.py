"""Nested lists, tuples and dicts: the objects in them as flat lists, and such structures with other objects in their place."""

from collections import OrderedDict, defaultdict, deque

#: Classes whose objects are branches of a structure, unless a function is told others; all other objects are leaves.
BRANCHES = (list, tuple, dict)


class Arguments(dict):
    """The inputs of a call with several arguments: a branch that holds them by the names of the parameters.

    Attributes
    ----------
    constants : dict of str to object
        Further arguments, which hold no inputs.
    """

    def __init__(self, inputs, constants=None):
        super().__init__(inputs)
        self.constants = constants or {}


class TupleOfShapes(list):
    """A branch of a structure of shapes that stands for a tuple: a list, as tuples are shapes there.

    Attributes
    ----------
    kind : type
        Class of the tuple, which may be a named one.
    """

    def __init__(self, shapes, kind=tuple):
        super().__init__(shapes)
        self.kind = kind


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


def leaves(structure, branches=BRANCHES):
    """Return the leaves of a structure, None among them, as a flat list, in Keras' order: see `keys_of`."""
    if not isinstance(structure, branches):
        return [structure]
    return [leaf for part in parts_of(structure) for leaf in leaves(part, branches)]


def parts_of(branch):
    """Return what is directly in a branch as a list, in the order of `leaves`."""
    return list(map(branch.__getitem__, keys_of(branch))) if isinstance(branch, dict) else list(branch)


def keys_of(structure):
    """Return the keys of a dict, sorted if they can be; a subclass, such as an OrderedDict, keeps its order if it has one."""
    if type(structure) in (dict, defaultdict):
        try:
            return sorted(structure)
        except TypeError:
            pass
    return list(structure)


def mapped(function, structure, branches=BRANCHES):
    """Return a structure with the result of a function in place of each leaf."""
    if not isinstance(structure, branches):
        return function(structure)
    return with_parts(structure, [mapped(function, part, branches) for part in parts_of(structure)])


def with_parts(branch, parts):
    """Return a branch of the same kind with other parts, in the order of `parts_of`."""
    if isinstance(branch, dict):
        found = dict(zip(keys_of(branch), parts, strict=True))
        found = {key: found[key] for key in branch}
        if isinstance(branch, Arguments):
            return Arguments(found, branch.constants)
        if isinstance(branch, defaultdict):
            return defaultdict(branch.default_factory, found)
        return OrderedDict(found) if isinstance(branch, OrderedDict) else found
    if isinstance(branch, tuple):
        return tuple_of(type(branch), parts)
    if isinstance(branch, TupleOfShapes):
        return TupleOfShapes(parts, branch.kind)
    return deque(parts, branch.maxlen) if isinstance(branch, deque) else list(parts)


def tuple_of(kind, parts):
    """Return a tuple of a class, which may be that of named tuples."""
    return kind(*parts) if hasattr(kind, "_fields") else tuple(parts)


def with_leaves(structure, things, branches=BRANCHES):
    """Return a structure with things, in the order of `leaves`, in place of its leaves."""
    things = iter(things)
    return mapped(lambda leaf: next(things), structure, branches)


def paths_in(structure, branches=BRANCHES):
    """Return the path of each leaf, a tuple of keys and indices, in the order of `leaves`."""
    if not isinstance(structure, branches):
        return [()]
    keys = keys_of(structure) if isinstance(structure, dict) else range(len(structure))
    return [(key, *path) for key in keys for path in paths_in(structure[key], branches)]


#: Classes of the branches of structures of shapes, whose leaves are tuples.
OF_SHAPES = (list, dict)


def flat_shapes(shape):
    """Return a shape, or a structure of shapes, as a list."""
    return leaves(shape, OF_SHAPES)


def mapped_shapes(function, shape):
    """Return a structure of shapes with the result of a function in place of each shape."""
    return mapped(function, shape, OF_SHAPES)


def like_shapes(shape, shapes):
    """Return other shapes in place of those in a structure of shapes, or the first of them for a single shape."""
    return with_leaves(shape, shapes, OF_SHAPES)


def structured(shape, things):
    """Return tensors or arrays in the structure that a structure of shapes tells, or the first of them for a single shape."""
    return _with_tuples(with_leaves(shape, things, OF_SHAPES))


def _with_tuples(structure):
    """Return a structure with tuples in place of the branches that stand for them."""
    if not isinstance(structure, OF_SHAPES):
        return structure
    parts = map(_with_tuples, parts_of(structure))
    return tuple_of(structure.kind, parts) if isinstance(structure, TupleOfShapes) else with_parts(structure, parts)


def is_structure_of_shapes(shape):
    """Return whether `shape` is a list, tuple or dict of shapes, not a single shape."""
    return isinstance(shape, OF_SHAPES) or (
        isinstance(shape, tuple) and any(isinstance(each, (tuple, *OF_SHAPES)) for each in shape)
    )


def structure_of_shapes(shape):
    """Return a shape, or a structure of shapes, with `TupleOfShapes` in place of tuples that are not shapes."""
    if isinstance(shape, OF_SHAPES):
        return mapped_shapes(structure_of_shapes, shape)
    return TupleOfShapes(map(structure_of_shapes, shape), type(shape)) if is_structure_of_shapes(shape) else shape


def shapes_of_json(shape):
    """Return a shape, or a structure of shapes, from JSON, where lists stand for tuples, too."""
    if isinstance(shape, dict):
        return {key: shapes_of_json(each) for key, each in shape.items()}
    return list(map(shapes_of_json, shape)) if any(isinstance(each, OF_SHAPES) for each in shape) else tuple(shape)
