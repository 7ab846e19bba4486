# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from collections.abc import Sequence
from typing import Any, Literal, overload
import numpy as np
import numpy.typing as npt

from striate.layers import Tensor
from striate.random import SeedGenerator

__all__ = [
    "affine_transform",
    "bilateral_filter",
    "box_filter",
    "convolve",
    "correlate",
    "crop_images",
    "dilate",
    "elastic_transform",
    "erode",
    "extract_patches",
    "extract_patches_3d",
    "gaussian_blur",
    "gaussian_filter",
    "hsv_to_rgb",
    "map_coordinates",
    "median_filter",
    "pad_images",
    "perspective_transform",
    "reconstruct_patches",
    "resize",
    "rgb_to_grayscale",
    "rgb_to_hsv",
    "scale_and_translate",
    "sobel_edges",
    "ssim",
]

@overload
def affine_transform(
    images: npt.ArrayLike,
    transform: npt.ArrayLike,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "constant",
    fill_value: float = 0,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def affine_transform(
    images: npt.ArrayLike | Tensor,
    transform: npt.ArrayLike | Tensor,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "constant",
    fill_value: float = 0,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def bilateral_filter(
    images: npt.ArrayLike,
    sigma_color: float,
    sigma_space: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def bilateral_filter(
    images: npt.ArrayLike | Tensor,
    sigma_color: float,
    sigma_space: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def box_filter(
    images: npt.ArrayLike,
    size: int | Sequence[int] = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def box_filter(
    images: npt.ArrayLike | Tensor,
    size: int | Sequence[int] = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def convolve(
    images: npt.ArrayLike,
    kernel: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def convolve(
    images: npt.ArrayLike | Tensor,
    kernel: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def correlate(
    images: npt.ArrayLike,
    kernel: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def correlate(
    images: npt.ArrayLike | Tensor,
    kernel: npt.ArrayLike,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def crop_images(
    images: npt.ArrayLike,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def crop_images(
    images: npt.ArrayLike | Tensor,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def dilate(
    images: npt.ArrayLike,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def dilate(
    images: npt.ArrayLike | Tensor,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def elastic_transform(
    images: npt.ArrayLike,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "reflect",
    fill_value: float = 0.0,
    seed: int | SeedGenerator | np.random.Generator | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def elastic_transform(
    images: npt.ArrayLike | Tensor,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "reflect",
    fill_value: float = 0.0,
    seed: int | SeedGenerator | np.random.Generator | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def erode(
    images: npt.ArrayLike,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def erode(
    images: npt.ArrayLike | Tensor,
    element: int | Sequence[int] | npt.ArrayLike = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def extract_patches(
    images: npt.ArrayLike,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def extract_patches(
    images: npt.ArrayLike | Tensor,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: Literal["valid", "same"] = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def extract_patches_3d(
    volumes: npt.ArrayLike,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] | npt.NDArray[Any] | str = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def extract_patches_3d(
    volumes: npt.ArrayLike | Tensor,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] | npt.NDArray[Any] | str = 1,
    padding: int | Sequence[int] | npt.NDArray[Any] | str = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def gaussian_blur(
    images: npt.ArrayLike,
    kernel_size: Sequence[int] = ...,
    sigma: Sequence[float] = ...,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def gaussian_blur(
    images: npt.ArrayLike | Tensor,
    kernel_size: Sequence[int] = ...,
    sigma: Sequence[float] = ...,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def gaussian_filter(
    images: npt.ArrayLike,
    sigma: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def gaussian_filter(
    images: npt.ArrayLike | Tensor,
    sigma: float = 1.0,
    radius: int | None = None,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def hsv_to_rgb(
    images: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def hsv_to_rgb(
    images: npt.ArrayLike | Tensor,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def map_coordinates(
    inputs: npt.ArrayLike,
    coordinates: npt.ArrayLike | Sequence[Any],
    order: Literal[0, 1] | bool,
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "constant",
    fill_value: float = 0,
) -> npt.NDArray[Any]: ...
@overload
def map_coordinates(
    inputs: npt.ArrayLike | Tensor,
    coordinates: npt.ArrayLike | Tensor | Sequence[Any],
    order: Literal[0, 1] | bool,
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "constant",
    fill_value: float = 0,
) -> Tensor: ...
@overload
def median_filter(
    images: npt.ArrayLike,
    size: int | Sequence[int] = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> npt.NDArray[Any]: ...
@overload
def median_filter(
    images: npt.ArrayLike | Tensor,
    size: int | Sequence[int] = 3,
    border: Literal["reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid"] = "reflect",
    value: float = 0.0,
) -> Tensor: ...
@overload
def pad_images(
    images: npt.ArrayLike,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def pad_images(
    images: npt.ArrayLike | Tensor,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def perspective_transform(
    images: npt.ArrayLike,
    start_points: npt.ArrayLike,
    end_points: npt.ArrayLike,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    fill_value: float = 0,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def perspective_transform(
    images: npt.ArrayLike | Tensor,
    start_points: npt.ArrayLike | Tensor,
    end_points: npt.ArrayLike | Tensor,
    interpolation: Literal["bilinear", "nearest"] = "bilinear",
    fill_value: float = 0,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def reconstruct_patches(
    patches: npt.ArrayLike,
    size: int | Sequence[int],
    output_size: Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: Literal["valid", "same"] = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def reconstruct_patches(
    patches: npt.ArrayLike | Tensor,
    size: int | Sequence[int],
    output_size: Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: Literal["valid", "same"] = "valid",
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def resize(
    images: npt.ArrayLike,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: npt.ArrayLike = 0.0,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def resize(
    images: npt.ArrayLike | Tensor,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: npt.ArrayLike | Tensor = 0.0,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def rgb_to_grayscale(
    images: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def rgb_to_grayscale(
    images: npt.ArrayLike | Tensor,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def rgb_to_hsv(
    images: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def rgb_to_hsv(
    images: npt.ArrayLike | Tensor,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def scale_and_translate(
    images: npt.ArrayLike,
    output_shape: Sequence[int],
    scale: npt.ArrayLike,
    translation: npt.ArrayLike,
    spatial_dims: Sequence[int],
    method: Literal["linear", "bilinear", "trilinear", "triangle", "cubic", "bicubic", "tricubic", "lanczos3", "lanczos5"],
    antialias: bool = True,
) -> npt.NDArray[Any]: ...
@overload
def scale_and_translate(
    images: npt.ArrayLike | Tensor,
    output_shape: Sequence[int],
    scale: npt.ArrayLike | Tensor,
    translation: npt.ArrayLike | Tensor,
    spatial_dims: Sequence[int],
    method: Literal["linear", "bilinear", "trilinear", "triangle", "cubic", "bicubic", "tricubic", "lanczos3", "lanczos5"],
    antialias: bool = True,
) -> Tensor: ...
@overload
def sobel_edges(
    images: npt.ArrayLike,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def sobel_edges(
    images: npt.ArrayLike | Tensor,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
@overload
def ssim(
    image1: npt.ArrayLike,
    image2: npt.ArrayLike,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> npt.NDArray[Any]: ...
@overload
def ssim(
    image1: npt.ArrayLike | Tensor,
    image2: npt.ArrayLike | Tensor,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: Literal["channels_last", "channels_first"] | None = None,
) -> Tensor: ...
