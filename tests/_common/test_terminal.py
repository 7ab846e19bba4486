"""Text on the terminal."""

import numpy as np

from striate._common.terminal import picture, probability_table, side_by_side, top_classes


def test_picture_draws_pixels_as_blocks():
    image = np.array([[0.0, 0.5, 1.0], [1.0, 0.25, 0.0]])
    assert picture(image) == ["  ▒▒██", "██░░  "]


def test_probability_table_marks_the_class():
    lines = probability_table(np.array([0.85, 0.1, 0.05]), 0, ["Cat", "Dog", "Bird"])
    assert [line.split("█")[0].rstrip() for line in lines] == [" Cat  0.85 ✓", " Dog  0.10", "Bird  0.05"]
    assert "0.85 ✗" in probability_table(np.array([0.85, 0.15]), 1)[0]


def test_side_by_side_centres_the_shorter():
    assert side_by_side(["a", "b", "c"], ["X"], gap=1) == "a\nb X\nc"


def test_top_classes_begin_with_the_largest():
    outputs = np.array([0.06, 0.85, 0.09])
    assert top_classes(outputs, ["mouse", "cat", "dog"], 2) == ["cat  0.85 █████████████████", "dog  0.09 ██"]
    assert top_classes(np.array([3.5, -1.0])) == ["0  3.50", "1  -1.00"]  # Scores are no probabilities.
