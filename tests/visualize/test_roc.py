"""Figures of ROC curves."""

import numpy as np
import pytest

from striate.metrics import roc_curve
from striate.visualize import plot_roc

CURVE = roc_curve([1, 1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.1])


def test_curves_are_drawn():
    pytest.importorskip("matplotlib")
    other = roc_curve([1, 0], [0.5, 0.2])
    axes = plot_roc({"first": CURVE, "second": other}, logarithmic=True).axes[0]
    np.testing.assert_array_equal(axes.lines[1].get_xdata(), CURVE.false_positive_rate)
    np.testing.assert_array_equal(axes.lines[2].get_ydata(), other.true_positive_rate)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["first: area 0.833", "second: area 1.000"]
    assert axes.get_xscale() == "log"
    assert plot_roc(CURVE).axes[0].get_legend().get_texts()[0].get_text() == "area 0.833"


@pytest.mark.parametrize("curves", [{}, {"a": [0, 1]}, [CURVE], None])
def test_other_things_are_refused(curves):
    with pytest.raises(TypeError, match="holds no curves; expected what roc_curve returned"):
        plot_roc(curves)
