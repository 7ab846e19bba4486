"""Texts in files."""

from pathlib import Path

from .._common.checks import choice, integer
from .folders import Kind, dataset_from_directory


def text_dataset_from_directory(
    directory,
    labels="inferred",
    label_mode="int",
    class_names=None,
    batch_size=32,
    max_length=None,
    shuffle=True,
    seed=None,
    validation_split=None,
    subset=None,
    follow_links=False,
    format="tf",
    verbose=True,
):
    """Return a loader of the text files (``.txt``, in UTF-8) in a folder with a subfolder for each class.

    Parameters
    ----------
    directory : path
        The folder.
    labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links, format, verbose
        See `image_dataset_from_directory`.
    max_length : int, optional
        Characters after which texts are cut off.

    Returns
    -------
    DataLoader, or two of them
        Loaders of batches (texts, labels), or of texts alone. Texts are arrays of strings.

    Raises
    ------
    FileNotFoundError, ValueError
        As of `image_dataset_from_directory`.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from striate import utils
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for name in ("bad", "good"):
    ...     (folder / name).mkdir()
    ...     _ = (folder / name / "0.txt").write_text(f"a {name} one")
    >>> texts, labels = next(iter(utils.text_dataset_from_directory(folder, shuffle=False, verbose=False)))
    >>> texts.tolist(), labels.tolist()
    (['a bad one', 'a good one'], [0, 1])
    """
    choice("format", format, ("tf", "grain"))
    length = None if max_length is None else integer("max_length", max_length, 1)

    def read(path):
        return Path(path).read_text(encoding="utf-8")[:length]

    return dataset_from_directory(
        directory,
        Kind("texts", (".txt",), read),
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
