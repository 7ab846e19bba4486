"""Nested lists, tuples, dicts and deques, with Keras' names: their leaves, and structures with others in their place."""

from collections import deque

from ._common.checks import shown
from ._common.names import public_attributes
from ._common.structures import BRANCHES, keys_of, leaves, parts_of, paths_in, with_leaves, with_parts

_BRANCHES = (*BRANCHES, deque)


class MAP_TO_NONE:
    """What the function of `traverse` returns to put None in a structure.

    Examples
    --------
    >>> from striate import tree
    >>> tree.traverse(lambda part: tree.MAP_TO_NONE if part == 2 else None, [1, (2, 3)])
    [1, (None, 3)]
    """


def is_nested(structure):
    """Return whether an object is a list, tuple, dict or deque.

    Examples
    --------
    >>> from striate import tree
    >>> tree.is_nested({"a": 1}), tree.is_nested(1)
    (True, False)
    """
    return isinstance(structure, _BRANCHES)


def flatten(structure):
    """Return the leaves of a structure as a list; those of a dict in the order of its sorted keys.

    Examples
    --------
    >>> from striate import tree
    >>> tree.flatten([1, (2, {"b": 4, "a": 3})])
    [1, 2, 3, 4]
    """
    return leaves(structure, _BRANCHES)


def flatten_with_path(structure):
    """Return the leaves of a structure with their paths, tuples of keys and indices.

    Examples
    --------
    >>> from striate import tree
    >>> tree.flatten_with_path([1, {"a": 2}])
    [((0,), 1), ((1, 'a'), 2)]
    """
    return list(zip(paths_in(structure, _BRANCHES), flatten(structure), strict=True))


def pack_sequence_as(structure, flat_sequence):
    """Return a structure with other leaves, in the order of `flatten`.

    Parameters
    ----------
    structure : structure
        The structure, whose leaves are not used.
    flat_sequence : iterable
        As many leaves.

    Raises
    ------
    TypeError, ValueError
        If `flat_sequence` cannot be iterated over, or has too few or too many leaves.

    Examples
    --------
    >>> from striate import tree
    >>> tree.pack_sequence_as({"b": 0, "a": (0, 0)}, [1, 2, 3])
    {'b': 3, 'a': (1, 2)}
    """
    try:
        things = list(flat_sequence)
    except TypeError:
        raise TypeError(f"flat_sequence={shown(flat_sequence)} cannot be iterated over; expected an iterable") from None
    count = len(flatten(structure))
    if len(things) != count:
        raise ValueError(f"flat_sequence has {len(things)} leaves; expected {count}, as structure has")
    return with_leaves(structure, things, _BRANCHES)


def map_structure(func, *structures, none_is_leaf=True):
    """Return a structure with the results of a function in place of its leaves.

    Parameters
    ----------
    func : callable
        A function of as many arguments as there are structures.
    *structures : structure
        Structures of the same layout, of which the result has the first's classes.
    none_is_leaf : bool
        Whether the function is called for None; if False, None stays.

    Raises
    ------
    TypeError, ValueError
        If `func` cannot be called, there are no structures, or they differ.

    Examples
    --------
    >>> from striate import tree
    >>> tree.map_structure(lambda x, y: x * y, [2, {"a": 3}], [4, {"a": 5}])
    [8, {'a': 15}]
    """
    _check_callable(func)
    for other in _check_some(structures)[1:]:
        assert_same_structure(structures[0], other)

    def of_leaves(*things):
        return None if not none_is_leaf and all(thing is None for thing in things) else func(*things)

    return map_structure_up_to(structures[0], of_leaves, *structures)


def map_structure_up_to(shallow_structure, func, *structures):
    """Return a structure with the results of a function in place of its leaves, given structures that may go deeper.

    Parameters
    ----------
    shallow_structure : structure
        The structure, whose leaves are not used.
    func : callable
        A function of as many arguments as there are structures: of what they have in the places of the leaves.
    *structures : structure
        Structures of the same layout, or deeper ones.

    Raises
    ------
    TypeError, ValueError
        If `func` cannot be called, there are no structures, or they are not as deep.

    Examples
    --------
    >>> from striate import tree
    >>> tree.map_structure_up_to([None, None], len, [[1, 1], [2]])
    [2, 1]
    """
    _check_callable(func)
    places = [_up_to(shallow_structure, each) for each in _check_some(structures)]
    return with_leaves(shallow_structure, map(func, *places), _BRANCHES)


def _up_to(shallow, structure):
    """Return what a structure has in the places of a shallow structure's leaves."""
    if not is_nested(shallow):
        return [structure]
    _check_branch(shallow, structure)
    return [thing for pair in zip(parts_of(shallow), _parts_like(shallow, structure), strict=True) for thing in _up_to(*pair)]


def assert_same_structure(a, b, check_types=None):
    """Raise an error unless two structures have the same classes, lengths and keys; any two dicts are of the same class.

    Parameters
    ----------
    a, b : structure
        The structures.
    check_types : bool, optional
        Without effect, as in Keras.

    Raises
    ------
    ValueError
        If they differ.

    Examples
    --------
    >>> from striate import tree
    >>> tree.assert_same_structure([1, {"a": 2}], [3, {"a": (4, 5)}])
    Traceback (most recent call last):
        ...
    ValueError: the structures differ: (4, 5) is in the place of 2; expected a leaf
    """
    if not is_nested(a):
        if is_nested(b):
            raise ValueError(f"the structures differ: {shown(b)} is in the place of {shown(a)}; expected a leaf")
        return
    _check_branch(a, b)
    for pair in zip(parts_of(a), _parts_like(a, b), strict=True):
        assert_same_structure(*pair)


def assert_same_paths(a, b):
    """Raise an error unless two structures have leaves at the same paths, whatever the classes of their branches.

    Parameters
    ----------
    a, b : structure
        The structures.

    Raises
    ------
    ValueError
        If they differ.

    Examples
    --------
    >>> from striate import tree
    >>> tree.assert_same_paths([1, (2, 3)], (4, [5, 6]))
    >>> tree.assert_same_paths([1, 2], [3])
    Traceback (most recent call last):
        ...
    ValueError: b has no leaves at the paths [(1,)], and further ones at []; expected the paths of a
    """
    of_a, of_b = (paths_in(each, _BRANCHES) for each in (a, b))
    if set(of_a) != set(of_b):
        lacking, further = ([path for path in one if path not in two] for one, two in ((of_a, of_b), (of_b, of_a)))
        raise ValueError(f"b has no leaves at the paths {lacking}, and further ones at {further}; expected the paths of a")


def traverse(func, structure, top_down=True):
    """Call a function with a structure and with each branch and leaf in it, and return the structure with what it returns.

    Parameters
    ----------
    func : callable
        The function. None, which it returns, leaves what it was called with as it is; anything else takes its place, and
        `MAP_TO_NONE` stands for None there.
    structure : structure
        The structure.
    top_down : bool
        Whether a branch comes before what is in it, which is left out if the branch is replaced; otherwise it comes after it.

    Raises
    ------
    TypeError
        If `func` cannot be called.

    Examples
    --------
    >>> from striate import tree
    >>> tree.traverse(lambda part: sum(part) if isinstance(part, tuple) else None, [(1, 2), [(3, 4), 5]])
    [3, [7, 5]]
    """
    _check_callable(func)
    found = func(structure) if top_down else None
    if found is None:
        if is_nested(structure):
            structure = with_parts(structure, [traverse(func, part, top_down) for part in parts_of(structure)])
        found = None if top_down else func(structure)
    if found is None:
        return structure
    return None if found is MAP_TO_NONE else found


def lists_to_tuples(structure):
    """Return a structure with tuples in place of lists.

    Examples
    --------
    >>> from striate import tree
    >>> tree.lists_to_tuples([1, {"a": [2, 3]}])
    (1, {'a': (2, 3)})
    """
    return traverse(lambda part: tuple(part) if isinstance(part, list) else None, structure, top_down=False)


def map_shape_structure(func, structure):
    """Return a structure with the results of a function in place of shapes: lists and tuples of integers and None.

    Examples
    --------
    >>> from striate import tree
    >>> tree.map_shape_structure(len, {"x": (None, 4, 4), "y": [(None, 2), (None,)]})
    {'x': 3, 'y': [2, 1]}
    """
    _check_callable(func)

    def of_branch(part):
        if isinstance(part, (list, tuple)) and all(size is None or isinstance(size, int) for size in part):
            return func(part)
        if is_nested(part):
            return with_parts(part, [of_branch(each) for each in parts_of(part)])
        return func(part)

    return of_branch(structure)


def _check_callable(func):
    if not callable(func):
        raise TypeError(f"func={shown(func)} is not callable; expected a function")


def _check_some(structures):
    if not structures:
        raise ValueError("structures is empty; expected at least one structure")
    return structures


def _check_branch(wanted, given):
    """Check that a branch has the class, the length and the keys of another."""
    of_dicts = isinstance(wanted, dict) and isinstance(given, dict)
    if not of_dicts and type(given) is not type(wanted):
        raise ValueError(
            f"the structures differ: {shown(given)} is in the place of a branch; expected a {type(wanted).__name__}"
        )
    if len(given) != len(wanted):
        raise ValueError(f"the structures differ: {shown(given)} has {len(given)} parts; expected {len(wanted)}")
    if of_dicts and set(given) != set(wanted):
        raise ValueError(f"the structures differ: one has the keys {[*given]}; expected {keys_of(wanted)}")


def _parts_like(wanted, given):
    """Return the parts of a branch in the order of another's, whose keys a dict has."""
    return [given[key] for key in keys_of(wanted)] if isinstance(wanted, dict) else parts_of(given)


__all__ = [
    "MAP_TO_NONE",
    "assert_same_paths",
    "assert_same_structure",
    "flatten",
    "flatten_with_path",
    "is_nested",
    "lists_to_tuples",
    "map_shape_structure",
    "map_structure",
    "map_structure_up_to",
    "pack_sequence_as",
    "traverse",
]

__getattr__, __dir__ = public_attributes(globals())
