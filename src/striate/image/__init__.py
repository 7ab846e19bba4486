"""Images before a network sees them: their kinds, colours, files, transforms and histograms, filters and features.

Images are NumPy arrays (height, width) or (height, width, channels), or batches (batch, height, width, channels), of uint8,
float32 or float64, or of bool where they are binary; colours are red, green, blue, and places are (row, column). Results have
the dtype of the image: those of uint8 are rounded half to even and clipped to 0 … 255, and no values are ever rescaled
silently. Nothing changes the image that it is given.
"""

from .._common.names import public_attributes
from .bilateral import bilateral_filter
from .blobs import blob_dog, blob_log
from .colors import hsv_to_rgb, rgb_to_hsv, rgb_to_ycbcr, to_grayscale, ycbcr_to_rgb
from .corners import corner_peaks, fast, harris, shi_tomasi
from .correlation import convolve, convolve1d, correlate, separate
from .edges import canny, sobel_magnitude
from .files import read, write
from .filters import (
    box_filter,
    box_kernel,
    detect_edges,
    difference_of_gaussians,
    difference_of_gaussians_kernel,
    edge_kernel,
    emboss,
    emboss_kernel,
    gaussian_filter,
    gaussian_kernel,
    laplacian,
    laplacian_kernel,
    laplacian_of_gaussian,
    laplacian_of_gaussian_kernel,
    line_kernel,
    lines,
    prewitt,
    prewitt_kernel,
    scharr,
    scharr_kernel,
    sharpen,
    sharpen_kernel,
    sobel,
    sobel_kernel,
    unsharp_kernel,
    unsharp_mask,
)
from .histograms import clahe, equalize, histogram
from .hog import hog
from .keypoints import Keypoints, match, orb, sift
from .lbp import local_binary_pattern
from .morphology import close, dilate, erode, open, structuring_element
from .ranks import median_filter
from .regions import Region, label, region_properties
from .table import pixel_table
from .thresholds import adaptive_threshold, otsu_threshold, threshold
from .transforms import crop, flip, resize, rotate, warp_affine

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

__getattr__, __dir__ = public_attributes(globals())
