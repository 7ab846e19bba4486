"""Detection of objects: what is in an image, and where.

``detector``      detectors: training, prediction, evaluation, files
``network``       their networks: backbone, feature pyramid, heads
``targets``       what is to be predicted at each location
``losses``        losses of boxes
``selection``     from what is predicted to what is found
``preparation``   images as networks take them
``augmentation``  images changed at random, with their boxes
``frames``        frames of videos
``drawing``       boxes drawn into images
``boxes``         formats of boxes, their overlap, non-maximum suppression
``objects``       what is in an image, marked and found
``dataset``       images with the objects in them
``coco``          annotations in files, in COCO's format
``voc``           … in that of PASCAL VOC
``yolo``          … and in YOLO's
``positions``     JSON of which the lines are known
``problems``      what is wrong in them, by file and line
``writing``       what their writers share
``precision``     COCO's average precision
``arrays``        checks of boxes, labels and scores
"""

from .._common.names import public_attributes
from .augmentation import RandomAffine, RandomColor, RandomCrop, RandomFlip, augment
from .boxes import areas, clip_boxes, convert_boxes, giou, iou, nms, soft_nms
from .coco import read_coco, write_coco
from .dataset import Dataset
from .detector import Detector, load_detector
from .drawing import draw_boxes
from .frames import read_frames
from .losses import GIoULoss
from .network import simple_backbone
from .objects import Detections, Objects
from .precision import AveragePrecision, average_precision
from .voc import read_voc, write_voc
from .yolo import read_yolo, write_yolo

__all__ = [
    "AveragePrecision",
    "Dataset",
    "Detections",
    "Detector",
    "GIoULoss",
    "Objects",
    "RandomAffine",
    "RandomColor",
    "RandomCrop",
    "RandomFlip",
    "areas",
    "augment",
    "average_precision",
    "clip_boxes",
    "convert_boxes",
    "draw_boxes",
    "giou",
    "iou",
    "load_detector",
    "nms",
    "read_coco",
    "read_frames",
    "read_voc",
    "read_yolo",
    "simple_backbone",
    "soft_nms",
    "write_coco",
    "write_voc",
    "write_yolo",
]

__getattr__, __dir__ = public_attributes(globals())
