"""Tracks drawn into frames: their boxes, identities and ways, by Pillow, which is optional."""

from .._common.checks import shown
from ..detection.drawing import Drawing, color_of, names_of
from ..detection.objects import check_all
from ..detection.preparation import check_one
from .tracks import Tracks


def draw_tracks(image, tracks, classes=None, before=(), width=None):
    """Return a frame in colour, with the boxes of tracks, their identities, and the way that they have come.

    Parameters
    ----------
    image : array_like of uint8, shape (height, width) or (height, width, channels)
        The frame.
    tracks : Tracks
        What is in it. Each identity has a colour.
    classes : sequence of str, optional
        Names of the classes; identities alone if None.
    before : list of Tracks
        What was in frames before, the last one last, from which ways are drawn.
    width : int, optional
        Width of the lines in pixels; one that suits the size of the frame if None.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or a label has no name.
    ImportError
        If Pillow is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import tracking
    >>> before, now = (tracking.Tracks([[x, 20, x + 20, 60]], [0], [0.9], ids=[3]) for x in (5, 30))
    >>> drawn = tracking.draw_tracks(np.zeros((80, 100), np.uint8), now, before=[before])
    >>> drawn.shape, drawn[40, 25].any(), drawn[70, 25].any()
    ((80, 100, 3), np.True_, np.False_)
    """
    image = check_one("image", image)
    if not isinstance(tracks, Tracks):
        raise TypeError(f"tracks={shown(tracks)} is of type {type(tracks).__name__}; expected Tracks")
    names = names_of(tracks, classes)
    frames = [*check_all("before", before, Tracks), tracks]
    drawing = Drawing(image, width)
    for id, box, name in zip(tracks.ids, tracks.boxes, names, strict=True):
        color = color_of(id)
        places = [each.boxes[each.ids == id] for each in frames]
        points = [((found[0, :2] + found[0, 2:]) / 2) for found in places if len(found)]
        if len(points) > 1:
            drawing.line(points, color)
        drawing.box(box, f"{name} {id}".strip(), color)
    return drawing.pixels()
