# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from striate.preprocessing import image as image
from striate.preprocessing import sequence as sequence
from striate.utils import image_dataset_from_directory as image_dataset_from_directory
from striate.utils import text_dataset_from_directory as text_dataset_from_directory
from striate.utils import timeseries_dataset_from_array as timeseries_dataset_from_array

__all__ = [
    "image",
    "image_dataset_from_directory",
    "sequence",
    "text_dataset_from_directory",
    "timeseries_dataset_from_array",
]
