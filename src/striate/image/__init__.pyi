# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from os import PathLike
from typing import IO, Any, Literal, NamedTuple
import numpy as np
import numpy.typing as npt

__all__ = [
    "Keypoints",
    "Region",
    "adaptive_threshold",
    "bilateral_filter",
    "blob_dog",
    "blob_log",
    "box_filter",
    "box_kernel",
    "canny",
    "clahe",
    "close",
    "convolve",
    "convolve1d",
    "corner_peaks",
    "correlate",
    "crop",
    "detect_edges",
    "difference_of_gaussians",
    "difference_of_gaussians_kernel",
    "dilate",
    "edge_kernel",
    "emboss",
    "emboss_kernel",
    "equalize",
    "erode",
    "fast",
    "flip",
    "gaussian_filter",
    "gaussian_kernel",
    "harris",
    "histogram",
    "hog",
    "hsv_to_rgb",
    "label",
    "laplacian",
    "laplacian_kernel",
    "laplacian_of_gaussian",
    "laplacian_of_gaussian_kernel",
    "line_kernel",
    "lines",
    "local_binary_pattern",
    "match",
    "median_filter",
    "open",
    "orb",
    "otsu_threshold",
    "pixel_table",
    "prewitt",
    "prewitt_kernel",
    "read",
    "region_properties",
    "resize",
    "rgb_to_hsv",
    "rgb_to_ycbcr",
    "rotate",
    "scharr",
    "scharr_kernel",
    "separate",
    "sharpen",
    "sharpen_kernel",
    "shi_tomasi",
    "sift",
    "sobel",
    "sobel_kernel",
    "sobel_magnitude",
    "structuring_element",
    "threshold",
    "to_grayscale",
    "unsharp_kernel",
    "unsharp_mask",
    "warp_affine",
    "write",
    "ycbcr_to_rgb",
]

def adaptive_threshold(
    image: npt.ArrayLike,
    size: int | Sequence[int],
    method: Literal["mean", "gaussian"] = "mean",
    offset: float = 0.0,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[np.bool_]: ...
def bilateral_filter(
    image: npt.ArrayLike,
    sigma_color: float,
    sigma_space: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def blob_dog(
    image: npt.ArrayLike,
    min_sigma: float = 1.0,
    max_sigma: float = 20.0,
    ratio: float = 1.6,
    threshold: float = 0.5,
    overlap: float = 0.5,
) -> npt.NDArray[np.float64]: ...
def blob_log(
    image: npt.ArrayLike,
    min_sigma: float = 1.0,
    max_sigma: float = 20.0,
    scales: int = 10,
    threshold: float = 0.2,
    overlap: float = 0.5,
) -> npt.NDArray[np.float64]: ...
def box_filter(
    image: npt.ArrayLike,
    size: int | Sequence[int] = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def box_kernel(size: int | Sequence[int] = 3) -> npt.NDArray[np.float64]: ...
def canny(
    image: npt.ArrayLike,
    low: float,
    high: float,
    sigma: float = 1.0,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0,
) -> npt.NDArray[np.bool_]: ...
def clahe(
    image: npt.ArrayLike,
    clip_limit: float = 40.0,
    tiles: int | Sequence[int] = 8,
    data_range: Sequence[float] | None = None,
) -> npt.NDArray[Any]: ...
def close(
    image: npt.ArrayLike,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def convolve(
    image: npt.ArrayLike,
    kernel: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def convolve1d(
    f: npt.ArrayLike,
    g: npt.ArrayLike,
    mode: Literal["full", "same", "valid"] = "full",
) -> npt.NDArray[Any]: ...
def corner_peaks(
    response: npt.ArrayLike,
    distance: int = 1,
    threshold: float | None = None,
    most: int | None = None,
) -> npt.NDArray[np.int64]: ...
def correlate(
    image: npt.ArrayLike,
    kernel: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def crop(image: npt.ArrayLike, size: int | Sequence[int], offset: Sequence[int] | None = None) -> npt.NDArray[Any]: ...
def detect_edges(
    image: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def difference_of_gaussians(
    image: npt.ArrayLike,
    sigma: float = 1.0,
    ratio: float = 1.6,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def difference_of_gaussians_kernel(sigma: float = 1.0, ratio: float = 1.6) -> npt.NDArray[np.float64]: ...
def dilate(
    image: npt.ArrayLike,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def edge_kernel() -> npt.NDArray[np.float64]: ...
def emboss(
    image: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def emboss_kernel() -> npt.NDArray[np.float64]: ...
def equalize(image: npt.ArrayLike, data_range: Sequence[float] | None = None, bins: int = 256) -> npt.NDArray[Any]: ...
def erode(
    image: npt.ArrayLike,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def fast(image: npt.ArrayLike, threshold: float, arc: int = 9) -> npt.NDArray[np.float32]: ...
def flip(image: npt.ArrayLike, direction: Literal["horizontal", "vertical"] = "horizontal") -> npt.NDArray[Any]: ...
def gaussian_filter(
    image: npt.ArrayLike,
    sigma: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def gaussian_kernel(sigma: float = 1.0, radius: int | None = None) -> npt.NDArray[np.float64]: ...
def harris(
    image: npt.ArrayLike,
    k: float = 0.05,
    sigma: float = 1.0,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0,
) -> npt.NDArray[np.float32]: ...
def histogram(
    image: npt.ArrayLike,
    bins: int = 256,
    data_range: Sequence[float] | None = None,
) -> npt.NDArray[np.int64]: ...
def hog(
    image: npt.ArrayLike,
    orientations: int = 9,
    cell_size: int | Sequence[int] = 8,
    block_size: int | Sequence[int] = 3,
    norm: Literal["L2-Hys", "L2", "L1", "L1-sqrt"] = "L2-Hys",
) -> npt.NDArray[Any]: ...
def hsv_to_rgb(image: npt.ArrayLike) -> npt.NDArray[Any]: ...

class Keypoints(NamedTuple):
    points: npt.NDArray[np.float64]
    scales: npt.NDArray[np.float64]
    orientations: npt.NDArray[np.float64]
    descriptors: npt.NDArray[Any]

def label(image: npt.ArrayLike, neighbors: Literal[8, 4] = 8) -> npt.NDArray[np.int32]: ...
def laplacian(
    image: npt.ArrayLike,
    neighbors: Literal[4, 8] = 4,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def laplacian_kernel(neighbors: Literal[4, 8] = 4) -> npt.NDArray[np.float64]: ...
def laplacian_of_gaussian(
    image: npt.ArrayLike,
    sigma: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def laplacian_of_gaussian_kernel(sigma: float = 1.0, radius: int | None = None) -> npt.NDArray[np.float64]: ...
def line_kernel(
    direction: Literal["horizontal", "vertical", "diagonal", "antidiagonal"] = "horizontal",
) -> npt.NDArray[np.float64]: ...
def lines(
    image: npt.ArrayLike,
    direction: Literal["horizontal", "vertical", "diagonal", "antidiagonal"] = "horizontal",
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def local_binary_pattern(
    image: npt.ArrayLike,
    points: int = 8,
    radius: float = 1.0,
    method: Literal["default", "ror", "uniform"] = "default",
) -> npt.NDArray[np.int32]: ...
def match(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    ratio: float = 1.0,
    cross_check: bool = True,
) -> npt.NDArray[np.int64]: ...
def median_filter(
    image: npt.ArrayLike,
    size: int | Sequence[int] = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def open(
    image: npt.ArrayLike,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def orb(
    image: npt.ArrayLike,
    most: int = 500,
    data_range: Sequence[float] | None = None,
    **settings: Any,
) -> Keypoints: ...
def otsu_threshold(image: npt.ArrayLike, bins: int = 256) -> float: ...
def pixel_table(image: npt.ArrayLike, digits: int = 2, most: int = 16) -> str: ...
def prewitt(
    image: npt.ArrayLike,
    axis: Literal[0, 1] | bool = 0,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def prewitt_kernel(axis: Literal[0, 1] | bool = 0) -> npt.NDArray[np.float64]: ...
def read(
    path: str | PathLike[str],
    mode: Literal[None, "gray", "rgb", "rgba"] | None = None,
    background: int | Any = 255,
) -> npt.NDArray[np.uint8]: ...

class Region(NamedTuple):
    label: int
    area: int
    bounding_box: tuple[int, ...]
    centroid: tuple[float, ...]
    orientation: float
    axes: tuple[float, ...]
    perimeter: float
    euler_number: int
    @property
    def eccentricity(self) -> float: ...
    @property
    def holes(self) -> int: ...

def region_properties(image: npt.ArrayLike, neighbors: Literal[8, 4] = 8) -> list[Region]: ...
def resize(
    image: npt.ArrayLike,
    size: int | Sequence[int],
    interpolation: Literal["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area"] = "bilinear",
    antialias: bool = True,
) -> npt.NDArray[Any]: ...
def rgb_to_hsv(image: npt.ArrayLike) -> npt.NDArray[Any]: ...
def rgb_to_ycbcr(image: npt.ArrayLike) -> npt.NDArray[Any]: ...
def rotate(
    image: npt.ArrayLike,
    angle: float,
    expand: bool = False,
    center: Sequence[float] | None = None,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "constant",
    value: float = 0,
) -> npt.NDArray[Any]: ...
def scharr(
    image: npt.ArrayLike,
    axis: Literal[0, 1] | bool = 0,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def scharr_kernel(axis: Literal[0, 1] | bool = 0) -> npt.NDArray[np.float64]: ...
def separate(kernel: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], ...] | None: ...
def sharpen(
    image: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def sharpen_kernel() -> npt.NDArray[np.float64]: ...
def shi_tomasi(
    image: npt.ArrayLike,
    sigma: float = 1.0,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0,
) -> npt.NDArray[np.float32]: ...
def sift(
    image: npt.ArrayLike,
    data_range: Sequence[float] | None = None,
    **settings: Any,
) -> Keypoints: ...
def sobel(
    image: npt.ArrayLike,
    axis: Literal[0, 1] | bool = 0,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def sobel_kernel(axis: Literal[0, 1] | bool = 0) -> npt.NDArray[np.float64]: ...
def sobel_magnitude(
    image: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0,
) -> npt.NDArray[Any]: ...
def structuring_element(
    shape: Literal["rectangle", "ellipse", "cross", "diamond"],
    size: int | Sequence[int],
) -> npt.NDArray[np.bool_]: ...
def threshold(image: npt.ArrayLike, value: float) -> npt.NDArray[np.bool_]: ...
def to_grayscale(
    image: npt.ArrayLike,
    weights: Literal["rec601", "rec709", "average"] | Sequence[float] = "rec601",
) -> npt.NDArray[Any]: ...
def unsharp_kernel(sigma: float = 1.0, amount: float = 1.0, radius: int | None = None) -> npt.NDArray[np.float64]: ...
def unsharp_mask(
    image: npt.ArrayLike,
    sigma: float = 1.0,
    amount: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
def warp_affine(
    image: npt.ArrayLike,
    matrix: npt.ArrayLike,
    size: int | Sequence[int] | None = None,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    border: Literal["constant", "zero", "reflect", "mirror", "nearest", "wrap"] = "constant",
    value: float = 0,
) -> npt.NDArray[Any]: ...
def write(
    path: str | PathLike[str] | IO[Any],
    image: npt.ArrayLike,
    file_format: str | None = None,
    **settings: Any,
) -> None: ...
def ycbcr_to_rgb(image: npt.ArrayLike) -> npt.NDArray[Any]: ...
