"""``detect``: what is in the frames of a video, and where."""

import collections
import itertools
import json
import time

import numpy as np

from .. import detection, tracking
from .._common.files import atomic_write, check_folder
from .._common.terminal import show
from ..detection.preparation import fitted
from ..image.files import format_of, pillow, save
from .options import positive

#: Number of frames for which the way of a track is drawn.
_WAY = 20


def add_options(parser):
    """Add the options of the command."""
    parser.add_argument("model", metavar="MODEL", help="file of a trained detector")
    parser.add_argument("video", metavar="VIDEO", help="folder of images, GIF, or video (MP4 …, if imageio is installed)")
    parser.add_argument("out", metavar="OUT", help="animation to write, such as a GIF; boxes go to a file .jsonl beside it")
    parser.add_argument("--threshold", type=float, default=0.5, help="score from which a box counts (default: %(default)s)")
    parser.add_argument(
        "--fps", type=positive(float), default=10.0, help="frames a second in the animation (default: %(default)s)"
    )
    parser.add_argument("--frames", type=positive(int), help="number of frames (default: all)")
    parser.add_argument("--track", action="store_true", help="give things identities, the same in each frame (needs SciPy)")


def detect(arguments):
    """Find objects in each frame of a video; write an animation with their boxes, and the boxes as lines of JSON."""
    out = check_folder(arguments.out)
    boxes_path = out.with_suffix(".jsonl")
    if out == boxes_path:
        raise ValueError(f"OUT={arguments.out!r} is the file of the boxes; expected an animation, such as a GIF")
    try:
        format_of(out)  # before anything is written
    except ValueError:
        raise ValueError(f"OUT={arguments.out!r} is no animation of images; expected the ending .gif, .png or .webp") from None
    detector = detection.load_detector(arguments.model)
    mode = "gray" if detector.model.input_shape[-1] == 1 else "rgb"
    look = _tracking(detector, arguments.threshold) if arguments.track else _detecting(detector, arguments.threshold)
    drawn, seconds, count, start = [], 0.0, 0, time.perf_counter()
    with atomic_write(boxes_path) as file:
        for i, frame in enumerate(itertools.islice(detection.read_frames(arguments.video, mode), arguments.frames)):
            begin = time.perf_counter()
            found, draw = look(frame)
            seconds += time.perf_counter() - begin if i else 0.0  # The first one includes planning.
            count += len(found)
            file.write((json.dumps(_line(i, found, detector.classes)) + "\n").encode())
            drawn.append(draw())
    _write_animation(out, drawn, arguments.fps)
    speed = f", {(len(drawn) - 1) / seconds:.0f} frames a second" if len(drawn) > 1 else ""
    whole = len(drawn) / (time.perf_counter() - start)
    show(f"{len(drawn)} frames, {count} objects{speed} (with reading, drawing and writing: {whole:.0f})")
    show(f"{out}: the frames with boxes; {boxes_path}: the boxes")
    return 0


def _detecting(detector, threshold):
    """Return a function that returns what is in a frame, and a function that draws it."""

    def look(frame):
        found = detector.detect(frame, score_threshold=threshold)
        return found, lambda: detection.draw_boxes(frame, found, detector.classes)

    return look


def _tracking(detector, threshold):
    """Return a function that returns the tracks in the next frame, and a function that draws them."""
    tracker = tracking.Tracker(score_threshold=threshold)
    before = collections.deque(maxlen=_WAY)

    def look(frame):
        found = tracker.update(detector.detect(frame, score_threshold=tracker.low_threshold), frame)
        way = list(before)
        before.append(found)
        return found, lambda: tracking.draw_tracks(frame, found, detector.classes, way)

    return look


def _line(index, found, classes):
    """Return what was found in a frame, for JSON."""
    rows = zip(found.labels, found.scores, found.boxes, strict=True)
    objects = [
        {"class": classes[label], "score": round(float(score), 4), "box": [round(float(each), 2) for each in box]}
        for label, score, box in rows
    ]
    if isinstance(found, tracking.Tracks):
        objects = [{"id": int(id), **each} for id, each in zip(found.ids, objects, strict=True)]
    return {"frame": index, "objects": objects}


def _write_animation(path, frames, fps):
    """Write frames, which may have different sizes, as an animation of the size of the first."""
    pictures = [pillow().fromarray(np.ascontiguousarray(fitted(frame, frames[0].shape)[0])) for frame in frames]
    save(path, pictures[0], save_all=True, append_images=pictures[1:], duration=1000 / fps, loop=0)
