"""The smaller families in one module, since each module costs some 7 KB of the wheel for every instruction set and dtype.

Each family is a file whose `register` enters its functions into a kernel table. They share one namespace, in which no two may
define the same name. Only `register` is defined by each, and appended to a list before the next file redefines it.
"""
_registers = []
include "elementwise/dropout.pyx"
_registers.append(register)
include "elementwise/merging.pyx"
_registers.append(register)
include "elementwise/scale_shift.pyx"
_registers.append(register)
include "normalization/batch.pyx"
_registers.append(register)
include "normalization/group.pyx"
_registers.append(register)
include "normalization/local_response.pyx"
_registers.append(register)
include "pooling/pooling.pyx"
_registers.append(register)
include "dense/reduction.pyx"
_registers.append(register)
include "resampling/resampling.pyx"
_registers.append(register)
include "training/loss.pyx"
_registers.append(register)
include "training/update.pyx"
_registers.append(register)


def register(capsule):
    """Enter the functions of all these families into a kernel table."""
    for each in _registers:
        each(capsule)
