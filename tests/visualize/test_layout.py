"""Places of the nodes of graphs."""

import itertools

import numpy as np

from striate.visualize.layout import _apart, arrange


def test_a_chain_is_a_column():
    places, routes = arrange([(), (0,), (1,)], 100, 40, 20)
    assert [y for _, y in places] == [24, 84, 144]
    assert len({x for x, _ in places}) == 1
    assert [len(route) for route in routes] == [2, 2]


def test_a_line_goes_around_the_boxes_between():
    places, routes = arrange([(), (0,), (1,), (0, 2)], 100, 40, 20)
    route = next(each for each in routes if len(each) > 2)
    assert len(route) == 6  # two rows are passed, at two points each
    for x, y in route[1:-1]:
        for box_x, box_y in places:
            assert abs(x - box_x) > 50 or abs(y - box_y) >= 20 + 20


def test_branches_do_not_cross():
    inputs = [(), (0,), (0,), (0,), (3,), (1,), (2,), (4, 5, 6)]
    places, _ = arrange(inputs, 100, 40, 20)
    pairs = [(source, node) for node, read in enumerate(inputs) for source in read]
    for (a, b), (c, d) in itertools.combinations(pairs, 2):
        if places[a][1] == places[c][1] and a != c and b != d:
            assert (places[a][0] - places[c][0]) * (places[b][0] - places[d][0]) > 0


def test_places_are_the_nearest_without_overlap():
    np.testing.assert_allclose(_apart([0, 0, 0], [10, 10, 10], 2), [-12, 0, 12])
    np.testing.assert_allclose(_apart([0, 100], [10, 20], 2), [0, 100])
    np.testing.assert_allclose(_apart([0, 1, 50], [10, 10, 10], 0), [-4.5, 5.5, 50])
