"""Everything public that can be called, found by walking through the modules, with arguments that are right.

A new name is found by itself. Its required arguments are those that `BY_NAME` has for their names, or, where it needs others,
those of its entry in `ARGUMENTS`. Methods that take arguments of users are listed in `METHODS`. All three are in
`api_arguments.py`.
"""

import contextlib
import importlib
import inspect
from dataclasses import dataclass
from importlib.util import find_spec

from striate import detection, image, metrics, ocr, retrieval, tracking, video, visualize
from striate._common.errors import parameters_of

from .api_arguments import ARGUMENTS, BY_NAME, METHODS
from .api_uses import use

MODULES = [
    "activations", "applications", "applications.imagenet_utils", "architectures", "backend", "callbacks", "constraints",
    "data", "detection", "distillation", "faces", "functional", "image", "initializers", "interop", "layers", "losses",
    "metrics", "models", "ocr", "ops", "ops.image", "optimizers", "optimizers.schedules", "quantization", "random",
    "regularizers", "retrieval", "saving", "sklearn", "tracking", "utils", "video", "visualize", "",
]  # fmt: skip

#: Packages without which all of a module, or a single name, cannot be used.
NEEDS = {
    "sklearn": "sklearn",
    "wrappers": "sklearn",
    "callbacks.TensorBoard": "tensorboard",
    "interop.load_keras_model": "h5py",
    "interop.load_keras_weights": "h5py",
    "interop.save_keras_model": "h5py",
    "interop.save_keras_weights": "h5py",
    "interop.load_safetensors": "safetensors",
    "interop.save_safetensors": "safetensors",
    "detection.draw_boxes": "PIL",
    "detection.read_frames": "PIL",
    **{f"detection.{verb}_{name}": "PIL" for verb in ("read", "write") for name in ("coco", "voc", "yolo")},
    "tracking.Tracker": "scipy",
    "tracking.draw_tracks": "PIL",
    "tracking.track": "scipy",
    **{f"visualization.plot_{kind}_gallery": "matplotlib" for kind in ("image", "bounding_box", "segmentation_mask")},
    "tracking.tracking_accuracy": "scipy",
    "tracking.TrackingAccuracy": "scipy",
    "image.match": "skimage",
    "image.orb": "skimage",
    "image.read": "PIL",
    "image.sift": "skimage",
    "image.write": "PIL",
    "utils.array_to_img": "PIL",
    "utils.image_dataset_from_directory": "PIL",
    "utils.load_img": "PIL",
    "utils.save_img": "PIL",
    "visualize.LiveCurves": "matplotlib",
    "visualize.tsne": "sklearn",
    **{f"visualize.{name}": "matplotlib" for name in visualize.__all__ if name.startswith(("plot_", "animate_"))},
}

#: What others make: operators and functions of `ops`, which are fuzzed, layers, and functions that return several things; an
#: animation, which complains where nobody looks at it; a function of as many arrays as its first argument says; a loop that
#: need not end; and functions whose calls change what later calls return.
ELSEWHERE = {
    "KerasTensor",
    "backend.get_uid",
    "backend.set_epsilon",
    "layers.Operation",
    "layers.Tensor",
    "ops.einsum",
    "ops.while_loop",
    "visualize.SVG",
    "visualize.animate_sliding_window",
}
ELSEWHERE |= {
    f"{module.__name__.removeprefix('striate.')}.{name}"
    for module in (detection, image, metrics, ocr, retrieval, tracking, video, visualize)
    for name in module.__all__
    if hasattr(getattr(module, name), "_fields")
}


#: What errors are marked with that come once there is an instance.
IN_USE = "in use"


@dataclass(frozen=True)
class Subject:
    """Something public that can be called."""

    name: str
    function: object
    parameters: tuple  # the names of all arguments
    required: dict  # for those that must be given, or are better given: what makes a right one

    def arguments(self):
        """Return arguments that are right."""
        return {name: make() for name, make in self.required.items()}

    def call(self, arguments):
        """Call it; use what is made of a class."""
        result = self.function(**arguments)
        if not isinstance(self.function, type):
            with result if isinstance(result, contextlib.AbstractContextManager) else contextlib.nullcontext():
                return result
        try:
            return use(result)
        except Exception as error:
            error.add_note(IN_USE)
            raise


def _special(name):
    """Return the entries of `ARGUMENTS` for a name, the most special last."""
    found = {}
    for key in sorted(ARGUMENTS, key=len):
        if name == key or (key.endswith(".") and name.startswith(key)):
            found |= ARGUMENTS[key]
    return found


def _subject(name, function, special=None):
    signature = inspect.signature(function)
    if isinstance(function, type):
        parameters = parameters_of(function)
    else:
        parameters = [
            one.name for one in signature.parameters.values() if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        ]
    special = _special(name) if special is None else special
    required = {key: make for key, make in special.items() if key in parameters}
    for one in signature.parameters.values():
        if one.default is one.empty and one.name in parameters and one.name not in required:
            assert one.name in BY_NAME, f"{name}: what is {one.name!r}? Expected it in BY_NAME, or {name!r} in ARGUMENTS"
            required[one.name] = BY_NAME[one.name]
    return Subject(name, function, tuple(parameters), required)


def _method(make, name):
    """Return a method of an instance, a new one for each call."""

    def call(**arguments):
        return getattr(make(), name)(**arguments)

    call.__signature__ = inspect.signature(make() if name == "__call__" else getattr(make(), name))
    return call


def subjects():
    """Return all that can be called, as `Subject`s; what has several names once."""
    found = {}
    for module_name in MODULES:
        if module_name in NEEDS and find_spec(NEEDS[module_name]) is None:
            continue
        module = importlib.import_module(f"striate.{module_name}".rstrip("."))
        for name in module.__all__ if hasattr(module, "__all__") else vars(module):
            function = getattr(module, name)
            full = f"{module_name}.{name}".lstrip(".")
            ours = getattr(function, "__module__", "").startswith("striate.")
            there = full not in NEEDS or find_spec(NEEDS[full]) is not None
            new = not name.startswith("_") and callable(function) and id(function) not in found
            if new and ours and there and full not in ELSEWHERE:
                found[id(function)] = _subject(full, function)
    for cls, (make, methods) in METHODS.items():
        found |= {(cls, name): _subject(f"{cls}.{name}", _method(make, name), arguments) for name, arguments in methods.items()}
    return list(found.values())
