"""Files of MOTChallenge: what is read and written, and what is refused, by file and line."""

import numpy as np
import pytest

from striate.detection import Detections
from striate.tracking import Tracks, read_mot, write_mot


def test_files_keep_tracks(tmp_path):
    rng = np.random.default_rng(0)
    tracks = []
    for count in (2, 0, 3):
        corners = rng.uniform(-5, 200, (count, 2))
        boxes = np.concatenate([corners, corners + rng.uniform(1, 50, (count, 2))], 1)
        tracks.append(Tracks(boxes, rng.integers(0, 5, count), rng.uniform(0.1, 1, count), rng.permutation(9)[:count]))
    write_mot(tmp_path / "found.txt", tracks)
    for got, want in zip(read_mot(tmp_path / "found.txt"), tracks, strict=True):
        np.testing.assert_allclose(got.boxes, want.boxes, rtol=1e-7, atol=1e-6)
        np.testing.assert_allclose(got.scores, want.scores, rtol=1e-7)
        assert got.labels.tolist() == want.labels.tolist()
        assert got.ids.tolist() == want.ids.tolist()


def test_the_ground_truth_of_mot16(tmp_path):
    (tmp_path / "gt.txt").write_text("1,1,913,485,84,110,1,1,1\n1,2,10,20,5,6,0,8,0.3\n3,1,914,485,84,110,1,3,0.9\n")
    tracks = read_mot(tmp_path / "gt.txt")
    assert [each.ids.tolist() for each in tracks] == [[1], [], [1]]  # what has the flag 0 does not count
    assert tracks[0].boxes.tolist() == [[912, 484, 996, 594]]
    assert tracks[2].labels.tolist() == [2]
    assert len(read_mot(tmp_path / "gt.txt", frames=5)) == 5


@pytest.mark.parametrize("order", [1, -1])
def test_lines_that_do_not_count_are_no_second_box(order, tmp_path):
    lines = ["1,7,11,21,20,40,1,1,1", "1,7,50,60,5,6,0,1,1"]
    (tmp_path / "gt.txt").write_text("\n".join(lines[::order]))
    (tracks,) = read_mot(tmp_path / "gt.txt")
    assert tracks.boxes.tolist() == [[10, 20, 30, 60]]


def test_detections_have_no_identities(tmp_path):
    (tmp_path / "det.txt").write_text("1,-1,11,21,20,40,0.5,-1,-1,-1\n1,-1,1,1,5,6,0.25,-1,-1,-1\n")
    (found,) = read_mot(tmp_path / "det.txt", "detections")
    assert type(found) is Detections
    assert found.boxes.tolist() == [[10, 20, 30, 60], [0, 0, 5, 6]]
    assert found.scores.tolist() == [0.5, 0.25]
    with pytest.raises(ValueError, match=r"det.txt:1: it has the id -1; expected an integer of at least 0"):
        read_mot(tmp_path / "det.txt")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,2,3", "it has 3 numbers; expected frame, id, left, top, width, height"),
        ("1,2,3,x,5,6,1", "it has the number 'x'; expected finite numbers"),
        (f"1{'0' * 400},2,3,4,5,6,1", "it has the number '1000*'; expected finite numbers"),
        ("1,2,1e308,4,1e308,6,1", "it has a box whose end is too large for a float"),
        ("0,2,3,4,5,6,1", "it has the frame 0; expected an integer from 1 to"),
        ("1.5,2,3,4,5,6,1", "it has the frame 1.5"),
        ("1,2,3,4,0,6,1", "it has a box of 0 x 6 pixels; expected a width and a height above 0"),
        ("1,2,3,4,5,6,1,2.5", "it has the class 2.5; expected an integer"),
        ("1,7,3,4,5,6,1", "it has a second box of the id 7 in frame 1; expected one"),
    ],
)
def test_lines_that_cannot_be_used_are_named(line, message, tmp_path):
    path = tmp_path / "wrong.txt"
    path.write_text(f"1,7,11,21,20,40,1\n\n{line}\n")
    with pytest.raises(ValueError, match=r"has 1 problem:\n.*wrong.txt:3: " + message):
        read_mot(path)
    with pytest.warns(UserWarning, match=message):
        (tracks,) = read_mot(path, invalid="skip")
    assert tracks.ids.tolist() == [7]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: read_mot("a.txt", kind="boxes"), "kind='boxes' is unknown"),
        (lambda: write_mot("a.txt", [3]), r"tracks\[0\] is of type int; expected Tracks"),
        (
            lambda: write_mot("a.txt", [Tracks([[0, 0, 9, 9], [3, 1, 3, 6]], [0, 0], [1.0, 1.0], [1, 2])]),
            r"tracks\[0\] has a box of 0 x 5 pixels; expected a width and a height above 0",
        ),
        (lambda: write_mot("a.txt", [Tracks([[0, 0, 1, 1]], [0], [0.0], [1])]), r"tracks\[0\] has the score 0.0; expected"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
