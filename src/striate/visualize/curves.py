"""Training curves: loss and metrics after each epoch, of a training that is over or while it runs."""

import io

import numpy as np

from .._common.checks import check_path, shown
from .._common.docstrings import documented
from .._common.files import check_folder, write_atomically
from .._common.terminal import in_notebook
from ..callbacks import Callback, History
from .figures import COLORS, FIGURE, INK, pyplot, styled

_VALIDATION = "val_"


def curves_of(history):
    """Return what is drawn of a training: for each of loss and metrics, its values in training and in validation.

    Parameters
    ----------
    history : History, or dict of str to list of float
        What `fit` returned, or its `history`.

    Returns
    -------
    dict of str to dict of str to ndarray
        "training" and, where there are values, "validation" for each name.

    Examples
    --------
    >>> from striate import visualize
    >>> visualize.curves_of({"loss": [0.7, 0.4], "val_loss": [0.8, 0.6]})
    {'loss': {'training': array([0.7, 0.4]), 'validation': array([0.8, 0.6])}}
    """
    values = history.history if isinstance(history, History) else history
    if not isinstance(values, dict):
        raise TypeError(f"history={shown(history)} is of type {type(history).__name__}; expected what fit returned, or a dict")
    found = {}
    for key, each in values.items():
        validation = key.startswith(_VALIDATION) and key.removeprefix(_VALIDATION) in values
        name = key.removeprefix(_VALIDATION) if validation else key
        if np.ndim(each) == 1 and len(each):
            found.setdefault(name, {})["validation" if validation else "training"] = np.asarray(each, np.float64)
    return found


@documented(FIGURE)
def plot_history(history):
    """Draw loss and metrics of a training, an axes for each.

    Parameters
    ----------
    history : History, or dict of str to list of float
        What `fit` returned, or its `history`.

    Examples
    --------
    >>> from striate import visualize
    >>> figure = visualize.plot_history({"loss": [0.7, 0.4], "val_loss": [0.8, 0.6], "accuracy": [0.6, 0.9]})
    >>> [axes.get_title() for axes in figure.axes]
    ['loss', 'accuracy']
    """
    curves = curves_of(history)
    if not curves:
        raise ValueError("history holds no epoch; expected what fit returned after at least one")
    with styled() as plt:
        figure, axes = plt.subplots(1, len(curves), figsize=(3 * len(curves), 2.3), squeeze=False)
        _draw(axes[0], curves)
    return figure


def _draw(axes, curves):
    """Draw curves, each on one of some axes."""
    for each, (name, lines) in zip(axes, curves.items(), strict=True):
        each.clear()
        for (kind, values), color in zip(sorted(lines.items()), COLORS, strict=False):
            epochs = np.arange(1, len(values) + 1)
            each.plot(epochs, values, label=kind, color=color, marker="o" if len(values) < 3 else None, markersize=4)
        each.set_title(name)
        each.set_xlabel("epoch")
        # Ticks are made when the figure is drawn, which may be after the style has ended.
        each.tick_params(colors=INK)
        each.grid(True, axis="y", color=INK, alpha=0.25, linewidth=0.6)
        each.xaxis.get_major_locator().set_params(integer=True)
        if len(lines) > 1:
            each.legend(fontsize=8)


class LiveCurves(Callback):
    """Training curves that are drawn again after each epoch: in a notebook below the cell, in a window, or in a file.

    Parameters
    ----------
    path : path, optional
        File that is replaced after each epoch, PNG, SVG or what else matplotlib writes; none if None.

    Attributes
    ----------
    history : dict of str to list of float
        Loss and metrics after each epoch.
    figure : matplotlib.figure.Figure or None
        The figure, after the first epoch.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, visualize
    >>> model = Sequential([layers.Input((2,)), layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> path = os.path.join(tempfile.mkdtemp(), "curves.png")
    >>> history = model.fit(np.eye(2), [0, 1], epochs=3, verbose=0, callbacks=visualize.LiveCurves(path))
    >>> os.path.exists(path)
    True
    """

    def __init__(self, path=None):
        pyplot()  # An error comes before the training, not after its first epoch.
        self.path = None if path is None else check_folder(check_path("path", path))
        self.history = {}
        self.figure = None
        self._handle = None  # of what a notebook displays

    def on_train_begin(self, logs=None):
        """Begin new curves."""
        self.history, self.figure, self._handle = {}, None, None

    def on_epoch_end(self, epoch, logs=None):
        """Draw them."""
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)
        curves = curves_of(self.history)
        if not curves:
            return
        if self.figure is None or len(self.figure.axes) != len(curves):
            self._close()
            self.figure = plot_history(self.history)
        else:
            with styled():
                _draw(self.figure.axes, curves)
        self._show()

    def _show(self):
        if self.path is not None:
            image = io.BytesIO()
            self.figure.savefig(image, format=self.path.suffix[1:] or "png")
            write_atomically(self.path, image.getvalue())
        if in_notebook():
            from IPython.display import display

            if self._handle is None:
                self._handle = display(self.figure, display_id=True)
            else:
                self._handle.update(self.figure)
        elif pyplot().get_backend().lower() not in ("agg", "svg", "pdf", "ps", "cairo", "template"):
            pyplot().pause(0.01)  # A window draws itself, and stays responsive.

    def on_train_end(self, logs=None):
        """Leave the figure to its owner: a notebook that shows it already does not show it again."""
        if self._handle is not None:
            self._close()

    def _close(self):
        if self.figure is not None:
            pyplot().close(self.figure)
