"""JSON of which the lines are known."""

import json

import numpy as np
import pytest

from striate.detection.positions import lists_with_lines

VALUES = [None, True, 3, -2.5e3, 'a\n{[,]}"', [], {}, [1, [2]], {"a": [1, {"b": "]"}]}]


@pytest.mark.parametrize("indent", [None, 0, 3])
def test_values_are_those_of_json(indent):
    rng = np.random.default_rng(0)
    for _ in range(30):
        content = {
            name: [VALUES[i] for i in rng.integers(len(VALUES), size=rng.integers(5))] for name in ("first", "a", "last")
        }
        content["first"] = VALUES[rng.integers(5)] if rng.random() < 0.3 else content["first"]
        text = json.dumps(content, indent=indent)
        found = lists_with_lines(text, ["first", "last", "missing"])
        wanted = content["first"] if isinstance(content["first"], list) else []
        assert [value for _, value in found["first"]] == wanted
        assert [value for _, value in found["last"]] == content["last"]
        assert found["missing"] == []


def test_lines_are_those_of_the_text():
    text = '\n{"a": [\n1, 2,\n\n3], "b": 4,\n"c": [{"d":\n5},\n6]}\n'
    assert lists_with_lines(text, ["a", "c"]) == {"a": [(3, 1), (3, 2), (5, 3)], "c": [(6, {"d": 5}), (8, 6)]}
    assert lists_with_lines("{}", ["a"]) == {"a": []}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a"', '{"a":', '{"a": [', '{"a": [1', '{"a": [1,', '{"a": []', '{"a": [1,]}', "{} 3"]
)
def test_other_text_is_refused(text):
    with pytest.raises(json.JSONDecodeError, match=r"Expecting|Extra"):
        lists_with_lines(text, ["a"])
