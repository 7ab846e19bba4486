"""Images before a network sees them: their kinds, colours, files, transforms and histograms, filters and features.

Images are NumPy arrays (height, width) or (height, width, channels), or batches (batch, height, width, channels), of uint8,
float32 or float64, or of bool where they are binary; colours are red, green, blue, and places are (row, column). Results have
the dtype of the image: those of uint8 are rounded half to even and clipped to 0 … 255, and no values are ever rescaled
silently. Nothing changes the image that it is given.
"""

from .blobs import blob_dog, blob_log
from .colors import hsv_to_rgb, rgb_to_hsv, rgb_to_ycbcr, to_grayscale, ycbcr_to_rgb
from .corners import corner_peaks, fast, harris, shi_tomasi
from .edges import canny, sobel_magnitude
from .files import read, write
from .histograms import clahe, equalize, histogram
from .hog import hog
from .keypoints import Keypoints, match, orb, sift
from .lbp import local_binary_pattern
from .regions import Region, label, region_properties
from .table import pixel_table
from .thresholds import adaptive_threshold, otsu_threshold, threshold
from .transforms import crop, flip, resize, rotate, warp_affine

__all__ = [
    "Keypoints",
    "Region",
    "adaptive_threshold",
    "blob_dog",
    "blob_log",
    "canny",
    "clahe",
    "corner_peaks",
    "crop",
    "equalize",
    "fast",
    "flip",
    "harris",
    "histogram",
    "hog",
    "hsv_to_rgb",
    "label",
    "local_binary_pattern",
    "match",
    "orb",
    "otsu_threshold",
    "pixel_table",
    "read",
    "region_properties",
    "resize",
    "rgb_to_hsv",
    "rgb_to_ycbcr",
    "rotate",
    "shi_tomasi",
    "sift",
    "sobel_magnitude",
    "threshold",
    "to_grayscale",
    "warp_affine",
    "write",
    "ycbcr_to_rgb",
]
