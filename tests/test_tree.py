"""Nested structures: what is taken apart can be put together again."""

from collections import OrderedDict, defaultdict, deque, namedtuple

import pytest

from striate import tree

Point = namedtuple("Point", ["x", "y"])
NESTED = {"b": [1, (2, None)], "a": Point(3, deque([4, 5], maxlen=2)), "c": OrderedDict(z=6, y=[])}


def test_leaves_come_in_the_order_of_sorted_keys():
    assert tree.flatten(NESTED) == [3, 4, 5, 1, 2, None, 6]
    assert tree.flatten(None) == [None]
    assert tree.flatten(defaultdict(int, b=1, a=2)) == [2, 1]


def test_a_structure_is_put_together_from_its_leaves():
    packed = tree.pack_sequence_as(NESTED, tree.flatten(NESTED))
    assert packed == NESTED
    assert type(packed["a"]) is Point
    assert packed["a"].y.maxlen == 2
    assert type(packed["c"]) is OrderedDict
    assert list(packed) == ["b", "a", "c"]


def test_paths_lead_to_leaves():
    for path, leaf in tree.flatten_with_path(NESTED):
        thing = NESTED
        for key in path:
            thing = thing[key]
        assert thing is leaf


def test_structures_are_mapped_together():
    found = tree.map_structure(lambda x, y: (x, y), {"a": 1, "b": [2]}, OrderedDict(b=[20], a=10))
    assert found == {"a": (1, 10), "b": [(2, 20)]}
    assert tree.map_structure(lambda x: x + 1, [1, None], none_is_leaf=False) == [2, None]
    assert tree.map_structure_up_to([0, (0,)], lambda x, y: [x, y], [[1], ([2],)], [3, (4,)]) == [[[1], 3], ([[2], 4],)]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((), []), ([1], [1, 2]), ({"a": 1}, {"b": 1}), (1, [1]), ([1], 1), (Point(1, 2), (1, 2)), ([], deque()),
        ([[1]], [[1, 2]]),
    ],
)  # fmt: skip
def test_different_structures_are_told_apart(a, b):
    with pytest.raises(ValueError, match="expected"):
        tree.assert_same_structure(a, b)
    with pytest.raises(ValueError, match="expected"):
        tree.map_structure(lambda x, y: x, a, b)


def test_paths_matter_where_classes_do_not():
    tree.assert_same_paths([1, (2,)], (Point(1, 2)[0], [3]))
    with pytest.raises(ValueError, match=r"no leaves at the paths \[\(1,\)\]"):
        tree.assert_same_paths([1, 2], [1])


def test_traversal_in_both_directions():
    seen = []
    tree.traverse(seen.append, [(1, 2), {"a": 3}])
    assert seen == [[(1, 2), {"a": 3}], (1, 2), 1, 2, {"a": 3}, 3]
    seen.clear()
    tree.traverse(seen.append, [(1, 2), {"a": 3}], top_down=False)
    assert seen == [1, 2, (1, 2), 3, {"a": 3}, [(1, 2), {"a": 3}]]
    assert tree.traverse(lambda each: tree.MAP_TO_NONE if isinstance(each, tuple) else None, [(1,), 2]) == [None, 2]


def test_shapes_are_leaves():
    assert tree.map_shape_structure(tuple, {"x": [1, None], "y": ((2,), [3])}) == {"x": (1, None), "y": ((2,), (3,))}
    assert tree.lists_to_tuples([[1], {"a": [2]}]) == ((1,), {"a": (2,)})


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: tree.pack_sequence_as([1, 2], [3]), ValueError),
        (lambda: tree.pack_sequence_as([1, 2], 3), TypeError),
        (lambda: tree.map_structure("name", [1]), TypeError),
        (lambda: tree.map_structure(abs), ValueError),
        (lambda: tree.traverse(None, [1]), TypeError),
    ],
)
def test_bad_arguments_are_reported(call, error):
    with pytest.raises(error, match="expected"):
        call()
