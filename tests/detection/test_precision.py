"""Average precision: by hand, by plain loops, and as pycocotools computes it."""

import contextlib
import io

import numpy as np
import pytest

from striate.detection import Detections, Objects, average_precision
from striate.detection.precision import THRESHOLDS

SIDES = (8, 20, 40, 90, 120)


def scene(rng, classes):
    """Return objects, some of them to be ignored, and detections near them and elsewhere, with many equal scores."""
    count = rng.integers(0, 7)
    corner, size = rng.integers(0, 200, (count, 2)), rng.choice(SIDES, (count, 2))
    boxes = np.concatenate([corner, corner + size], 1).astype(float)
    labels = rng.integers(0, classes, count)
    objects = Objects(boxes, labels, rng.random(count) < 0.2, rng.choice([0.5, 1.0], count) * size.prod(1))
    near = boxes.repeat(3, 0) + rng.integers(-6, 7, (3 * count, 4))
    near[:, 2:] = np.maximum(near[:, 2:], near[:, :2])
    corner = rng.integers(0, 200, (4, 2))
    far = np.concatenate([corner, corner + rng.choice(SIDES, (4, 2))], 1)
    right = labels.repeat(3)
    found = np.concatenate([np.where(rng.random(len(right)) < 0.8, right, 0), rng.integers(0, classes, 4)])
    return objects, Detections(np.concatenate([near, far]), found, rng.integers(0, 30, len(found)) / 30)


def scenes(seed, count=25, classes=3):
    rng = np.random.default_rng(seed)
    return zip(*(scene(rng, classes) for _ in range(count)), strict=True)


def by_pycocotools(objects, detections, classes):
    """Return the twelve numbers of COCO's table, NaN instead of -1."""
    coco = pytest.importorskip("pycocotools.coco")
    cocoeval = pytest.importorskip("pycocotools.cocoeval")
    truth, results = coco.COCO(), []
    truth.dataset = {
        "images": [{"id": i} for i in range(len(objects))],
        "categories": [{"id": label} for label in range(classes)],
        "annotations": [],
    }
    for i, (each, found) in enumerate(zip(objects, detections, strict=True)):
        for box, label, ignored, area in zip(each.boxes, each.labels, each.ignored, each.areas, strict=True):
            truth.dataset["annotations"].append(
                {
                    "id": len(truth.dataset["annotations"]) + 1,
                    "image_id": i,
                    "category_id": int(label),
                    "bbox": [*box[:2], *(box[2:] - box[:2])],
                    "area": area,
                    "iscrowd": int(ignored),
                }
            )
        for box, label, score in zip(found.boxes, found.labels, found.scores, strict=True):
            bbox = [*box[:2], *(box[2:] - box[:2])]
            results.append({"image_id": i, "category_id": int(label), "bbox": bbox, "score": score})
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        evaluation = cocoeval.COCOeval(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return np.where(evaluation.stats == -1, np.nan, evaluation.stats)


@pytest.mark.parametrize("seed", range(6))
def test_pycocotools_computes_the_same(seed):
    objects, detections = map(list, scenes(seed))
    np.testing.assert_allclose(
        average_precision(objects, detections, 3)[:12], by_pycocotools(objects, detections, 3), rtol=1e-12
    )


def plain_overlap(a, b, crowd):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    first, second = ((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / (first if crowd else first + second - width * height)


def plain_precision(objects, detections, label, threshold, low=0, high=1e10):
    """Return average precision of one class with one overlap, for objects of some areas: COCO's definition, in plain loops."""
    judged, total = [], 0
    for each, found in zip(objects, detections, strict=True):
        truth = [
            (box, crowd, crowd or not low <= area <= high)
            for box, area, crowd, own in zip(each.boxes, each.areas, each.ignored, each.labels, strict=True)
            if own == label
        ]
        truth.sort(key=lambda one: one[2])
        total += sum(not ignored for *_, ignored in truth)
        taken = set()
        of_label = [
            (box, score) for box, score, own in zip(found.boxes, found.scores, found.labels, strict=True) if own == label
        ]
        for box, score in sorted(of_label, key=lambda one: -one[1])[:100]:
            best, chosen = threshold, None
            for i, (other, crowd, ignored) in enumerate(truth):
                if i in taken and not crowd:
                    continue
                if chosen is not None and ignored and not truth[chosen][2]:
                    break
                if plain_overlap(box, other, crowd) >= best:
                    best, chosen = plain_overlap(box, other, crowd), i
            taken.add(chosen)
            area = (box[2] - box[0]) * (box[3] - box[1])
            counts = low <= area <= high if chosen is None else not truth[chosen][2]
            if counts:
                judged.append((score, chosen is not None))
    judged.sort(key=lambda one: -one[0])
    if not total:
        return np.nan
    rights = np.cumsum([right for _, right in judged])
    points = [(right / total, right / (n + 1)) for n, right in enumerate(rights)]
    best = [max([precision for recall, precision in points if recall >= least], default=0) for least in np.linspace(0, 1, 101)]
    return np.mean(best)


@pytest.mark.parametrize("seed", range(3))
def test_plain_loops_compute_the_same(seed):
    objects, detections = map(list, scenes(seed))
    result = average_precision(objects, detections, 3)
    for label in range(3):
        expected = [plain_precision(objects, detections, label, threshold) for threshold in THRESHOLDS]
        np.testing.assert_allclose(result.ap_of_classes[label], np.mean(expected), rtol=1e-12)
        np.testing.assert_allclose(result.ap50_of_classes[label], expected[0], rtol=1e-12)
    for name, low, high in (("small", 0, 1024), ("medium", 1024, 9216), ("large", 9216, 1e10)):
        values = [
            plain_precision(objects, detections, label, threshold, low, high) for label in range(3) for threshold in THRESHOLDS
        ]
        np.testing.assert_allclose(getattr(result, f"ap_{name}"), np.nanmean(values), rtol=1e-12)


def test_what_is_found_exactly_has_precision_one():
    objects = [Objects([[0, 0, 10, 10], [20, 0, 140, 140]], [0, 1]), Objects([[5, 5, 9, 9]], [1])]
    found = [Detections(each.boxes, each.labels, np.ones(len(each))) for each in objects]
    result = average_precision(objects, found, 3)
    assert result[:3] == (1, 1, 1)
    assert result.recall1 == result.recall100 == 1
    assert result.ap_small == result.ap_large == 1
    assert np.isnan(result.ap_medium)
    np.testing.assert_array_equal(result.ap50_of_classes, [1, 1, np.nan])


def test_nothing_to_find_and_nothing_found():
    nothing, none = Objects([], []), Detections([], [], [])
    assert np.isnan(average_precision([nothing], [Detections([[0, 0, 2, 2]], [0], [0.5])], 1).ap)
    assert np.isnan(average_precision([], [], 1).ap)
    result = average_precision([Objects([[0, 0, 2, 2]], [0])], [none], 1)
    assert result.ap50 == result.recall100 == 0


def test_only_a_hundred_detections_count():
    objects = [Objects([[0, 0, 10, 10]], [0])]
    wrong = np.tile([50.0, 50, 60, 60], (100, 1))
    found = [Detections(np.concatenate([wrong, [[0, 0, 10, 10]]]), [0] * 101, [0.9] * 100 + [0.1])]
    assert average_precision(objects, found, 1).recall100 == 0
    assert average_precision(objects, [found[0][1:]], 1).recall100 == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, [], 1), "objects is of type int; expected a list of Objects, one for each image"),
        (([], [3], 1), r"detections\[0\] is of type int; expected Detections"),
        (([Objects([], [])], [], 1), "objects has 1 elements and detections 0; expected one for each image"),
        (([], [], 0), "classes=0 is too small"),
        (
            ([Objects([[0, 0, 1, 1]], [1])], [Detections([], [], [])], 1),
            r"objects\[0\] holds the label 1; expected labels below classes=1",
        ),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        average_precision(*arguments)
