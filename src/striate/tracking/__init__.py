"""Tracking: which of the things found in one frame of a video are those of the frame before.

``tracker``     tracks from detections, frame by frame
``kalman``      where boxes move, by a Kalman filter
``assignment``  which detection belongs to which track
``appearance``  what boxes show, as vectors of a network
``template``    one object, followed by the correlation of a network's features
``tracks``      boxes with the identities of what is in them
``accuracy``    MOTA, MOTP, IDF1
``mot``         tracks in files, in the format of MOTChallenge
``drawing``     tracks drawn into frames
"""

from .._common.names import public_attributes
from .accuracy import TrackingAccuracy, tracking_accuracy
from .appearance import embed_boxes
from .drawing import draw_tracks
from .kalman import BoxFilter
from .mot import read_mot, write_mot
from .template import TemplateTracker
from .tracker import Tracker, track
from .tracks import Tracks

__all__ = [
    "BoxFilter",
    "TemplateTracker",
    "Tracker",
    "TrackingAccuracy",
    "Tracks",
    "draw_tracks",
    "embed_boxes",
    "read_mot",
    "track",
    "tracking_accuracy",
    "write_mot",
]

__getattr__, __dir__ = public_attributes(globals())
