"""Plans: graphs made ready to run, and the programs made from them."""

import numpy as np

from .._common.arrays import on_a_cache_line
from .._common.terminal import show
from ..kernels.program import Program
from .derived_weights import DerivedWeight
from .dtypes import is_of_strings
from .memory import assign_storage, place, slice_memory
from .report import report
from .slices import choose_slices
from .variable import Variable, note_changes


class Plan:
    """The operations of a graph that are executed, and the place of each value in memory.

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : list of Value
        Values that are read after a run.
    threads : int
        Number of threads that the programs may use.
    derived_weights : DerivedWeights, optional
        Store of the packed kernels; None if weights change from run to run.
    autotune : bool
        Whether the algorithms of convolutions are chosen by measurement; see `striate.engine.autotune`.

    Attributes
    ----------
    operations : list of GraphOperation
        The operations that an output or the update of a weight depends on, in the order of execution.
    nbytes : int
        Size of the memory of all values that are not weights, in bytes.
    changes : list of Variable
        Variables that a run changes.
    seconds : list of float or None
        Time of each operation in seconds, once measured.

    Examples
    --------
    >>> from striate import Sequential, layers
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2, activation="relu")], rng=0)
    >>> plan = model.plan(8)
    >>> [type(operation).__name__ for operation in plan.operations], plan.seconds
    (['Dense'], None)
    """

    def __init__(self, graph, outputs, threads, derived_weights=None, autotune=False):
        self.graph = graph
        self.outputs = list(outputs)
        self.threads = threads
        self.derived_weights = derived_weights
        self.autotune = autotune
        self.operations = _live(graph.operations, self.outputs)
        self.changes = [variable for operation in self.operations for variable in operation.changes]
        self.slices = choose_slices(self.operations, graph.inputs, threads) if derived_weights is not None else None
        self.storage = assign_storage(self.operations, graph.inputs, self.outputs, self.slices)
        self.nbytes = place(set(self.storage.values()))
        if self.slices:  # Each share of the batch but the first one has memory of its own for slices.
            _, size = slice_memory(self.storage.values())
            self.nbytes += (self.slices.shares - 1) * size
        self.seconds = None

    def instantiate(self):
        """Return an `Executable` with its own memory."""
        return Executable(self)

    def measure(self, repeats=20):
        """Measure how long each operation takes, on random inputs, for `report`.

        Parameters
        ----------
        repeats : int
            Number of runs, of which the median counts.

        Returns
        -------
        Plan
            The plan itself.

        Raises
        ------
        ValueError
            If a run would change weights.
        """
        if self.changes:
            raise ValueError("a run of this plan changes weights; expected a plan for prediction")
        rng = np.random.default_rng(0)
        executable = self.instantiate()
        arrays = ["" if is_of_strings(array.dtype) else rng.standard_normal(array.shape) for array in executable.inputs]
        seconds = []
        for _ in range(repeats + 1):
            for destination, array in zip(executable.inputs, arrays, strict=True):
                destination[...] = array  # A run may have used the memory of its inputs for other values.
            seconds.append(executable.time(rng))
        self.seconds = np.median(seconds[1:], axis=0).tolist()  # The first run also pays for memory that is new.
        return self

    def report(self, print_fn=None):
        """Print a line for each operation: layer, algorithm, shape, FLOPs, bytes and, once measured, speed.

        Parameters
        ----------
        print_fn : callable, optional
            Function that prints the text; `print` if None.
        """
        (show if print_fn is None else print_fn)(report(self))


def _live(operations, outputs):
    """Return the operations that an output or the update of a weight depends on."""
    wanted = set(outputs)
    live = []
    for operation in reversed(operations):
        if operation.changes or operation.has_effect or any(output in wanted for output in operation.outputs):
            wanted.update(operation.inputs)
            live.append(operation)
    return live[::-1]


class Executable:
    """A plan's program and its memory. One thread at a time may run it.

    Parameters
    ----------
    plan : Plan
        The plan.

    Attributes
    ----------
    inputs : list of ndarray
        Arrays to fill before each run.
    outputs : list of ndarray
        Arrays to read after a run, and before the next one.
    """

    def __init__(self, plan):
        self.plan = plan
        self.program = Program()
        self._seed = np.zeros(1, np.uint64)
        self._run = _Run()
        self._memory = on_a_cache_line((plan.nbytes,), np.dtype(np.uint8))
        self._steps = {}  # for each program, the index of the operation of each of its steps
        sliced = plan.slices.operations if plan.slices else 0
        if plan.slices:
            self._append_slices()
        lowering = Lowering(self, self.program, self._memory, plan.threads)
        self._append(range(sliced, len(plan.operations)), lowering)
        self.inputs = [lowering.array(value) for value in plan.graph.inputs]
        self.outputs = [lowering.array(value) for value in plan.outputs]

    def _append_slices(self):
        """Append the operations that run for slices of the batch: those of each share in a program of its own."""
        plan, slices = self.plan, self.plan.slices
        alone = slices.shares == 1
        begin, size = slice_memory(plan.storage.values())
        more = plan.nbytes - (slices.shares - 1) * size  # where the memory for slices of the second share begins
        branches = []
        for share, parts in enumerate(slices.of(plan.graph.inputs[0].shape[0])):
            program, threads = (self.program, plan.threads) if alone else (Program(), 1)
            lowering = Lowering(self, program, self._memory, threads)
            if share:
                lowering.slice_offset = more + (share - 1) * size - begin
            for part in parts:
                lowering.take(part)
                self._append(range(slices.operations), lowering)
            branches.append(program)
        if not alone:
            self.program.branch(branches)
            self._steps[self.program] = [None]

    def _append(self, indices, lowering):
        """Append the steps of the operations with some indices to a program."""
        steps = self._steps.setdefault(lowering.program, [])
        for i in indices:
            operation = self.plan.operations[i]
            wanted = operation.changes or operation.has_effect
            if wanted or any(output.nbytes for output in operation.outputs):  # An empty batch has nothing to write.
                operation.lower(lowering)
            steps.extend([i] * (len(lowering.program) - len(steps)))

    @property
    def nbytes(self):
        """Size of the executable's memory in bytes."""
        return self.plan.nbytes + self.program.scratch_bytes

    def compute(self, arrays, rng=None):
        """Return the outputs, a list of new arrays, for the inputs; `rng` as for `run`."""
        for destination, array in zip(self.inputs, arrays, strict=True):
            destination[...] = array
        self.run(rng)
        return [output.copy() for output in self.outputs]

    def run(self, rng=None):
        """Compute the outputs from the inputs.

        Parameters
        ----------
        rng : numpy.random.Generator, optional
            Source of the seed of random operations, and of the random numbers of layers written in Python.
        """
        self._prepare(rng)
        try:
            self.program.run()
        finally:
            self._finish()

    def time(self, rng=None):
        """Compute the outputs, and return the time that each operation took, in seconds."""
        self._prepare(rng)
        try:
            self.program.time()
        finally:
            self._finish()
        totals = [0.0] * len(self.plan.operations)
        for program, steps in self._steps.items():
            share = 1 if program is self.program else self.plan.slices.shares  # Branches run at the same time.
            for i, seconds in zip(steps, program.seconds(), strict=True):
                if i is not None:
                    totals[i] += seconds / share
        return totals

    def _prepare(self, rng):
        """Refresh derived weights, and draw the seed of random operations."""
        plan = self.plan
        if plan.derived_weights is not None:
            plan.derived_weights.refresh()
        if plan.graph.streams:
            self._seed[0] = rng.integers(1 << 64, dtype=np.uint64)
        self._run.rng = rng

    def _finish(self):
        """Note which weights a run changed, even if a step written in Python raised an error."""
        self._run.saved.clear()
        note_changes(self.plan.changes)


class _Run:
    """The state of a run for operations written in Python."""

    def __init__(self):
        self.rng = None
        self.saved = {}  # values that the forward pass of a layer saves for its backward pass


class Lowering:
    """The context in which operations become kernel calls: their arrays, and the program to append to.

    Attributes
    ----------
    program : Program
        The program to which kernel calls are appended.
    threads : int
        Number of threads that they may use.
    slice_offset : int
        Number of bytes by which this program's memory of slices lies after the place that the plan gave it.
    target : dict
        Program and threads, as the keyword arguments of bindings.
    derived_weights : DerivedWeights or None
        Store of the packed kernels; None if weights change from run to run.
    autotune : bool
        Whether algorithms are chosen by measurement.
    seed : ndarray of uint64, shape (1,)
        Seed of random operations, drawn before each run.
    run : object
        `rng` and `saved` of the run, for operations written in Python.
    """

    def __init__(self, executable, program, memory, threads):
        plan = executable.plan
        self.program = program
        self.threads = threads
        self.slice_offset = 0
        self.target = {"threads": self.threads, "program": self.program}
        self.derived_weights = plan.derived_weights
        self.autotune = plan.autotune
        self.seed = self.keep(executable._seed)
        self.run = executable._run
        self._storage = plan.storage
        self._memory = self.keep(memory)
        self._arrays = {}
        self._strings = {}  # arrays of strings by value: references to objects are no plain memory
        self._part = None  # the slice of the batch to which operations are lowered; None for the whole batch

    def take(self, part):
        """Let the arrays of values be those of a slice of the batch, or of the whole batch if `part` is None."""
        self._part = part
        self._arrays = {}

    def keep(self, thing):
        """Return `thing`, and keep it alive as long as the program."""
        self.program.keep(thing)
        return thing

    def array(self, value):
        """Return the array of a value; None for None."""
        if value is None:
            return None
        if value not in self._arrays:
            self._arrays[value] = self.keep(self._make(value))
        return self._arrays[value]

    def _make(self, value):
        """Return a new view of the memory of a value."""
        if isinstance(value.source, DerivedWeight):
            return value.source.array
        if isinstance(value.source, Variable):
            return value.source.value
        shape, storage, part = value.shape, self._storage[value], self._part
        if part is not None:
            shape = (part.stop - part.start, *shape[1:])
        if value.producer is not None and value.producer.view:
            return self.array(value.producer.inputs.x).reshape(shape)
        if is_of_strings(value.dtype):
            if value not in self._strings:
                self._strings[value] = np.full(value.shape, "", object)
            return self._strings[value] if part is None else self._strings[value][part]
        if part is None or storage.of_slice:
            offset = storage.offset if part is None else storage.offset + self.slice_offset
            return np.ndarray(shape, value.dtype, self._memory, offset)
        return np.ndarray(value.shape, value.dtype, self._memory, storage.offset)[part]

    def own(self, value):
        """Return the array of a variable, to write to."""
        return self.keep(value.source.array)

    def matrix(self, value):
        """Return the array of a value as a matrix, where all axes but the last are rows."""
        return self.array(value).reshape(-1, value.shape[-1])
