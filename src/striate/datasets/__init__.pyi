# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

import numpy as np
import numpy.typing as npt

from striate.datasets import boston_housing as boston_housing
from striate.datasets import california_housing as california_housing
from striate.datasets import cell_images as cell_images
from striate.datasets import cifar10 as cifar10
from striate.datasets import cifar100 as cifar100
from striate.datasets import digit_scenes as digit_scenes
from striate.datasets import drawn_faces as drawn_faces
from striate.datasets import fashion_mnist as fashion_mnist
from striate.datasets import hall_scenes as hall_scenes
from striate.datasets import imdb as imdb
from striate.datasets import lane_scenes as lane_scenes
from striate.datasets import mnist as mnist
from striate.datasets import moving_digits as moving_digits
from striate.datasets import reuters as reuters
from striate.datasets import sign_scenes as sign_scenes
from striate.datasets import street_scenes as street_scenes
from striate.datasets import text_lines as text_lines
from striate.datasets import traffic_signs as traffic_signs
from striate.datasets import vehicles as vehicles

__all__ = [
    "boston_housing",
    "california_housing",
    "cell_images",
    "cifar10",
    "cifar100",
    "digit_scenes",
    "drawn_faces",
    "fashion_mnist",
    "hall_scenes",
    "imdb",
    "lane_scenes",
    "load_digits",
    "mnist",
    "moving_digits",
    "reuters",
    "sign_scenes",
    "street_scenes",
    "text_lines",
    "traffic_signs",
    "vehicles",
]

def load_digits() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]: ...
