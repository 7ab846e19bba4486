"""Data sets of files in a folder with a subfolder for each class."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .._common.checks import boolean, check_path, check_seed, choice, integers, number, sequence, shown, verbosity
from ..data.loader import DataLoader


@dataclass(frozen=True)
class Kind:
    """A kind of files."""

    name: str  # what errors call several of them
    endings: tuple  # of their names
    read: Callable  # the function that returns the sample in a file
    loader: type = DataLoader  # the class that makes batches of samples


class _Files:
    """A data set of files, which are read when they are needed."""

    def __init__(self, paths, labels, read):
        self.paths = paths
        self.labels = labels
        self.read = read

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        sample = self.read(self.paths[index])
        return (sample,) if self.labels is None else (sample, self.labels[index])


def dataset_from_directory(
    directory,
    kind,
    *,
    labels,
    label_mode,
    class_names,
    batch_size,
    shuffle,
    seed,
    validation_split,
    subset,
    follow_links,
    verbose,
):
    """Return a loader of the files of a `Kind` in a folder, or two: see `image_dataset_from_directory`."""
    root = Path(check_path("directory", directory))
    if not root.is_dir():
        raise FileNotFoundError(f"directory={str(directory)!r} is not a folder; expected one with {kind.name}")
    choice("label_mode", label_mode, ("int", "categorical", "binary", None))
    if (validation_split is None) != (subset is None):
        raise ValueError(
            f"validation_split={shown(validation_split)} and subset={shown(subset)} belong together; expected both or neither"
        )
    seed = check_seed("seed", seed)
    labels = None if label_mode is None else labels
    names, paths, indices = _find(root, kind, labels, class_names, boolean("follow_links", follow_links))
    if verbosity(verbose):
        print(f"Found {len(paths)} {kind.name}{'' if names is None else f' of {len(names)} classes'}.")
    given = None if indices is None or label_mode is None else _as_labels(indices, label_mode, names)

    def loader(chosen):
        files = [paths[i] for i in chosen]
        samples = _Files(files, None if given is None else given[chosen], kind.read)
        batches = kind.loader(samples, batch_size or 32, shuffle, workers=2, rng=seed)
        batches._is_bare = given is None
        batches = batches.unbatch() if batch_size is None else batches
        batches.class_names = names
        batches.file_paths = [str(path) for path in files]
        return batches

    order = np.arange(len(paths))
    if validation_split is None:
        return loader(order)
    choice("subset", subset, ("training", "validation", "both"))
    number("validation_split", validation_split, 0, 1, open_minimum=True, open_maximum=True)
    if shuffle:
        if seed is None:
            raise ValueError("seed is None; expected a number, so that both parts come from the same split")
        order = np.random.default_rng(seed).permutation(len(paths))
    held_back = int(validation_split * len(paths))
    if not 0 < held_back < len(paths):
        raise ValueError(
            f"validation_split={shown(validation_split)} of {len(paths)} {kind.name} leaves one part empty; expected more"
        )
    training, validation = order[:-held_back], order[-held_back:]
    if subset == "both":
        return loader(training), loader(validation)
    return loader(training if subset == "training" else validation)


def _find(root, kind, labels, class_names, follow_links):
    """Return the names of classes, the files and their class indices; None for names or indices that do not exist."""
    inferred = isinstance(labels, str) and choice("labels", labels, ("inferred",)) == "inferred"
    if inferred:
        folders = sorted(each.name for each in root.iterdir() if _is_class(each, follow_links))
        names = folders if class_names is None else sequence("class_names", class_names, "names of folders")
        if missing := [name for name in names if name not in folders]:
            raise ValueError(f"class_names holds {missing}; expected names of folders in {str(root)!r}: {folders}")
        found = [(path, i) for i, name in enumerate(names) for path in _files(root / name, kind, follow_links)]
        paths, indices = [path for path, _ in found], np.array([i for _, i in found], np.int64)
    else:
        if class_names is not None:
            raise ValueError(f"class_names={shown(class_names)} are those of folders; expected None for other labels")
        paths = _files(root, kind, follow_links)
        indices = None if labels is None else np.array(integers("labels", labels, 0), np.int64)
        names = None if indices is None else [str(label) for label in np.unique(indices)]
        if indices is not None and len(indices) != len(paths):
            raise ValueError(f"labels has {len(indices)} elements; expected one for each of the {len(paths)} {kind.name}")
    if not paths:
        raise ValueError(f"directory={str(root)!r} holds no {kind.name}; expected files ending in {', '.join(kind.endings)}")
    return names, paths, indices


def _files(folder, kind, follow_links):
    found = []
    for base, folders, names in os.walk(folder, followlinks=follow_links):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        found += [Path(base) / name for name in names if not _is_hidden(name)]
    return sorted(path for path in found if path.suffix.lower() in kind.endings)


def _is_class(path, follow_links):
    return path.is_dir() and not _is_hidden(path.name) and (follow_links or not path.is_symlink())


def _is_hidden(name):
    return name.startswith(".")


def _as_labels(indices, mode, names):
    if mode == "binary":
        if len(names) != 2:
            raise ValueError(f"label_mode='binary' is for two classes; expected two, got {len(names)}")
        return indices.astype(np.float32)[:, np.newaxis]
    if mode == "int":
        return indices.astype(np.int32)
    return np.eye(max(len(names), int(indices.max()) + 1), dtype=np.float32)[indices]
