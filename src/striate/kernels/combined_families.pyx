"""The smaller families in one module, as each module costs some 7 KB of the wheel, in every instruction set and dtype.

Each is a file of its own, whose `register` enters its functions into a kernel table.
"""
_registers = []
include "batch_normalization.pyx"
_registers.append(register)
include "dropout.pyx"
_registers.append(register)
include "group_normalization.pyx"
_registers.append(register)
include "local_response_normalization.pyx"
_registers.append(register)
include "loss.pyx"
_registers.append(register)
include "merging.pyx"
_registers.append(register)
include "pooling.pyx"
_registers.append(register)
include "reduction.pyx"
_registers.append(register)
include "resampling.pyx"
_registers.append(register)
include "scale_shift.pyx"
_registers.append(register)
include "update.pyx"
_registers.append(register)


def register(capsule):
    """Enter the functions of all of them into a kernel table."""
    for each in _registers:
        each(capsule)
