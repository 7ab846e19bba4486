"""Detection: what is in an image, and where.

``boxes``         formats of boxes, their overlap, non-maximum suppression
``objects``       what is in an image, marked and found
``precision``     COCO's average precision
``arrays``        checks of boxes, labels and scores
"""

from .boxes import areas, clip_boxes, convert_boxes, giou, iou, nms, soft_nms
from .objects import Detections, Objects
from .precision import AveragePrecision, average_precision

__all__ = [
    "AveragePrecision",
    "Detections",
    "Objects",
    "areas",
    "average_precision",
    "clip_boxes",
    "convert_boxes",
    "giou",
    "iou",
    "nms",
    "soft_nms",
]
