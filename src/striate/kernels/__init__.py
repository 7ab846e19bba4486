"""Typed Cython kernels: raw shapes and pointers, no checks, no allocation, no Python.

Each kernel source is built for several instruction sets and dtypes. float64, for references and gradient checks, is not built
for the more capable sets, gradients of filters of images are built for the least capable one only, and "vnni", "bf16" and "amx"
extend "v4" for low precision only. On import the best set that the processor supports is picked (``STRIATE_ISA`` overrides it),
and its modules fill the kernel tables of ``striate.kernels.dispatch``.
"""

import importlib
import os

from .._common.checks import environment_switch
from . import blas, dispatch, runtime
from ._builds import FAMILIES, INSTRUCTION_SETS, MODULES
from ._openmp import tasks

#: Kernel families that call BLAS.
_BLAS_FAMILIES = ("blas_families",)
#: Kernel families whose gradients only the module for the least capable instruction set has.
_DIFFERENTIATED_IN_THE_LEAST = ("image_filtering",)
#: Suffixes of the modules' names, by dtype.
_SUFFIXES = {"float32": "f32", "float64": "f64", "int8": "i8", "bfloat16": "bf16"}


def usable_instruction_sets():
    """Return the instruction sets that were built and that the processor has, from the least to the most capable."""
    best = runtime.cpu_isa()
    return INSTRUCTION_SETS[: INSTRUCTION_SETS.index(best) + 1]


def _pick_instruction_set():
    usable = usable_instruction_sets()
    wanted = os.environ.get("STRIATE_ISA", "").strip()
    if not wanted:
        return usable[-1]
    if wanted not in usable:
        raise ImportError(
            f"STRIATE_ISA={wanted!r} names no instruction set that this build and processor support; "
            f"expected one of {', '.join(usable)}"
        )
    return wanted


def load(isa):
    """Fill the kernel tables with the functions of an instruction set, or of the most capable one below it that has them."""
    capable = INSTRUCTION_SETS[INSTRUCTION_SETS.index(isa) :: -1]
    for dtype, suffix in _SUFFIXES.items():
        for family in FAMILIES:  # Low precision and floating point have different ones.
            modules = [name for each in capable if (name := f"_{family}_{each}_{suffix}") in MODULES]
            if family in _DIFFERENTIATED_IN_THE_LEAST and len(modules) > 1:
                _enter(modules[-1], family, dtype)
            if modules:
                _enter(modules[0], family, dtype)
        missing = [family for family, entered in dispatch.entered_families(dtype).items() if not entered]
        if missing:
            raise _incomplete(f"no kernels of {', '.join(missing)} for {dtype}")


def _enter(name, family, dtype):
    """Enter the functions of a kernel module into the kernel table of a dtype."""
    addresses = (blas.gemm_address(dtype),) if family in _BLAS_FAMILIES else ()
    try:
        module = importlib.import_module(f"striate.kernels.{name}")
        module.register(dispatch.table_capsule(dtype), *addresses)
    except ModuleNotFoundError as error:
        raise _incomplete(f"no module striate.kernels.{name} of {family}") from error
    except ValueError as error:  # The table has another name: see `KERNEL_TABLE`.
        raise _incomplete(f"striate.kernels.{name} of {family} is of another build") from error


def _incomplete(fault):
    return ImportError(f"{fault}; expected the kernels of one whole build: reinstall striate")


# Tests of kernels also run with the finest tasks, which reveal races: see `set_finest`.
tasks.set_finest(environment_switch("STRIATE_FINEST_TASKS", default=False))

#: The instruction set in use: "v2", "v3" or "v4" (the x86-64 levels), "vnni" (v4 and VNNI), "bf16" (vnni and AVX512-BF16),
#: "amx" (bf16 and AMX), or "baseline".
instruction_set = _pick_instruction_set()
load(instruction_set)
