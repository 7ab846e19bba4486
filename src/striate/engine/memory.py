"""The places of values in memory: parts of one block, which other values reuse before and after a value's lifetime."""

from .._common.arrays import CACHE_LINE


class Storage:
    """Memory of one value, or of several that share it: views, and results that are written in place."""

    __slots__ = ("first", "last", "of_slice", "offset", "size")

    def __init__(self, size, first, last, of_slice=False):
        self.size = size
        self.of_slice = of_slice  # whether it holds one slice of the batch at a time
        self.first = first  # index of the first operation that writes it; -1 for inputs
        self.last = last  # index of the last operation that reads or writes it
        self.offset = 0


def assign_storage(operations, inputs, outputs, slices=None):
    """Return the `Storage` of each input and of each value that operations write.

    Parameters
    ----------
    operations : list of GraphOperation
        The operations, in the order of execution.
    inputs : list of Value
        Values that are filled in before a run; no operation writes its result over them.
    outputs : list of Value
        Values that are read after a run.
    slices : Slices, optional
        Which operations run for a slice of the batch at a time. They may exchange values in the memory of a slice; their other
        inputs and outputs are in use from the first of these operations to the last.
    """
    end = len(operations)
    last_read = {}
    for i, operation in enumerate(operations):
        for value in (*operation.inputs, *operation.outputs):
            last_read[value] = i
    for value in outputs:
        last_read[value] = end
    # The source of a view must live as long as the view.
    for operation in reversed(operations):
        if operation.view:
            source = operation.inputs.x
            last_read[source] = max(last_read[source], last_read[operation.y])

    sliced = slices.operations if slices else 0
    storage = {value: Storage(_aligned(value.nbytes), -1, max(last_read.get(value, -1), sliced - 1)) for value in inputs}
    protected = {id(kept) for kept in storage.values()}
    for i, operation in enumerate(operations):
        for output_index, output in enumerate(operation.outputs):
            of_slice = last_read[output] < sliced
            shared = _shared(operation, output_index, i, storage, protected, of_slice)
            if shared is None and of_slice:
                size = output.nbytes // output.shape[0] * slices.samples
                storage[output] = Storage(_aligned(size), i, last_read[output], of_slice=True)
            elif shared is None:
                storage[output] = Storage(_aligned(output.nbytes), 0 if i < sliced else i, last_read[output])
            else:
                shared.last = max(shared.last, last_read[output])
                storage[output] = shared
    return storage


def _shared(operation, output_index, i, storage, protected, of_slice):
    """Return the storage that an output shares with an input, or None."""
    if output_index:
        return None
    if operation.view:
        return storage.get(operation.inputs.x)
    overwritable = operation.overwritable
    for value in overwritable:
        candidate = storage.get(value)
        if candidate is None or id(candidate) in protected or candidate.last > i:
            continue
        # An input may also be read in another role, or through a view, in which it must not be overwritten.
        reads, overwrites = (
            sum(storage.get(each) is candidate for each in values) for values in (operation.inputs, overwritable)
        )
        if reads > overwrites:
            continue
        if candidate.of_slice == of_slice and _aligned(value.nbytes) == _aligned(operation.y.nbytes):
            return candidate
    return None


def place(storages):
    """Give each storage an offset, so that no two in use at the same time overlap; return the total size.

    The largest are placed first, each at the lowest offset that is free while it is in use (Pisarchyk & Lee, "Efficient memory
    management for deep neural net inference", 2020: greedy by size).
    """
    placed = []
    for storage in sorted(storages, key=lambda s: (-s.size, s.first)):
        offset = 0
        for other in placed:  # These are in the order of their offsets.
            if other.last < storage.first or storage.last < other.first:
                continue
            if other.offset >= offset + storage.size:
                break
            offset = max(offset, other.offset + other.size)
        storage.offset = offset
        placed.append(storage)
        placed.sort(key=lambda s: s.offset)
    return max((storage.offset + storage.size for storage in placed), default=0)


def slice_memory(storages):
    """Return the offset and the size of the part of the block that has all storages of a slice of the batch."""
    of_slice = [storage for storage in storages if storage.of_slice]
    begin = min((storage.offset for storage in of_slice), default=0)
    return begin, max((storage.offset + storage.size for storage in of_slice), default=0) - begin


def _aligned(size):
    """Return a size rounded up to whole cache lines, at least one."""
    return max(-(-size // CACHE_LINE), 1) * CACHE_LINE
