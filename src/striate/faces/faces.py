"""What is found in an image: faces, with their landmarks."""

import numpy as np

from .._common.checks import real_array
from ..detection import Detections
from ..detection.arrays import check_boxes
from .networks import LANDMARKS


class Faces(Detections):
    """The faces in an image.

    Parameters
    ----------
    boxes : array_like, shape (faces, 4)
        Boxes "xyxy" in pixels.
    scores : array_like, shape (faces,)
        How sure the detector is.
    landmarks : array_like, shape (faces, 5, 2)
        Points, x and y in pixels: the eye on the left of the image, that on the right, the tip of the nose, and the corner of
        the mouth on the left and on the right.

    Attributes
    ----------
    labels : ndarray of int, shape (faces,)
        Zeros, since there is one class: `striate.detection.draw_boxes` takes faces with the name of that class.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import faces
    >>> points = [[30, 40], [50, 40], [40, 52], [33, 60], [47, 60]]
    >>> found = faces.Faces([[20, 20, 60, 70], [0, 0, 9, 9]], [0.99, 0.6], [points, points])
    >>> found[found.scores > 0.9].landmarks.shape
    (1, 5, 2)
    """

    _columns = ("boxes", "scores", "landmarks")

    def __init__(self, boxes, scores, landmarks):
        boxes = check_boxes("boxes", boxes)
        super().__init__(boxes, np.zeros(len(boxes), np.int64), scores)
        self.landmarks = real_array("landmarks", landmarks)
        if not len(self.boxes) and not self.landmarks.size:
            self.landmarks = self.landmarks.reshape(0, LANDMARKS, 2)
        check_landmarks("landmarks", self.landmarks, (len(self.boxes),))


def check_landmarks(name, landmarks, axes=()):
    """Raise an error unless an array of numbers holds finite landmarks, shape (*axes, 5, 2)."""
    if landmarks.shape != (*axes, LANDMARKS, 2):
        raise ValueError(f"{name} has shape {landmarks.shape}; expected {(*axes, LANDMARKS, 2)}, five points x and y")
    if not np.isfinite(landmarks).all():
        raise ValueError(f"{name} holds NaN or infinity; expected finite numbers")
