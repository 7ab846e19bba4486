"""ROC curves as figures."""

import numpy as np

from .._common.checks import boolean, number, shown
from .._common.docstrings import documented
from ..metrics import ROC
from .figures import FIGURE, INK, styled


@documented(FIGURE)
def plot_roc(curves, *, logarithmic=False, size=3.2):
    """Draw ROC curves: what is accepted rightly over what is accepted wrongly, and their areas.

    Parameters
    ----------
    curves : ROC, or dict of str to ROC
        What `striate.metrics.roc_curve` returned; several by their names.
    logarithmic : bool
        Whether the rate of false positives has a logarithmic scale, where curves near the upper left corner differ.
    size : float
        Width and height in inches.

    Examples
    --------
    >>> from striate import metrics, visualize
    >>> curve = metrics.roc_curve([1, 1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.1])
    >>> figure = visualize.plot_roc({"network": curve})
    >>> figure.axes[0].get_legend().get_texts()[0].get_text()
    'network: area 0.833'
    """
    curves = {"": curves} if isinstance(curves, ROC) else curves
    if not isinstance(curves, dict) or not curves or not all(isinstance(each, ROC) for each in curves.values()):
        raise TypeError(f"curves={shown(curves)} holds no curves; expected what roc_curve returned, or a dict of them")
    logarithmic, size = boolean("logarithmic", logarithmic), number("size", size, 0, 100, open_minimum=True)
    chance = np.linspace(0, 1, 1000)
    with styled() as plt:
        figure, axes = plt.subplots(figsize=(size, size))
        axes.plot(chance, chance, color=INK, linewidth=0.8, linestyle=":")
        for name, curve in curves.items():
            label = f"{name}: area {curve.auc:.3f}" if name else f"area {curve.auc:.3f}"
            axes.plot(curve.false_positive_rate, curve.true_positive_rate, label=label)
        if logarithmic:
            rates = np.concatenate([curve.false_positive_rate for curve in curves.values()])
            axes.set_xscale("log")
            axes.set_xlim(rates[rates > 0].min(), 1)
        axes.set_xlabel("false positive rate")
        axes.set_ylabel("true positive rate")
        axes.legend(fontsize=8, loc="lower right")
    return figure
