"""The pictures that ``demo --show`` writes: what the network has learned."""

from pathlib import Path

from .. import visualize
from .._common.terminal import show
from ..visualize.figures import pyplot

#: Number of test images that explanations show, and that are drawn as points.
_FEW, _MANY = 8, 300


def prepare(folder):
    """Make sure that pictures can be drawn, and written to a folder, which is created if it does not exist."""
    pyplot()
    Path(folder).mkdir(parents=True, exist_ok=True)


def write_pictures(folder, model, history, x, y):
    """Write pictures of what a classifier of images has learned, and print their paths.

    Parameters
    ----------
    folder : path
        The folder.
    model : Model
        The classifier.
    history : History
        Record of its training.
    x, y : ndarray
        Test images and their classes.
    """
    outputs, few = model.predict(x), slice(_FEW)
    figures = {
        "curves": lambda: visualize.plot_history(history),
        "filters": lambda: visualize.plot_filters(model),
        "feature_maps": lambda: visualize.plot_feature_maps(model, x[0]),
        "receptive_field": lambda: visualize.plot_receptive_field(model, x[:_MANY]),
        "ideal_images": lambda: visualize.plot_maximized(model, range(outputs.shape[1]), columns=5, rng=0),
        "explanations": lambda: visualize.plot_explanation(x[few], visualize.grad_cam(model, x[few]), y[few]),
        "confusion_matrix": lambda: visualize.plot_confusion_matrix(y, outputs),
        "wrong_examples": lambda: visualize.plot_wrong_examples(x, y, outputs),
        "embeddings": lambda: visualize.plot_embeddings(
            visualize.pca(visualize.embeddings(model, x[:_MANY]).vectors), y[:_MANY]
        ),
    }
    visualize.draw_model(model).save(path := Path(folder, "model.svg"))
    show(str(path))
    for name, draw in figures.items():
        figure = draw()
        figure.savefig(path := Path(folder, f"{name}.png"))
        pyplot().close(figure)
        show(str(path))
