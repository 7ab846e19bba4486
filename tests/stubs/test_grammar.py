"""Types in docstrings are read as they are meant."""

import pytest

from docs.stubs import docstrings, grammar

CASES = {  # the annotations of an argument and of a result
    "int": ("int", "int"),
    "int, optional": ("int", "int"),
    "int or pair of int": ("int | Sequence[int]", "int | tuple[int, int]"),
    "three of int": ("Sequence[int]", "tuple[int, int, int]"),
    "tuple of 3 floats, optional": ("Sequence[float]", "tuple[float, float, float]"),
    "tuple of (int or None)": ("Sequence[int | None]", "tuple[int | None, ...]"),
    "tuple of int, or None": ("Sequence[int] | None", "tuple[int, ...] | None"),
    "list of str": ("list[str] | tuple[str, ...]", "list[str]"),
    "sequence of str": ("Sequence[str]", "Sequence[str]"),
    "dict of str to list of float": ("Mapping[str, Sequence[float]]", "dict[str, list[float]]"),
    "list or dict of float, optional": ("Sequence[float] | Mapping[str, float]", "list[float] | dict[str, float]"),
    "str or Loss, or a list or dict of them": (
        "str | <striate.losses.Loss> | Callable[..., Any] | Sequence[Any] | Mapping[str, Any]",
        "str | <striate.losses.Loss> | Any",
    ),
    '{"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))': (
        'Literal["valid", "same"] | int | Sequence[int] | Sequence[Sequence[int]]',
        'Literal["valid", "same"] | int | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]]',
    ),
    '{None, "avg", "max"}': ('Literal[None, "avg", "max"]', 'Literal[None, "avg", "max"]'),
    '{"auto", 0, 1, 2}': ('Literal["auto", 0, 1, 2] | bool', 'Literal["auto", 0, 1, 2]'),
    '"epoch" or int': ('Literal["epoch"] | int', 'Literal["epoch"] | int'),
    "array_like, shape (n, 4), or dict of them": ("npt.ArrayLike | Mapping[str, Any]", "npt.NDArray[Any] | Any"),
    "array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch axis": (
        "npt.ArrayLike",
        "npt.NDArray[Any]",
    ),
    "ndarray of uint8, shape (height, width, 3)": ("npt.NDArray[np.uint8]", "npt.NDArray[np.uint8]"),
    "ndarray of float32 or float64, any shape": ("npt.NDArray[np.floating]", "npt.NDArray[Any]"),
    "ndarray of x's dtype, shape (channels / groups, filters), optional": ("npt.NDArray[Any]", "npt.NDArray[Any]"),
    "array_like or symbolic tensor, shape (…, m, n)": ("<either>", "<either>"),
    "list of array or symbolic tensor": ("Sequence[<either>]", "list[<either>]"),
    "tuple (x, y) or (x, y, sample_weight), or something that yields batches": ("Sequence[Any] | Any", "tuple[Any, ...] | Any"),
    "path": ("str | PathLike[str]", "Path"),
    "list of Own": ("Sequence[<own.Own>]", "list[<own.Own>]"),
    "None, int or numpy.random.Generator": ("int | np.random.Generator | None", "int | np.random.Generator | None"),
}


@pytest.mark.parametrize(("text", "annotations"), CASES.items())
def test_types_are_read(text, annotations):
    found = [grammar.annotation(text, given=given, resolve={"Own": "<own.Own>"}.get) for given in (False, True)]
    assert tuple(found) == annotations


@pytest.mark.parametrize("text", ["", "optional", "nit", "int or", "list of", "int float", "(int", "dict of str to", "Unknown"])
@pytest.mark.parametrize("given", [True, False])
def test_what_is_no_type_is_an_error(text, given):
    with pytest.raises(grammar.UnknownType):
        grammar.annotation(text, given=given, resolve=lambda name: None)


def test_docstrings_are_read():
    text = """Summary.

    Parameters
    ----------
    x, y : array_like,
        Inputs.
    *args : int
        More.

        And more.
    name, dtype
        See `Layer`.

    Returns
    -------
    first : int
        One.
    str
    """
    described = docstrings.described(text)
    assert described["y"] == ("array_like,", "Inputs.")
    assert described["args"] == ("int", "More.\n\nAnd more.")
    assert described["dtype"][0] is None
    assert docstrings.referred(described["dtype"][1]) == "Layer"
    assert docstrings.returned(text) == (["int", "str"], False)
    assert docstrings.returned("Return nothing.") is None
