"""The ranges in which the values of a graph are quantized, from the values that it computes for some samples."""

import numpy as np

#: Number of bins of a histogram.
_BINS = 2048
#: Factors of a bound that are tried to find the least error.
_FACTORS = np.linspace(0.3, 1, 36)


class Histogram:
    """A histogram of values, whose bins become wider when larger values arrive.

    Attributes
    ----------
    low, high : float
        The smallest and the largest value.
    counts : ndarray, shape (2048,)
        Number of values in each bin; the bins have equal width between -limit and limit.
    limit : float
        End of the bins, a power of two.
    """

    def __init__(self):
        self.low = self.high = 0.0
        self.limit = 0.0
        self.counts = np.zeros(_BINS)

    def add(self, values):
        """Count values."""
        low, high = float(values.min()), float(values.max())
        if not np.isfinite(low + high):
            raise ValueError(
                "the model computes NaN or infinity for the images; expected finite numbers to compute scales from"
            )
        self.low, self.high = min(self.low, low), max(self.high, high)
        largest = max(-self.low, self.high)
        if largest == 0:
            return
        limit = float(2.0 ** np.ceil(np.log2(largest) + 1e-9))
        while 0 < self.limit < limit:  # Pairs of bins are merged, which doubles the limit.
            middle = self.counts.reshape(-1, 2).sum(1)
            self.counts = np.zeros(_BINS)
            self.counts[_BINS // 4 : 3 * _BINS // 4] = middle
            self.limit *= 2
        self.limit = max(self.limit, limit)
        self.counts += np.histogram(values, _BINS, (-self.limit, self.limit))[0]

    @property
    def centers(self):
        """The middle of each bin."""
        return (np.arange(_BINS) + 0.5) * (2 * self.limit / _BINS) - self.limit


def extremes(histogram):
    """Return the smallest and the largest value."""
    return histogram.low, histogram.high


def percentiles(histogram, percentile=99.99):
    """Return bounds between which a percentage of the values lies, with equally many below and above."""
    if histogram.limit == 0:
        return 0.0, 0.0
    share = np.cumsum(histogram.counts) / histogram.counts.sum()
    outside = (1 - percentile / 100) / 2
    low = histogram.centers[np.searchsorted(share, outside)]
    high = histogram.centers[min(np.searchsorted(share, 1 - outside), _BINS - 1)]
    return max(float(low), histogram.low), min(float(high), histogram.high)


def least_error(histogram):
    """Return the bounds for which rounding to 256 levels has the least mean squared error (Banner et al., 2019)."""
    if histogram.limit == 0:
        return 0.0, 0.0
    values, weights = histogram.centers, histogram.counts

    def error(low, high):
        step = max((high - low) / 255, 1e-30)
        nearest = np.clip(np.rint(values / step), np.rint(low / step), np.rint(high / step)) * step
        return float(weights @ (nearest - values) ** 2)

    low, high = histogram.low, histogram.high
    for _ in range(2):  # The best upper bound depends on the lower one, and the other way round.
        high = min((high * factor for factor in _FACTORS), key=lambda end: error(low, end)) if high > 0 else 0.0
        low = min((low * factor for factor in _FACTORS), key=lambda end: error(end, high)) if low < 0 else 0.0
    return low, high


METHODS = {"range": extremes, "percentile": percentiles, "mse": least_error}


def ranges_of(calibration, method):
    """Return the bounds of each value of a graph, by its index: see `striate.engine.low_precision.value_indices`.

    Parameters
    ----------
    calibration : Calibration
        What the values are computed for.
    method : str
        One of `METHODS`.
    """
    histograms = {}
    for values in calibration.values():
        for index, array in values.items():
            histograms.setdefault(index, Histogram()).add(array)
    return {index: METHODS[method](histogram) for index, histogram in histograms.items()}
