"""A Kalman filter for boxes that move at nearly constant velocity.

The state of a box is (x, y, a, h, x', y', a', h'): its centre, its aspect ratio, width over height, its height, and how much
each of them changes from one frame to the next. Process and measurement noise are proportional to the height: a person who is
near, and so looks tall, moves by more pixels (Wojke, Bewley and Paulus, "Simple online and realtime tracking with a deep
association metric", ICIP 2017, section 2.1).

    predict:  m <- F m,  P <- F P F' + Q
    update:   S = H P H' + R,  K = P H' inv(S),  m <- m + K (z - H m),  P <- P - K S K'

All boxes are computed at the same time: means are (boxes, 8), and covariances (boxes, 8, 8).
"""

import numpy as np

from .._common.checks import number, real_array
from .._common.errors import Constructed
from ..detection.arrays import check_boxes

#: Size of what is measured of a box, and of its state.
_MEASURED, _STATE = 4, 8

#: F and H: a frame adds velocities to positions; what is measured is the first half of the state.
_MOTION = np.eye(_STATE) + np.eye(_STATE, k=_MEASURED)
_MEASURE = np.eye(_MEASURED, _STATE)

#: Standard deviations of the aspect ratio, in what is measured, in a step, and of its velocity: absolute, unlike the others.
_ASPECT_MEASURED, _ASPECT, _ASPECT_VELOCITY = 0.1, 1e-2, 1e-5

#: Least height and width of a box in pixels.
_LEAST = 1e-3

#: Squared Mahalanobis distance within which 95 % of the measurements of four numbers lie: the quantile of chi² for them.
GATE = 9.4877


class BoxFilter(Constructed):
    """A Kalman filter for boxes, all at once: the state of SORT [1]_ as DeepSORT [2]_ has it.

    Parameters
    ----------
    position : float
        Standard deviation of the noise of positions and heights, as a part of the height of the box.
    velocity : float
        Standard deviation of the change of velocities in a frame, as a part of the height of the box.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a positive number.

    References
    ----------
    .. [1] Bewley, A. et al., "Simple online and realtime tracking", ICIP 2016, section 3.2.
    .. [2] Wojke, N., Bewley, A. and Paulus, D., "Simple online and realtime tracking with a deep association metric",
       ICIP 2017, section 2.1.

    Examples
    --------
    A box that moves to the right by 4 pixels in each frame:

    >>> import numpy as np
    >>> from striate import tracking
    >>> boxes = tracking.BoxFilter()
    >>> state = boxes.begin([[0, 0, 20, 40]])
    >>> for x in range(4, 44, 4):
    ...     state = boxes.update(*boxes.predict(*state), [[x, 0, x + 20, 40]])
    >>> boxes.boxes(boxes.predict(*state)[0]).round()
    array([[44.,  0., 64., 40.]])
    """

    def __init__(self, position=1 / 20, velocity=1 / 160):
        self.position = number("position", position, 0, open_minimum=True)
        self.velocity = number("velocity", velocity, 0, open_minimum=True)

    def begin(self, boxes):
        """Return the states of boxes that have been seen once.

        Parameters
        ----------
        boxes : array_like, shape (boxes, 4)
            Boxes "xyxy".

        Returns
        -------
        means : ndarray, shape (boxes, 8)
        covariances : ndarray, shape (boxes, 8, 8)

        Raises
        ------
        TypeError, ValueError
            If `boxes` is not such an array.
        """
        measured = _measured("boxes", boxes)
        means = np.concatenate([measured, np.zeros_like(measured)], 1)
        known = self._deviations(measured[:, 3], 2 * self.position, _ASPECT)
        moving = self._deviations(measured[:, 3], 10 * self.velocity, _ASPECT_VELOCITY)
        return means, _diagonal(np.concatenate([known, moving], 1) ** 2)

    def predict(self, means, covariances):
        """Return the states one frame later.

        Parameters
        ----------
        means : ndarray, shape (boxes, 8)
            Means of the states.
        covariances : ndarray, shape (boxes, 8, 8)
            Their covariances.

        Returns
        -------
        means : ndarray, shape (boxes, 8)
        covariances : ndarray, shape (boxes, 8, 8)

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        means, covariances = _check_states(means, covariances)
        known = self._deviations(means[:, 3], self.position, _ASPECT)
        moving = self._deviations(means[:, 3], self.velocity, _ASPECT_VELOCITY)
        noise = _diagonal(np.concatenate([known, moving], 1) ** 2)
        return means @ _MOTION.T, _MOTION @ covariances @ _MOTION.T + noise

    def update(self, means, covariances, boxes):
        """Return the states once the boxes are known.

        Parameters
        ----------
        means : ndarray, shape (boxes, 8)
            Means of the predicted states.
        covariances : ndarray, shape (boxes, 8, 8)
            Their covariances.
        boxes : array_like, shape (boxes, 4)
            The boxes "xyxy" that were seen, one for each state.

        Returns
        -------
        means : ndarray, shape (boxes, 8)
        covariances : ndarray, shape (boxes, 8, 8)

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        means, covariances = _check_states(means, covariances)
        measured = _measured("boxes", boxes)
        if len(measured) != len(means):
            raise ValueError(f"boxes has shape {measured.shape}; expected ({len(means)}, 4), one for each of the states")
        expected, spread = self._projected(means, covariances)
        gain = np.linalg.solve(spread, _MEASURE @ covariances).swapaxes(1, 2)  # P H' inv(S), since S and P are symmetric
        means = means + np.einsum("nij,nj->ni", gain, measured - expected)
        return means, covariances - gain @ spread @ gain.swapaxes(1, 2)

    def distances(self, means, covariances, boxes):
        """Return the squared Mahalanobis distance of each of some boxes from each state.

        Parameters
        ----------
        means : ndarray, shape (states, 8)
            Means of the predicted states.
        covariances : ndarray, shape (states, 8, 8)
            Their covariances.
        boxes : array_like, shape (boxes, 4)
            Boxes "xyxy".

        Returns
        -------
        ndarray, shape (states, boxes)
            Of boxes that belong to a state, 95 % have a distance below 9.49.

        Raises
        ------
        TypeError, ValueError
            If an argument is not what is described above.
        """
        means, covariances = _check_states(means, covariances)
        measured = _measured("boxes", boxes)
        expected, spread = self._projected(means, covariances)
        differences = measured - expected[:, np.newaxis]
        solved = np.linalg.solve(spread, differences.swapaxes(1, 2))  # (states, 4, boxes)
        return np.einsum("sbi,sib->sb", differences, solved)

    def boxes(self, means):
        """Return the boxes "xyxy" of states.

        Parameters
        ----------
        means : ndarray, shape (boxes, 8)
            Means of the states.

        Returns
        -------
        ndarray, shape (boxes, 4)

        Raises
        ------
        TypeError, ValueError
            If `means` is not such an array.
        """
        means = _check_means(means)
        height = np.maximum(means[:, 3], _LEAST)
        width = np.maximum(means[:, 2] * height, _LEAST)
        half = np.stack([width, height], 1) / 2
        return np.concatenate([means[:, :2] - half, means[:, :2] + half], 1)

    def _deviations(self, heights, factor, aspect):
        """Return standard deviations (boxes, 4) of the centre, the aspect ratio and the height."""
        deviations = np.repeat(factor * np.maximum(heights, _LEAST)[:, np.newaxis], _MEASURED, 1)
        deviations[:, 2] = aspect
        return deviations

    def _projected(self, means, covariances):
        """Return what is expected to be measured (boxes, 4), and its covariances (boxes, 4, 4)."""
        noise = _diagonal(self._deviations(means[:, 3], self.position, _ASPECT_MEASURED) ** 2)
        return means[:, :_MEASURED], covariances[:, :_MEASURED, :_MEASURED] + noise


def _measured(name, boxes):
    """Return centre, aspect ratio and height (boxes, 4) of boxes."""
    boxes = check_boxes(name, boxes).astype(np.float64)
    sizes = np.maximum(boxes[:, 2:] - boxes[:, :2], _LEAST)
    return np.column_stack([(boxes[:, :2] + boxes[:, 2:]) / 2, sizes[:, 0] / sizes[:, 1], sizes[:, 1]])


def _diagonal(variances):
    """Return diagonal matrices (boxes, n, n) with some variances (boxes, n)."""
    return variances[:, :, np.newaxis] * np.eye(variances.shape[1])


def _check_means(means):
    means = real_array("means", means, np.float64)
    if means.ndim != 2 or means.shape[1] != _STATE or not np.isfinite(means).all():
        raise ValueError(f"means has shape {means.shape}; expected (boxes, {_STATE}) of finite numbers")
    return means


def _check_states(means, covariances):
    means, covariances = _check_means(means), real_array("covariances", covariances, np.float64)
    if covariances.shape != (len(means), _STATE, _STATE) or not np.isfinite(covariances).all():
        raise ValueError(
            f"covariances has shape {covariances.shape}; expected ({len(means)}, {_STATE}, {_STATE}) of finite numbers"
        )
    return means, covariances
