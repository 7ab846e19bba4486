# Written by `python -m docs.stubs` from signatures and docstrings.
# mypy: disable-error-code="overload-overlap, override"

from os import PathLike
from typing import Any
import numpy.typing as npt

__all__ = [
    "get_word_index",
    "load_data",
]

def get_word_index(path: str | PathLike[str] = "imdb_word_index.json") -> dict[str, int]: ...
def load_data(
    path: str = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int = 1,
    oov_char: int = 2,
    index_from: int = 3,
) -> tuple[npt.NDArray[Any], ...]: ...
