"""Boxes with the identities of what is in them."""

import numpy as np

from .._common.checks import real_array
from ..detection import Detections


class Tracks(Detections):
    """What is in a frame, with identities: the same thing has the same id in each frame.

    Parameters
    ----------
    boxes : array_like, shape (tracks, 4)
        Boxes "xyxy" in pixels.
    labels : array_like of int, shape (tracks,)
        Indices of their classes.
    scores : array_like, shape (tracks,)
        How sure the detector is.
    ids : array_like of int, shape (tracks,)
        Their identities, different ones.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import tracking
    >>> tracks = tracking.Tracks([[10, 20, 30, 60], [0, 0, 8, 8]], labels=[2, 0], scores=[0.9, 0.8], ids=[1, 7])
    >>> tracks, tracks[tracks.ids == 7].boxes
    (<Tracks: 2 boxes>, array([[0., 0., 8., 8.]]))
    """

    _columns = ("boxes", "labels", "scores", "ids")

    def __init__(self, boxes, labels, scores, ids):
        super().__init__(boxes, labels, scores)
        ids = real_array("ids", ids)
        if ids.shape != (len(self.boxes),):
            raise ValueError(f"ids has shape {ids.shape}; expected ({len(self.boxes)},), one for each box")
        if ids.size and (ids.dtype.kind not in "iu" or ids.min() < 0 or ids.max() >= 1 << 62):
            raise ValueError(f"ids has dtype {ids.dtype} and holds {ids.min()}; expected integers of at least 0")
        self.ids = ids.astype(np.int64)
        if len(np.unique(self.ids)) < len(self.ids):
            raise ValueError(f"ids has shape {ids.shape} and holds an identity twice; expected different ones in a frame")
