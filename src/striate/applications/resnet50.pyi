# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from striate.applications.imagenet_utils import decode_predictions as decode_predictions
from striate.applications.resnet import ResNet50 as ResNet50
from striate.applications.resnet import preprocess_input as preprocess_input

__all__ = [
    "ResNet50",
    "decode_predictions",
    "preprocess_input",
]
