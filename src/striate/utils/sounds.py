"""Sounds in files."""

import wave

import numpy as np

from .._common.checks import choice, integer, shown
from ..data.loader import DataLoader
from .folders import Kind, dataset_from_directory


def audio_dataset_from_directory(
    directory,
    labels="inferred",
    label_mode="int",
    class_names=None,
    batch_size=32,
    sampling_rate=None,
    output_sequence_length=None,
    ragged=False,
    shuffle=True,
    seed=None,
    validation_split=None,
    subset=None,
    follow_links=False,
    format="tf",
    verbose=True,
):
    """Return a loader of the sounds (``.wav``, of integers) in a folder with a subfolder for each class.

    Parameters
    ----------
    directory : path
        The folder.
    labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links, format, verbose
        See `image_dataset_from_directory`.
    sampling_rate : int, optional
        Samples per second to which sounds are resampled, by way of their spectrum; as they are if None.
    output_sequence_length : int, optional
        Length to which sounds are cut or filled with zeros; that of the longest one in the batch if None.
    ragged : bool
        Must be False: there are no ragged arrays.

    Returns
    -------
    DataLoader, or two of them
        Loaders of batches (sounds, labels), or of sounds alone. Sounds are float32 (batch, samples, channels), -1 to 1.

    Raises
    ------
    FileNotFoundError, ValueError
        As of `image_dataset_from_directory`, and if a file holds no sound of integers.

    Examples
    --------
    >>> import pathlib, tempfile, wave
    >>> import numpy as np
    >>> from striate import utils
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> (folder / "low").mkdir()
    >>> with wave.open(str(folder / "low" / "0.wav"), "wb") as file:
    ...     file.setparams((1, 2, 8000, 0, "NONE", ""))
    ...     file.writeframes(np.full(4, 1 << 14, "<i2").tobytes())
    >>> sounds, labels = next(iter(utils.audio_dataset_from_directory(folder, verbose=False)))
    >>> sounds.shape, float(sounds[0, 0, 0])
    ((1, 4, 1), 0.5)
    """
    choice("format", format, ("tf", "grain"))
    if ragged:
        raise ValueError(f"ragged={shown(ragged)} is not supported, since there are no ragged arrays; expected False")
    rate = None if sampling_rate is None else integer("sampling_rate", sampling_rate, 1)
    length = None if output_sequence_length is None else integer("output_sequence_length", output_sequence_length, 1)

    def read(path):
        sound, given = _sound_in(path)
        if rate is not None and rate != given and len(sound):
            sound = _resampled(sound, max(round(len(sound) * rate / given), 1))
        return sound if length is None else _of_length(sound[:length], length)

    return dataset_from_directory(
        directory,
        Kind("sounds", (".wav",), read, _SoundLoader),
        labels=labels,
        label_mode=label_mode,
        class_names=class_names,
        batch_size=batch_size,
        shuffle=shuffle,
        seed=seed,
        validation_split=validation_split,
        subset=subset,
        follow_links=follow_links,
        verbose=verbose,
    )


class _SoundLoader(DataLoader):
    """A loader that fills short sounds with zeros."""

    @staticmethod
    def _stack(arrays):
        if arrays[0].ndim != 2:
            return np.stack(arrays)
        longest = max(map(len, arrays))
        return np.stack([_of_length(each, longest) for each in arrays])


def _sound_in(path):
    """Return the sound in a file, (samples, channels), and its samples per second."""
    try:
        with wave.open(str(path), "rb") as file:
            width, data = file.getsampwidth(), file.readframes(file.getnframes())
            channels, rate = file.getnchannels(), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path} holds no sound that can be read ({error}); expected a WAV file of integers") from error
    octets = np.frombuffer(data[: len(data) // (width * channels) * width * channels], np.uint8).reshape(-1, channels, width)
    if width == 1:
        return (octets[..., 0].astype(np.float32) - 128) / 128, rate
    wide = np.zeros((*octets.shape[:2], 4), np.uint8)
    wide[..., 4 - width :] = octets  # The upper bytes of a 32-bit integer, the lowest first.
    return (wide.view("<i4")[..., 0] / (1 << 31)).astype(np.float32), rate


def _resampled(sound, count):
    """Return a sound with another number of samples, and the same spectrum as far as both have it."""
    spectrum = np.fft.rfft(sound, axis=0)
    least = min(count, len(sound))
    kept = np.zeros((count // 2 + 1, sound.shape[1]), spectrum.dtype)
    kept[: least // 2 + 1] = spectrum[: least // 2 + 1]
    if least % 2 == 0 and count != len(sound):  # The highest frequency stands for itself and its negative, or for one of them.
        kept[least // 2] *= 2 if count < len(sound) else 0.5
    return (np.fft.irfft(kept, count, axis=0) * (count / len(sound))).astype(np.float32)


def _of_length(sound, length):
    return np.pad(sound, ((0, length - len(sound)), (0, 0)))
