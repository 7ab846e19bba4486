"""A measuring process, and the handle that controls it: they exchange lines of JSON over the process's standard streams."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

#: oneDNN's names for the instruction sets that STRIATE_ISA names.
ONEDNN_ISA = {
    "v2": "SSE41",
    "v3": "AVX2",
    "v4": "AVX512_CORE",
    "vnni": "AVX512_CORE_VNNI",
    "bf16": "AVX512_CORE_BF16",
    "amx": "AVX512_CORE_AMX",
}

#: What OpenCV has to leave to stay within an instruction set that STRIATE_ISA names; for those that are missing, nothing.
OPENCV_DISABLED = {"v2": "AVX512-SKX,AVX2,FP16,AVX", "v3": "AVX512-SKX"}


def child_environment(isa=None):
    """Return the environment of a measuring process, without variables that slow OpenBLAS down.

    `isa` is the instruction set to which striate, oneDNN and OpenCV are limited, or None.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    if isa is not None:
        environment |= {"STRIATE_ISA": isa, "ONEDNN_MAX_CPU_ISA": ONEDNN_ISA[isa]}
        environment |= {"OPENCV_CPU_DISABLE": OPENCV_DISABLED[isa]} if isa in OPENCV_DISABLED else {}
    return environment


class Process:
    """The handle of ``python -m module arguments``."""

    def __init__(self, python, module, *arguments, isa=None):
        self._process = subprocess.Popen(
            [python, "-m", module, *map(str, arguments)],
            cwd=Path(__file__).parents[1],
            env=child_environment(isa),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def answer(self):
        """Wait for the next answer, and return it."""
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self._process.args)} ended with status {self._process.wait()}")
        return json.loads(line)

    def ask(self, request):
        """Send a request to the process, and return its answer."""
        with contextlib.suppress(BrokenPipeError):  # That the process has ended is told by the answer that is missing.
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        return self.answer()

    def close(self):
        """End the process."""
        with contextlib.suppress(BrokenPipeError):  # The process may have ended by itself.
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def answers():
    """Return a function with which the process answers. From now on, what libraries print goes to standard error."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(message):
        stream.write(json.dumps(message) + "\n")
        stream.flush()

    return answer


def requests():
    """Yield the requests to the process, until the handle is closed."""
    return map(json.loads, sys.stdin)
