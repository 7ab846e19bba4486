"""Images before a network sees them: their kinds, colours, files, transforms and histograms, filters and features.

Images are NumPy arrays (height, width) or (height, width, channels), or batches (batch, height, width, channels), of uint8,
float32 or float64, or of bool where they are binary; colours are red, green, blue, and places are (row, column). Results have
the dtype of the image: those of uint8 are rounded half to even and clipped to 0 … 255, and no values are ever rescaled
silently. Nothing changes the image that it is given.
"""

from .colors import hsv_to_rgb, rgb_to_hsv, rgb_to_ycbcr, to_grayscale, ycbcr_to_rgb
from .files import read, write
from .histograms import clahe, equalize, histogram
from .hog import hog
from .lbp import local_binary_pattern
from .regions import Region, label, region_properties
from .table import pixel_table
from .thresholds import otsu_threshold, threshold
from .transforms import crop, flip, resize, rotate, warp_affine

__all__ = [
    "Region",
    "clahe",
    "crop",
    "equalize",
    "flip",
    "histogram",
    "hog",
    "hsv_to_rgb",
    "label",
    "local_binary_pattern",
    "otsu_threshold",
    "pixel_table",
    "read",
    "region_properties",
    "resize",
    "rgb_to_hsv",
    "rgb_to_ycbcr",
    "rotate",
    "threshold",
    "to_grayscale",
    "warp_affine",
    "write",
    "ycbcr_to_rgb",
]
