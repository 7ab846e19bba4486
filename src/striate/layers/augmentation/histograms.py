"""Layers that equalize the histograms of images."""

import functools

from ..._common.checks import integer, number, pair
from ..._common.docstrings import documented
from ...engine import operations
from ...functional import histograms
from ..transformations import ImageTransformation
from .arguments import checked_range
from .base import AUGMENTATIONS_DOC, EIGHT_BITS, rescaled


class _ByLevels(ImageTransformation):
    """The base class of layers that map levels of brightness to others. A subclass defines `_function`."""

    def __init__(self, value_range, **kwargs):
        super().__init__(**kwargs)
        self.value_range = checked_range(value_range)

    def _function(self):
        """Return the function of images with values from 0 to 255."""
        raise NotImplementedError

    def _transform(self, x, arguments, interpolation=None):
        changed = operations.Levels(rescaled(x, self.value_range, EIGHT_BITS), self._function()).y
        return rescaled(changed, EIGHT_BITS, self.value_range)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"value_range": self.value_range, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class Equalization(_ByLevels):
    """Equalize images in training: change values so that they occur equally often, which spreads the contrast.

    Parameters
    ----------
    bins : int
        Number of levels that are distinguished.

    Notes
    -----
    Each channel of each image is equalized alone; Keras equalizes the images of a batch together. With 256 bins, results for
    whole numbers from 0 to 255 are those of `striate.image.equalize`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([50, 52, 52, 54], np.float32).reshape(1, 2, 2, 1)
    >>> layers.Equalization()(x, training=True).ravel()
    array([  0., 170., 170., 255.], dtype=float32)
    """

    def __init__(self, value_range=(0, 255), bins=256, data_format=None, **kwargs):
        super().__init__(value_range, data_format=data_format, **kwargs)
        self.bins = integer("bins", bins, 2, 1 << 16)

    def _active(self, training):
        return training

    def _function(self):
        return functools.partial(histograms.equalize, bins=self.bins)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"bins": self.bins, **super().get_config()}


@documented(AUGMENTATIONS_DOC)
class ContrastLimitedAdaptiveHistogramEqualization(_ByLevels):
    """Equalize each region of images by itself, with limited contrast (CLAHE), in training and inference.

    Parameters
    ----------
    clip_limit : float
        How often a value may occur in a tile, compared with all values equally often; what exceeds it is spread over all
        values. 0 means no limit.
    tile_grid_size : int or pair of int
        How many tiles there are, one below another and side by side.

    References
    ----------
    .. [1] Zuiderveld, K., "Contrast limited adaptive histogram equalization", Graphics Gems IV, 1994.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> dim = np.tile(np.arange(100, 108, dtype=np.float32), (8, 1)).reshape(1, 8, 8, 1)
    >>> layer = layers.ContrastLimitedAdaptiveHistogramEqualization(clip_limit=0, tile_grid_size=1)
    >>> layer(dim)[0, 0, :, 0]
    array([ 31.875,  63.75 ,  95.625, 127.5  , 159.375, 191.25 , 223.125,
           255.   ], dtype=float32)
    """

    def __init__(self, value_range=(0, 255), clip_limit=4.0, tile_grid_size=(8, 8), data_format=None, **kwargs):
        super().__init__(value_range, data_format=data_format, **kwargs)
        self.clip_limit = number("clip_limit", clip_limit, 0)
        self.tile_grid_size = pair("tile_grid_size", tile_grid_size)

    def _function(self):
        return functools.partial(histograms.clahe, clip_limit=self.clip_limit, tiles=self.tile_grid_size)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"clip_limit": self.clip_limit, "tile_grid_size": self.tile_grid_size, **super().get_config()}
