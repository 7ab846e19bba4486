"""Pictures of images with boxes or classes of pixels, with Keras' names; see `striate.visualize` for much more."""

from .._common.names import public_names
from .overlays import draw_segmentation_masks

__all__ = ["draw_segmentation_masks"]

__dir__ = public_names(globals())
