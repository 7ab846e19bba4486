"""Frames of folders, animations and videos."""

import numpy as np
import pytest

from striate import image
from striate.detection import read_frames

Image = pytest.importorskip("PIL.Image")

VALUES = (10, 100, 200)


def test_files_of_a_folder_are_frames_in_the_order_of_their_names(tmp_path):
    for name, value in zip("bac", VALUES, strict=True):
        image.write(tmp_path / f"{name}.png", np.full((4, 6), value, np.uint8))
    (tmp_path / "notes.txt").write_text("no image")
    frames = list(read_frames(tmp_path))
    assert [(frame.shape, frame.max()) for frame in frames] == [((4, 6, 3), value) for value in (100, 10, 200)]
    assert next(read_frames(tmp_path, "gray")).shape == (4, 6)


def test_animations_have_several_frames(tmp_path):
    pictures = [Image.fromarray(np.full((4, 6), value, np.uint8)) for value in VALUES]
    pictures[0].save(tmp_path / "all.gif", save_all=True, append_images=pictures[1:])
    assert [frame.max() for frame in read_frames(tmp_path / "all.gif", "gray")] == list(VALUES)
    pictures[0].save(tmp_path / "one.png")
    assert len(list(read_frames(tmp_path / "one.png"))) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # FFmpeg's pipes are left open by imageio.
def test_videos_are_read_by_imageio(tmp_path):
    iio = pytest.importorskip("imageio.v3")
    pytest.importorskip("imageio_ffmpeg")
    frames = np.stack([np.full((32, 48, 3), value, np.uint8) for value in VALUES])
    iio.imwrite(tmp_path / "all.mp4", frames, fps=5)
    found = list(read_frames(tmp_path / "all.mp4"))
    assert [frame.shape for frame in found] == [(32, 48, 3)] * 3
    np.testing.assert_allclose([frame.mean() for frame in found], VALUES, atol=6)
    assert next(read_frames(tmp_path / "all.mp4", "gray")).shape == (32, 48)


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        (".", ValueError, "is a folder without images; expected some"),
        ("damaged.gif", ValueError, "damaged.gif' is not an image, or is damaged"),
        ("nowhere.gif", FileNotFoundError, "No such file"),
    ],
)
def test_what_has_no_frames_is_refused(tmp_path, name, kind, message):
    (tmp_path / "damaged.gif").write_bytes(b"GIF89a")
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(kind, match=message):
        list(read_frames(folder if name == "." else tmp_path / name))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # FFmpeg's pipes are left open by imageio.
def test_a_damaged_video_is_named(tmp_path):
    pytest.importorskip("imageio.v3")
    pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "video.mp4"
    path.write_bytes(b"no video")
    with pytest.raises(ValueError, match=r"path='.*video\.mp4' cannot be read as a video \(.*\); expected an undamaged file"):
        list(read_frames(path))
