"""Tracks in text files, in the format of MOTChallenge: a line for each box."""

import numpy as np

from .._common.checks import check_path, choice, integer
from .._common.files import check_folder, open_regular, write_atomically
from ..detection import Detections, convert_boxes
from ..detection.objects import check_all
from ..detection.problems import Problems, number_in
from .tracks import Tracks

#: Frames that a file may have: more are an error of whoever wrote it.
_MOST_FRAMES = 1_000_000

#: Numbers of words in a line: frame, id, left, top, width and height; a score; a class and a visibility, or three coordinates.
_WORDS = range(6, 11)


def read_mot(path, kind="tracks", frames=None, *, invalid="raise"):
    r"""Read tracks or detections from a text file in the format of MOTChallenge [1]_.

    Parameters
    ----------
    path : path
        The file. A line is ``frame, id, left, top, width, height, score, class, visibility``, of which all after the height may
        be missing. Frames, classes and pixels are counted from 1. Lines with the score 0 do not count.
    kind : {"tracks", "detections"}
        What it holds: tracks, or boxes without identities, whose id is -1.
    frames : int, optional
        Number of frames; up to the last in which there is something if None.
    invalid : {"raise", "skip"}
        Whether a line that cannot be used is an error, or is left out, with a warning. Both name each of them, with its file
        and line.

    Returns
    -------
    list of (Tracks or Detections)
        What is in each frame, the first of the video first. Of a class -1, or none, the label is 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or the file is not in this format.
    OSError
        If it cannot be read.

    References
    ----------
    .. [1] Milan, A. et al., "MOT16: a benchmark for multi-object tracking", 2016, section 5.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from striate import tracking
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "gt.txt")
    ...     _ = path.write_text("1, 7, 11, 21, 20, 40, 1, 1, 1.0\n3, 7, 15, 21, 20, 40, 1, 1, 0.5\n")
    ...     tracks = tracking.read_mot(path)
    >>> len(tracks), tracks[2].ids, tracks[2].boxes
    (3, array([7]), array([[14., 20., 34., 60.]]))
    """
    path = check_path("path", path)
    kind = choice("kind", kind, ("tracks", "detections"))
    frames = None if frames is None else integer("frames", frames, 0, _MOST_FRAMES)
    problems = Problems(path, invalid)
    with open_regular(path) as file:
        lines = file.read().decode(errors="replace").splitlines()
    found = {}  # rows (left, top, width, height, score, label, id) by frame
    for line, text in enumerate(lines, 1):
        if text.strip():
            row = _parsed(path, line, text, kind, frames, problems)
            # A line that does not count cannot be the second one of its id, before or after the one that does.
            if row is not None and row[5] != 0 and not _stands_twice(path, line, row, kind, found, problems):
                found.setdefault(row[0], []).append(row[1:])
    problems.report()
    count = max(found, default=0) if frames is None else frames
    return [_frame(found.get(i, []), kind) for i in range(1, count + 1)]


def _parsed(path, line, text, kind, frames, problems):
    """Return (frame, left, top, width, height, score, label, id) of a line, or None if it cannot be used."""
    words = [each.strip() for each in text.split(",")]
    if len(words) not in _WORDS:
        problems.add(path, line, f"it has {len(words)} numbers; expected frame, id, left, top, width, height, score, class …")
        return None
    numbers = np.array([number_in(each) for each in words])
    if not np.isfinite(numbers[:8]).all():
        problems.add(
            path, line, f"it has the number {words[int(np.argmin(np.isfinite(numbers[:8])))]!r}; expected finite numbers"
        )
        return None
    frame, id, left, top, width, height = numbers[:6]
    score, label = (numbers[i] if len(numbers) > i else -1 for i in (6, 7))
    last = _MOST_FRAMES if frames is None else frames
    if frame != int(frame) or not 1 <= frame <= last:
        problems.add(path, line, f"it has the frame {words[0]}; expected an integer from 1 to {last}")
    elif kind == "tracks" and (id != int(id) or not 0 <= id < 1 << 53):
        problems.add(path, line, f"it has the id {words[1]}; expected an integer of at least 0, or kind='detections'")
    elif width <= 0 or height <= 0:
        problems.add(path, line, f"it has a box of {words[4]} x {words[5]} pixels; expected a width and a height above 0")
    elif not np.isfinite([float(left) + float(width), float(top) + float(height)]).all():
        problems.add(path, line, "it has a box whose end is too large for a float; expected a smaller one")
    elif label != int(label) or not -1 <= label < 1 << 53:
        problems.add(path, line, f"it has the class {words[7]}; expected an integer of at least 1, or -1 for none")
    else:
        return int(frame), left - 1, top - 1, width, height, score, max(int(label) - 1, 0), int(id)
    return None


def _stands_twice(path, line, row, kind, found, problems):
    """Return whether a track has a second box in a frame, which is a problem."""
    twice = kind == "tracks" and any(row[-1] == other[-1] for other in found.get(row[0], []))
    if twice:
        problems.add(path, line, f"it has a second box of the id {row[-1]} in frame {row[0]}; expected one")
    return twice


def _frame(rows, kind):
    """Return what is in a frame. A score of -1 stands for none, which is as good as 1."""
    rows = np.array(rows, np.float64).reshape(-1, 7)
    boxes = convert_boxes(rows[:, :4], "xywh", "xyxy")
    scores = np.where(rows[:, 4] == -1, 1, rows[:, 4])
    labels, ids = rows[:, 5].astype(np.int64), rows[:, 6].astype(np.int64)
    return Tracks(boxes, labels, scores, ids) if kind == "tracks" else Detections(boxes, labels, scores)


def write_mot(path, tracks):
    """Write tracks to a text file in the format of MOTChallenge, which `read_mot` reads.

    Parameters
    ----------
    path : path
        The file.
    tracks : list of Tracks
        What is in each frame.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or a score is not above 0, or a box has no width or height, of which the
        format has none that count.
    OSError
        If it cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from striate import tracking
    >>> tracks = [tracking.Tracks([[10, 20, 30, 60]], [0], [0.75], [7])]
    >>> with TemporaryDirectory() as folder:
    ...     tracking.write_mot(f"{folder}/found.txt", tracks)
    ...     print(Path(folder, "found.txt").read_text())
    1,7,11,21,20,40,0.75,1,1
    <BLANKLINE>
    """
    path = check_path("path", path)
    lines = []
    for frame, each in enumerate(check_all("tracks", tracks, Tracks), 1):
        if (each.scores <= 0).any():
            raise ValueError(f"tracks[{frame - 1}] has the score {each.scores.min()}; expected scores above 0")
        boxes = convert_boxes(each.boxes, "xyxy", "xywh") + np.array([1, 1, 0, 0])
        if (flat := (boxes[:, 2:] <= 0).any(1)).any():
            width, height = boxes[flat.argmax(), 2:]
            raise ValueError(
                f"tracks[{frame - 1}] has a box of {width:g} x {height:g} pixels; expected a width and a height above 0"
            )
        for id, box, score, label in zip(each.ids, boxes.tolist(), each.scores, each.labels, strict=True):
            numbers = ",".join(f"{value:.9g}" for value in (*box, score))
            lines.append(f"{frame},{id},{numbers},{label + 1},1\n")
    check_folder(path)
    write_atomically(path, "".join(lines).encode())
