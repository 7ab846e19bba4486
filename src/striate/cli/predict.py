"""``predict``: what a trained model takes images for."""

from .._common.terminal import show, top_classes
from .images import add_model_options, as_input, load_classifier
from .options import positive


def add_options(parser):
    """Add the options of the command."""
    add_model_options(parser)
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="image file")
    parser.add_argument("--top", type=positive(int), default=5, help="classes to show (default: %(default)s)")


def predict(arguments):
    """Show the most probable classes of images, by a trained model."""
    model, names = load_classifier(arguments)
    for i, path in enumerate(arguments.images):
        outputs = model.predict(as_input(path, model, arguments.scale))[0]
        show("\n".join([*([""] if i else []), path, *top_classes(outputs, names, arguments.top)]))
    return 0
