"""Settings, progress, files from a cache, texts and sounds in folders."""

import hashlib
import io
import tarfile
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

import striate
from striate import layers, utils


def test_settings_can_be_frozen():
    config = utils.Config(b=1)
    config.a = 2
    config["c"] = 3
    assert (list(config), len(config), config.b, config.as_dict()) == (["a", "b", "c"], 3, 1, {"b": 1, "a": 2, "c": 3})
    config.freeze()
    for change in (lambda: setattr(config, "a", 5), lambda: config.pop("a"), lambda: config.update(a=1)):
        with pytest.raises(ValueError, match="frozen"):
            change()
    config.unfreeze()
    assert config.pop("a") == 2
    assert "a" not in config
    with pytest.raises(AttributeError, match="no setting 'a'"):
        config.a  # noqa: B018


def test_progress_shows_means(capsys):
    progress = utils.Progbar(4, verbose=2, stateful_metrics=["last"])
    for step in range(1, 4):
        progress.update(step, [("loss", float(step)), ("last", float(step))], finalize=False)
    progress.update(4, finalize=True)
    out = capsys.readouterr().out
    assert out.startswith("4/4  ")
    assert out.endswith(" - loss: 2.0000 - last: 3.0000\n")
    progress = utils.Progbar(2, width=4, interval=0)
    progress.add(1)
    progress.add(1)
    assert [line.strip()[:4] for line in capsys.readouterr().out.split("\r")[1:]] == ["━━──", "━━━━"]


def test_files_are_kept_in_a_cache(tmp_path):
    source = tmp_path / "words.txt"
    source.write_text("one")
    get = {"origin": source.as_uri(), "cache_dir": tmp_path / "cache"}
    path = utils.get_file(**get)
    source.write_text("two")
    assert (tmp_path / "cache" / "datasets" / "words.txt").samefile(path)
    assert Path(utils.get_file(**get)).read_text() == "one"
    digest = hashlib.sha256(b"two").hexdigest()
    assert Path(utils.get_file(**get, file_hash=digest)).read_text() == "two"
    source.write_text("three")
    assert Path(utils.get_file(**get, force_download=True)).read_text() == "three"
    with pytest.raises(OSError, match="checksum"):
        utils.get_file(**get, md5_hash="0" * 32)
    with pytest.raises(ValueError, match="names no file"):
        utils.get_file("../out", **get)


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_archives_are_unpacked_within_their_folder(tmp_path, kind):
    def archive(name, inner):
        path = tmp_path / name
        if kind == "zip":
            with zipfile.ZipFile(path, "w") as file:
                file.writestr(inner, "text")
        else:
            with tarfile.open(path, "w:gz") as file:
                entry = tarfile.TarInfo(inner)
                entry.size = 4
                file.addfile(entry, io.BytesIO(b"text"))
        return {"origin": path.as_uri(), "cache_dir": tmp_path / "cache", "extract": True}

    folder = utils.get_file(**archive(f"good.{kind}", "a/b.txt"))
    assert Path(f"{folder}/a/b.txt").read_text() == "text"
    assert utils.get_file(**archive(f"good.{kind}", "a/b.txt")) == folder
    with pytest.raises(ValueError, match="within its folder"):
        utils.get_file(**archive(f"bad.{kind}", "../b.txt"))
    assert not (tmp_path / "cache" / "datasets" / "b.txt").exists()


def write_sound(path, samples, width, rate=100):
    """Write integers, (samples, channels), to a file."""
    samples = np.asarray(samples, "<i4")
    octets = (samples + 128 if width == 1 else samples).astype("<i4").view(np.uint8).reshape(*samples.shape, 4)[..., :width]
    with wave.open(str(path), "wb") as file:
        file.setparams((samples.shape[1], width, rate, 0, "NONE", ""))
        file.writeframes(octets.tobytes())


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_sounds_of_all_widths(tmp_path, width):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    full = 1 << (8 * width - 1)
    write_sound(tmp_path / "a" / "0.wav", [[0, -full], [full // 2, -full // 2], [full // 4, 0]], width)
    write_sound(tmp_path / "b" / "0.wav", [[-full, 0]], width)
    sounds, labels = next(iter(utils.audio_dataset_from_directory(tmp_path, shuffle=False, verbose=False)))
    np.testing.assert_array_equal(sounds, [[[0, -1], [0.5, -0.5], [0.25, 0]], [[-1, 0], [0, 0], [0, 0]]])
    assert sounds.dtype == np.float32
    assert labels.tolist() == [0, 1]
    cut = utils.audio_dataset_from_directory(tmp_path, labels=None, output_sequence_length=2, shuffle=False, verbose=False)
    np.testing.assert_array_equal(next(iter(cut)), sounds[:, :2])


@pytest.mark.parametrize("rate", [50, 75, 130, 200])
def test_a_tone_is_the_same_at_another_rate(tmp_path, rate):
    (tmp_path / "a").mkdir()
    tone = np.sin(2 * np.pi * 5 * np.arange(100) / 100)
    write_sound(tmp_path / "a" / "0.wav", np.rint(tone[:, np.newaxis] * (1 << 30)), 4)
    sounds, _ = next(iter(utils.audio_dataset_from_directory(tmp_path, sampling_rate=rate, verbose=False)))
    np.testing.assert_allclose(sounds[0, :, 0], np.sin(2 * np.pi * 5 * np.arange(rate) / rate) / 2, atol=1e-6)


def test_damaged_sounds_are_reported(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "0.wav").write_bytes(b"RIFF")
    with pytest.raises(ValueError, match="holds no sound"):
        list(utils.audio_dataset_from_directory(tmp_path, verbose=False))


def test_texts_in_folders(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for i in range(3):
            (tmp_path / name / f"{i}.txt").write_text(f"text {i} of class {name}", encoding="utf-8")
    settings = {"max_length": 6, "seed": 0, "verbose": False, "batch_size": 8}
    texts, labels = next(iter(utils.text_dataset_from_directory(tmp_path, **settings, label_mode="binary")))
    assert sorted(texts.tolist()) == ["text 0", "text 0", "text 1", "text 1", "text 2", "text 2"]
    assert labels.shape == (6, 1)
    parts = utils.text_dataset_from_directory(tmp_path, **settings, validation_split=0.5, subset="both")
    assert [len(each.file_paths) for each in parts] == [3, 3]
    with pytest.raises(FileNotFoundError, match="with texts"):
        utils.text_dataset_from_directory(tmp_path / "no")


def test_inputs_of_a_tensor():
    a, b, c = (layers.Input((2,)) for _ in range(3))
    y = layers.Dense(2)(a)
    z = layers.Add()([y, b, y])
    assert utils.get_source_inputs(z) == [b, a]
    assert utils.get_source_inputs(c) == [c]
    assert striate.backend.is_keras_tensor(z)
    with pytest.raises(TypeError, match="symbolic tensor"):
        utils.get_source_inputs(3)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_images_are_cropped_before_they_are_resized(data_format):
    x = np.zeros((1, 8, 20, 3), "float32")
    x[:, :, 6:14] = 1
    x = x if data_format == "channels_last" else x.transpose(0, 3, 1, 2)
    found = striate.preprocessing.image.smart_resize(x, (4, 4), data_format=data_format)
    assert found.shape == ((1, 4, 4, 3) if data_format == "channels_last" else (1, 3, 4, 4))
    np.testing.assert_allclose(found, 1)
