"""What happened in a video, and when: in files with a line of JSON for each event, and compared with what did happen."""

import json
from typing import NamedTuple

import numpy as np

from .._common.checks import check_path, number
from .._common.files import check_folder, open_regular, write_atomically
from ..detection import iou
from ..detection.problems import Problems, number_in


class Event(NamedTuple):
    """Something that happened at a place in a video.

    Examples
    --------
    >>> from striate import video
    >>> event = video.Event(time=12.5, box=(40, 60, 52, 70), label="bag", score=0.97)
    >>> f"{event.label} after {event.time} s"
    'bag after 12.5 s'
    """

    time: float  # seconds from the beginning of the video
    box: tuple  # (x_min, y_min, x_max, y_max) in pixels
    label: str  # what it is
    score: float = 1.0  # how sure that is


class MatchedEvents(NamedTuple):
    """What `match_events` returns.

    Examples
    --------
    >>> from striate import video
    >>> bag = video.Event(10.0, (0, 0, 8, 8), "bag")
    >>> video.match_events([bag], [bag._replace(time=14.0)]).delays
    [4.0]
    """

    pairs: list  # (what happened, what was found), in the order of time
    missed: list  # what happened and was not found
    false: list  # what was found and did not happen
    delays: list  # seconds of each pair from when it happened to when it was found


def match_events(truth, found, seconds=30.0, iou_threshold=0.3):
    """Return which events were found.

    Each event is matched with the first that was found at most some seconds later, at the same place, and with the same label.

    Parameters
    ----------
    truth : list of Event
        What happened.
    found : list of Event
        What was found.
    seconds : float
        The longest delay.
    iou_threshold : float
        Least overlap of the boxes.

    Returns
    -------
    MatchedEvents

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import video
    >>> bag, light = video.Event(10.0, (0, 0, 8, 8), "bag"), video.Event(20.0, (30, 0, 60, 40), "light")
    >>> result = video.match_events([bag], [bag._replace(time=14.0), light])
    >>> len(result.pairs), len(result.missed), [event.label for event in result.false]
    (1, 0, ['light'])
    """
    truth, found = (sorted(_check_events(name, each)) for name, each in (("truth", truth), ("found", found)))
    seconds, threshold = number("seconds", seconds, 0), number("iou_threshold", iou_threshold, 0, 1)
    pairs, missed, left = [], [], list(found)
    for event in truth:
        for each in left:
            soon = event.time <= each.time <= event.time + seconds and each.label == event.label
            if soon and iou([event.box], [each.box])[0, 0] >= threshold:
                pairs.append((event, each))
                left.remove(each)
                break
        else:
            missed.append(event)
    return MatchedEvents(pairs, missed, left, [each.time - event.time for event, each in pairs])


def _check_events(name, events):
    """Return a list of events with boxes that are such."""
    if not isinstance(events, (list, tuple)):
        raise TypeError(f"{name} is of type {type(events).__name__}; expected a list of Event")
    checked = []
    for i, each in enumerate(events):
        if not isinstance(each, Event):
            raise TypeError(f"{name}[{i}] is of type {type(each).__name__}; expected an Event")
        box = np.asarray(each.box)
        if box.shape != (4,) or box.dtype.kind not in "iuf" or not np.isfinite(box).all() or (box[2:] < box[:2]).any():
            raise ValueError(f"{name}[{i}] has the box {each.box!r}; expected (x_min, y_min, x_max, y_max)")
        if not isinstance(each.label, str):
            raise TypeError(f"{name}[{i}] has the label {each.label!r}; expected a str")
        time = number(f"{name}[{i}].time", each.time, 0)
        checked.append(Event(time, tuple(map(float, box)), str(each.label), number(f"{name}[{i}].score", each.score)))
    return checked


def write_events(path, events):
    """Write events to a file, a line of JSON for each.

    Parameters
    ----------
    path : path
        The file.
    events : list of Event
        The events.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    OSError
        If it cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from striate import video
    >>> with TemporaryDirectory() as folder:
    ...     video.write_events(f"{folder}/log.jsonl", [video.Event(12.5, (40, 60, 52, 70), "bag", 0.97)])
    ...     print(Path(folder, "log.jsonl").read_text())
    {"time": 12.5, "class": "bag", "score": 0.97, "box": [40.0, 60.0, 52.0, 70.0]}
    <BLANKLINE>
    """
    path = check_path("path", path)
    lines = [
        json.dumps({"time": each.time, "class": each.label, "score": each.score, "box": list(each.box)})
        for each in _check_events("events", events)
    ]
    check_folder(path)
    write_atomically(path, "".join(f"{line}\n" for line in lines).encode())


def read_events(path, *, invalid="raise"):
    """Read events from a file that `write_events` wrote.

    Parameters
    ----------
    path : path
        The file.
    invalid : {"raise", "skip"}
        Whether a line that is not an event is an error, or is left out, with a warning. Both name each of them, with its file
        and line.

    Returns
    -------
    list of Event

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or a line is not an event.
    OSError
        If it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from striate import video
    >>> with TemporaryDirectory() as folder:
    ...     video.write_events(f"{folder}/log.jsonl", [video.Event(12.5, (40, 60, 52, 70), "bag", 0.97)])
    ...     video.read_events(f"{folder}/log.jsonl")
    [Event(time=12.5, box=(40.0, 60.0, 52.0, 70.0), label='bag', score=0.97)]
    """
    path = check_path("path", path)
    problems, events = Problems(path, invalid), []
    with open_regular(path) as file:
        lines = file.read().decode(errors="replace").splitlines()
    for line, text in enumerate(lines, 1):
        if text.strip():
            try:
                events += _check_events("it", [_event(text)])
            except (TypeError, ValueError, RecursionError) as error:
                problems.add(path, line, str(error))
    problems.report()
    return events


def _event(text):
    """Return the event that a line of JSON tells."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is not JSON ({error}); expected an event") from None
    if not isinstance(value, dict) or not {"time", "class", "score", "box"} <= set(value) or not isinstance(value["box"], list):
        raise ValueError("it is not an event; expected an object with time, class, score and box")
    box = tuple(number_in(each) for each in value["box"])
    return Event(number_in(value["time"]), box, value["class"], number_in(value["score"]))
