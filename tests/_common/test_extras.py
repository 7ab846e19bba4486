"""Packages that are optional."""

import pytest

from striate._common.extras import needing


def test_what_needs_a_missing_package_and_how_to_get_it_is_told():
    message = r"^holograms need hologram, which is not installed; install it with pip install striate\[holograms\]$"
    with pytest.raises(ImportError, match=message) as caught, needing("holograms need hologram", "holograms"):
        import hologram  # noqa: F401
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)


def test_other_errors_pass():
    with pytest.raises(ZeroDivisionError), needing("holograms need hologram", "holograms"):
        raise ZeroDivisionError
