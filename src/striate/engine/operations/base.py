"""The base class of operations."""

from ..dtypes import FLOAT32, KERNEL_DTYPES, is_of_strings
from ..graph import Value


class Named(tuple):
    """A tuple whose elements have names, by which they are attributes too.

    Parameters
    ----------
    names : sequence of str
        Names of the elements.
    values : iterable
        The elements.
    """

    def __new__(cls, names, values):
        """Make the tuple."""
        self = super().__new__(cls, values)
        vars(self).update(zip(names, self, strict=True))
        return self

    def __getnewargs__(self):
        return tuple(vars(self)), tuple(self)


class GraphOperation:
    """A node of a graph: it reads values and writes new ones.

    A new operation appends itself to the graph of its inputs. A subclass passes its inputs (None for those left out) and the
    shapes of its outputs to this class, and defines `gradient` and `lower`.

    Parameters
    ----------
    inputs : sequence of Value, Variable, DerivedWeight or None
        Values that it reads, at least one of them a Value.
    *shapes : tuple
        Shapes of the outputs.
    dtype : dtype, optional
        Dtype of the outputs; the first input's if None.
    graph : Graph, optional
        The graph that it belongs to, needed only without inputs.

    Attributes
    ----------
    inputs : Named
        Values that it reads, None for those left out; a plain tuple if there may be any number.
    outputs : tuple of Value
        Values that it writes.
    layer : str or None
        Path of the layer that emitted it.
    """

    #: Names of the inputs, in order; None if there may be any number.
    reads = ("x",)

    #: Names of the inputs whose memory the output may take over if nothing else needs it.
    in_place = ()

    #: Names of the variables among the inputs that the operation changes.
    changed = ()

    #: Whether the operation is carried out even if nothing reads its outputs, and it changes no variable.
    has_effect = False

    #: Dtype in which the kernel is stored in fewer bits, "int8" or "bfloat16"; None if it is not.
    storage = None

    #: Whether the output is a view of the input with another shape, so that there is nothing to compute.
    view = False

    #: Whether inputs may have any dtype; if not, inputs in a dtype that kernels do not compute in are cast to floats.
    any_dtype = False

    #: Whether inputs may be strings.
    takes_strings = False

    #: Whether `gradient` takes a list of the gradients of all outputs, None for those that it does not depend on.
    differentiates_all = False

    #: Whether the first axis of all values is that of samples, which `lower` may be given a few at a time: each sample of the
    #: outputs then depends on the same sample of the inputs alone, and on weights. A property where the inputs decide.
    samplewise = False

    #: Whether the inputs must stay where they were in the forward pass, because Python code may have kept views of them.
    pins_inputs = False

    def __init__(self, inputs, *shapes, dtype=None, graph=None):
        graph = next(value.graph for value in inputs if isinstance(value, Value)) if graph is None else graph
        inputs = [graph.value_of(value) for value in inputs]
        if not self.takes_strings and any(value is not None and is_of_strings(value.dtype) for value in inputs):
            raise TypeError(f"an operation of layer {graph.layer!r} got strings; expected numbers")
        self.inputs = self.by_name(inputs if self.any_dtype else floats(inputs))
        dtype = next(iter(self.inputs)).dtype if dtype is None else dtype
        self.outputs = tuple(Value(graph, shape, dtype, producer=self) for shape in shapes)
        self.layer = graph.layer
        graph.operations.append(self)

    @property
    def y(self):
        """The (first) output."""
        return self.outputs[0]

    @property
    def changes(self):
        """The variables that the operation changes."""
        return tuple(getattr(self.inputs, name).source for name in self.changed)

    @property
    def overwritable(self):
        """The inputs whose memory the output may take over if nothing else needs it."""
        return tuple(getattr(self.inputs, name) for name in self.in_place)

    def by_name(self, values):
        """Return values, one for each input, as a tuple whose elements have the inputs' names."""
        return tuple(values) if self.reads is None else Named(self.reads, values)

    def replace_inputs(self, **values):
        """Replace the inputs of the given names by other values."""
        self.inputs = self.by_name({**vars(self.inputs), **values}.values())

    def gradient(self, dy, wanted):
        """Append the operations that compute the gradients of the inputs, and return these gradients.

        Parameters
        ----------
        dy : Value
            Gradient of the (first) output; or, if the class says so, a list of the gradients of all outputs.
        wanted : Named
            Which inputs' gradients are wanted.

        Returns
        -------
        list of Value or None
            One for each input; None for those that are not wanted.
        """
        raise TypeError(f"{type(self).__name__}, computed for layer {self.layer!r}, has no gradient; expected other operations")

    def lower(self, lowering):
        """Append the kernel calls to a program; `lowering`, a `striate.engine.plan.Lowering`, holds program and arrays."""
        raise TypeError(f"{type(self).__name__} cannot be carried out")

    def flops(self):
        """Return the number of floating-point operations, counting additions and multiplications separately."""
        return sum(output.nbytes // output.dtype.itemsize for output in self.outputs)

    def preactivation_gradient(self, y, name, alpha):
        """Return the pre-activation gradient of the activation `name` if it can be had more cheaply than from the output's.

        `y` is the output of an activation that kernels fuse, with respect to which this operation computes the gradient.
        Without a cheaper way, None is returned.
        """
        return None

    def describe(self):
        """Return how the operation is computed, in a word or two."""
        return ""


def floats(values):
    """Return values, cast to floats where kernels do not compute in their dtype; some may be None."""
    dtype = next((value.dtype for value in values if value is not None and value.dtype in KERNEL_DTYPES), FLOAT32)
    return [value if value is None or value.dtype in KERNEL_DTYPES else value.cast(dtype) for value in values]


def has_weights(operation):
    """Return whether kernel and bias of an operation are weights, and not computed in the graph."""
    return weights_only(operation.inputs.kernel, operation.inputs.bias)


def weights_only(*values):
    """Return whether values, of which some may be None, are weights, and not computed in the graph."""
    return all(value is None or value.source is not None for value in values)
