"""Training curves."""

import sys

import numpy as np
import pytest

from striate.visualize import LiveCurves, curves_of, plot_history
from tests.helpers.small_classifier import YES, X, network


def test_curves_pair_training_and_validation():
    found = curves_of({"loss": [3, 2, 1], "val_loss": [4, 3, 2], "lr": [0.1, 0.1, 0.1], "val_only": [1.0, 2.0, 3.0]})
    assert {name: list(lines) for name, lines in found.items()} == {
        "loss": ["training", "validation"], "lr": ["training"], "val_only": ["training"],
    }  # fmt: skip
    np.testing.assert_array_equal(found["loss"]["validation"], [4, 3, 2])
    with pytest.raises(TypeError, match="history=3 is of type int; expected what fit returned, or a dict"):
        curves_of(3)


def test_figures_have_an_axes_for_each_metric():
    pytest.importorskip("matplotlib")
    model = network(metrics=["accuracy"])
    history = model.fit(X, YES, epochs=3, verbose=0, validation_data=(X, YES))
    figure = plot_history(history)
    assert [axes.get_title() for axes in figure.axes] == ["loss", "accuracy"]
    training, validation = figure.axes[0].lines
    np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3])
    np.testing.assert_allclose(training.get_ydata(), history.history["loss"])
    np.testing.assert_allclose(validation.get_ydata(), history.history["val_loss"])
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["training", "validation"]
    with pytest.raises(ValueError, match="history holds no epoch"):
        plot_history({})


def test_live_curves_are_drawn_after_each_epoch(tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / "curves.png"
    live, sizes = LiveCurves(path), []

    class Watcher(LiveCurves):
        def on_epoch_end(self, epoch, logs=None):
            sizes.append((path.stat().st_mtime_ns, len(live.figure.axes[0].lines[0].get_xdata())))

    model = network(metrics=["accuracy"])
    history = model.fit(X, YES, epochs=3, verbose=0, callbacks=[live, Watcher()])
    assert [count for _, count in sizes] == [1, 2, 3]
    assert len({time for time, _ in sizes}) == 3
    assert path.read_bytes().startswith(b"\x89PNG")
    assert live.history == history.history
    assert len(live.figure.axes) == 2


def test_a_notebook_displays_one_figure_and_updates_it(monkeypatch):
    plt = pytest.importorskip("matplotlib.pyplot")
    shown = []

    class Handle:
        def update(self, figure):
            shown.append(("updated", figure))

    class Display:
        @staticmethod
        def display(figure, display_id):
            shown.append(("displayed", figure))
            return Handle()

    monkeypatch.setattr("striate.visualize.curves.in_notebook", lambda: True)
    monkeypatch.setitem(sys.modules, "IPython", type(sys)("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", Display)
    live = LiveCurves()
    network().fit(X, YES, epochs=3, verbose=0, callbacks=live)
    assert [what for what, _ in shown] == ["displayed", "updated", "updated"]
    assert {id(figure) for _, figure in shown} == {id(live.figure)}
    assert not plt.fignum_exists(live.figure.number)  # Otherwise the notebook would show it twice.


def test_a_wrong_path_is_refused_before_the_training(tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.raises(FileNotFoundError, match="cannot be written: there is no folder"):
        LiveCurves(tmp_path / "nowhere" / "curves.png")
    with pytest.raises(TypeError, match="LiveCurves: path=3 is of type int"):
        LiveCurves(3)


def test_without_matplotlib_an_error_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    for call in (LiveCurves, lambda: plot_history({"loss": [1.0]})):
        with pytest.raises(ImportError, match=r"figures need matplotlib, .* pip install striate\[viz\]"):
            call()
