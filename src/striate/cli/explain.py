"""``explain``: where a trained model looks."""

import numpy as np

from .. import ops, visualize
from .._common.terminal import show, top_classes
from ..image.files import format_of
from ..utils import save_img
from .images import add_model_options, as_input, load_classifier, read_image


def _class_map(function):
    """Return a function that returns the map alone, and prints which layer it belongs to."""

    def explanation(model, x, target):
        found = function(model, x, target)
        show(f"feature maps of layer {found.layer!r}")
        return found.map

    return explanation


#: What `--method` may be. Each is called with a model, a batch of one image, and a class.
_METHODS = {
    "grad-cam": _class_map(visualize.grad_cam),
    "grad-cam++": _class_map(visualize.grad_cam_plus_plus),
    "saliency": visualize.saliency,
    "smooth-grad": lambda model, x, target: visualize.smooth_grad(model, x, target, rng=0),
    "integrated-gradients": lambda model, x, target: visualize.integrated_gradients(model, x, target).sum(-1),
    "occlusion": visualize.occlusion,
}

#: Height in pixels up to which small images are enlarged.
_LEGIBLE = 256


def add_options(parser):
    """Add the options of the command."""
    add_model_options(parser)
    parser.add_argument("image", metavar="IMAGE", help="image file")
    parser.add_argument("out", metavar="OUT", help="image file to write, whose ending determines the format")
    parser.add_argument("--method", choices=_METHODS, default="grad-cam", help="(default: %(default)s)")
    parser.add_argument("--target", type=int, help="index of the class to explain (default: the most probable one)")


def explain(arguments):
    """Write an image beside the places that speak for a class, by a trained model."""
    format_of(arguments.out)  # An error here comes before the work, not after it.
    model, names = load_classifier(arguments)
    x = as_input(arguments.image, model, arguments.scale)
    outputs = model.predict(x)[0]
    show("\n".join(top_classes(outputs, names, 3)))
    target = int(outputs.argmax()) if arguments.target is None else arguments.target
    if not 0 <= target < len(outputs):
        raise ValueError(f"--target={target} is not a class; expected 0 to {len(outputs) - 1}")
    values = _METHODS[arguments.method](model, x, target)[0]
    image = read_image(arguments.image, 3)
    larger = max(_LEGIBLE // image.shape[0], 1)
    image = image.repeat(larger, 0).repeat(larger, 1) / 255
    values = ops.image.resize(values[..., np.newaxis], image.shape[:2])[..., 0]
    pictures = visualize.image_grid(np.stack([image, visualize.overlay(image, values)]), 2, gap=8)
    save_img(arguments.out, pictures * 255, scale=False)
    name = target if names is None else names[target]
    show(f"{arguments.out}: what speaks for class {name}, by {arguments.method}")
    return 0
