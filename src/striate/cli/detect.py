"""``detect``: what is in the frames of a video, and where."""

import itertools
import json
import time

import numpy as np

from .. import detection
from .._common.files import atomic_write, check_folder
from .._common.terminal import show
from ..detection.preparation import fitted
from ..image.files import pillow, save
from .options import positive


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


def detect(arguments):
    """Find objects in each frame of a video; write an animation with their boxes, and the boxes as lines of JSON."""
    out = check_folder(arguments.out)
    boxes_path = out.with_suffix(".jsonl")
    if out == boxes_path:
        raise ValueError(f"OUT={arguments.out!r} is the file of the boxes; expected an animation, such as a GIF")
    detector = detection.load_detector(arguments.model)
    mode = "gray" if detector.model.input_shape[-1] == 1 else "rgb"
    drawn, seconds, count, start = [], 0.0, 0, time.perf_counter()
    with atomic_write(boxes_path) as file:
        for i, frame in enumerate(itertools.islice(detection.read_frames(arguments.video, mode), arguments.frames)):
            begin = time.perf_counter()
            found = detector.detect(frame, score_threshold=arguments.threshold)
            seconds += time.perf_counter() - begin if i else 0.0  # The first one includes planning.
            count += len(found)
            file.write((json.dumps(_line(i, found, detector.classes)) + "\n").encode())
            drawn.append(detection.draw_boxes(frame, found, detector.classes))
    _write_animation(out, drawn, arguments.fps)
    speed = f", {(len(drawn) - 1) / seconds:.0f} frames a second" if len(drawn) > 1 else ""
    whole = len(drawn) / (time.perf_counter() - start)
    show(f"{len(drawn)} frames, {count} objects{speed} (with reading, drawing and writing: {whole:.0f})")
    show(f"{out}: the frames with boxes; {boxes_path}: the boxes")
    return 0


def _line(index, found, classes):
    """Return what was found in a frame, for JSON."""
    rows = zip(found.labels, found.scores, found.boxes, strict=True)
    objects = [
        {"class": classes[label], "score": round(float(score), 4), "box": [round(float(each), 2) for each in box]}
        for label, score, box in rows
    ]
    return {"frame": index, "objects": objects}


def _write_animation(path, frames, fps):
    """Write frames, which may have different sizes, as an animation of the size of the first."""
    pictures = [pillow().fromarray(np.ascontiguousarray(fitted(frame, frames[0].shape)[0])) for frame in frames]
    save(path, pictures[0], save_all=True, append_images=pictures[1:], duration=1000 / fps, loop=0)
