"""Kernels that are missing, or of another build than the rest, are found when striate is imported, not when they are called."""

import ctypes
import importlib
import subprocess
import sys

import pytest

from striate import kernels
from striate.kernels import dispatch

LOW = "low_precision_convolution"

#: Imports striate with some of what its build has written changed.
IMPORT = """
import importlib.util, sys
path = {path!r}
spec = importlib.util.spec_from_file_location("striate.kernels._builds", path)
builds = importlib.util.module_from_spec(spec)
spec.loader.exec_module(builds)
{change}
sys.modules[spec.name] = builds
try:
    import striate
except ImportError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("builds.FAMILIES = [each for each in builds.FAMILIES if 'image' not in each]", "no kernels of image_filtering for"),
        ("builds.FAMILIES = [each for each in builds.FAMILIES if 'low' not in each]", f"no kernels of {LOW} for int8"),
        ("builds.MODULES = [each for each in builds.MODULES if 'blas' not in each]", "no kernels of blas_families for float32"),
        (
            "builds.FAMILIES += ('hologram',); builds.MODULES += ('_hologram_v2_f32', '_hologram_baseline_f32')",
            "no module striate.kernels._hologram_",
        ),
    ],
)
def test_an_incomplete_build(change, message):
    code = IMPORT.format(path=importlib.import_module("striate.kernels._builds").__file__, change=change)
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.startswith(message), found
    assert found.endswith("expected the kernels of one whole build: reinstall striate\n")


def test_a_module_of_another_build(monkeypatch):
    memory, name = ctypes.create_string_buffer(1 << 16), b"striate.kernels.KernelTable.another"
    new_capsule = ctypes.pythonapi.PyCapsule_New
    new_capsule.restype, new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    capsule = new_capsule(ctypes.addressof(memory), name, None)
    monkeypatch.setattr(dispatch, "table_capsule", lambda dtype: capsule)
    with pytest.raises(ImportError, match=r"^striate\.kernels\._activation_\w+ of activation is of another build; expected"):
        kernels.load(kernels.instruction_set)
    assert not any(memory.raw)


def test_all_families_are_looked_for():
    assert {*dispatch.entered_families("float32"), *dispatch.entered_families("int8")} == set(kernels.FAMILIES)
