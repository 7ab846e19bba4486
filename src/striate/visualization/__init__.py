"""Pictures of images with boxes or classes of pixels, with Keras' names; see `striate.visualize` for much more."""

from .._common.names import public_attributes
from .boxes import draw_bounding_boxes
from .galleries import plot_bounding_box_gallery, plot_image_gallery, plot_segmentation_mask_gallery
from .overlays import draw_segmentation_masks

__all__ = [
    "draw_bounding_boxes",
    "draw_segmentation_masks",
    "plot_bounding_box_gallery",
    "plot_image_gallery",
    "plot_segmentation_mask_gallery",
]

__getattr__, __dir__ = public_attributes(globals())
