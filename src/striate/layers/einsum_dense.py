"""A fully connected layer in Einstein's notation."""

import copy
import re

from .._common.checks import integer, sequence, shown, text
from .._common.docstrings import documented
from ..engine.contraction import einsum
from ..engine.operators import apply
from ..initializers import VarianceScaling
from .affine import WEIGHTS_DOC, AffineLayer
from .weight_settings import make_weight

#: ``ab,bc->ac``, ``...ab,bc->...ac`` or ``ab...,bc->ac...``
_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")


@documented(WEIGHTS_DOC)
class EinsumDense(AffineLayer):
    """Fully connected layer: ``activation(einsum(equation, x, kernel) + bias)``.

    Parameters
    ----------
    equation : str
        Letters of the axes of the input, the batch first, of the kernel, and of the output, such as ``"abc,cd->abd"``. Input
        and output may begin, or end, with ``...``, which stands for further axes.
    output_shape : int, or tuple of (int or None)
        Shape of a sample of the output, without the axes of ``...``. None is the input's size of that letter.
    bias_axes : str, optional
        Letters of the output's axes that the bias has; None means no bias.

    Notes
    -----
    Input (batch, ...), output (batch, ...). Weights: kernel, an axis for each of its letters, and bias, the axes of the output
    from the first that it has on, with size 1 for those that it has not.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((2, 5, 3), np.float32)
    >>> layers.EinsumDense("abc,cde->abde", (None, 4, 2), bias_axes="de")(x).shape
    (2, 5, 4, 2)
    """

    fixed_arguments = ("use_bias",)

    def __init__(
        self,
        equation,
        output_shape,
        activation=None,
        bias_axes=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(activation, bias_axes is not None, kernel_initializer, bias_initializer, **kwargs)
        self.equation = text("equation", equation)
        self.output_shape = _partial_shape(output_shape)
        self.bias_axes = None if bias_axes is None else text("bias_axes", bias_axes)
        self._of_input, self._of_kernel, self._of_output, self._elided_first = _parsed(self.equation)
        foreign = (set(self._of_output) - {*self._of_input, *self._of_kernel}) | (
            set(self._of_kernel) - {*self._of_input, *self._of_output}
        )
        if foreign:
            raise ValueError(
                f"equation={shown(equation)} has the letters {sorted(foreign)} only once; expected axes of the output in the "
                "input or kernel, and axes of the kernel in the input or output"
            )
        if not set(self.bias_axes or "") <= set(self._of_output):
            raise ValueError(f"bias_axes={shown(bias_axes)} are not all of the output's; expected some of {self._of_output!r}")

    def _sizes(self, input_shape):
        """Return the sizes of the letters of the input, and of the output, and the output's shape, for the input's shape."""
        elided = len(input_shape) - len(self._of_input)
        if elided < 0 or (elided and "..." not in self.equation):
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected an axis for each letter of "
                f"{self.equation.partition(',')[0]!r}"
            )
        first = elided if self._elided_first else 0
        of_input = dict(zip(self._of_input, input_shape[first:], strict=False))
        if self._elided_first:
            shape = (*input_shape[: max(elided, 1)], *self.output_shape)
        else:
            shape = (input_shape[0], *self.output_shape, *input_shape[len(self._of_input) :])
        if len(shape) != elided + len(self._of_output):
            raise ValueError(
                f"output_shape={self.output_shape} has {len(self.output_shape)} sizes; expected one for each of the letters "
                f"{self._of_output!r} that is not the batch"
            )
        of_output = dict(zip(self._of_output, shape[first:], strict=False))
        for letter in of_output.keys() & of_input.keys():
            if of_output[letter] is None:
                of_output[letter] = of_input[letter]
            elif of_output[letter] != of_input[letter]:
                raise ValueError(
                    f"output_shape={self.output_shape} has the size {of_output[letter]} for {letter!r}; expected "
                    f"{of_input[letter]}, as in input of shape {tuple(input_shape)}"
                )
        last = shape[first + len(self._of_output) :]
        return of_input, of_output, (*shape[:first], *of_output.values(), *last)

    def kernel_shape(self, input_shape):
        """Return the size of each of the kernel's letters."""
        of_input, of_output, _ = self._sizes(input_shape)
        return tuple((of_input | of_output)[letter] for letter in self._of_kernel)

    def make_kernel(self, shape):
        """Make the kernel.

        Initializers that scale the variance take the letters that the output lacks for the axes of the inputs, as in Keras.
        """
        initializer = self.kernel_initializer
        if isinstance(initializer, VarianceScaling) and initializer.input_axes is None:
            initializer = copy.copy(initializer)
            among_outputs = [letter in self._of_output for letter in self._of_kernel]
            initializer.input_axes = [i for i, is_output in enumerate(among_outputs) if not is_output]
            initializer.output_axes = [i for i, is_output in enumerate(among_outputs) if is_output]
        return make_weight(self, "kernel", shape, initializer=initializer)

    def bias_shape(self, input_shape):
        """Return the sizes of the output's axes from the first of the bias on, 1 for those that it has not."""
        elided = 0 if self._elided_first else len(input_shape) - len(self._of_input)
        sizes = [size if letter in self.bias_axes else 1 for letter, size in self._sizes(input_shape)[1].items()]
        return (*sizes[min(map(self._of_output.index, self.bias_axes)) :], *[1] * elided)

    def compute_output_shape(self, input_shape):
        """Return the shape of the output."""
        return self._sizes(input_shape)[2]

    def call(self, x):
        """Multiply, add the bias and apply the activation."""
        y = einsum(self.equation, x, x.graph.value_of(self.kernel))
        if self.bias is not None:
            y = apply("add", y, self.bias)
        return self.activation(y)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"equation": self.equation, "output_shape": self.output_shape, "bias_axes": self.bias_axes}
        return {**own, **{name: value for name, value in super().get_config().items() if name != "use_bias"}}


def _partial_shape(value):
    """Return the shape of a sample, some of whose sizes may be None."""
    given = sequence("output_shape", value, "sizes, some of them None") if isinstance(value, (list, tuple)) else [value]
    return tuple(None if size is None else integer(f"output_shape[{i}]", size, 1) for i, size in enumerate(given))


def _parsed(equation):
    """Return the letters of the input, the kernel and the output, and whether ``...`` stands before them."""
    found = _EQUATION.fullmatch(equation.replace(" ", ""))
    if found:
        before, of_input, after, of_kernel, first, of_output, last = found.groups()
        letters = of_input, of_kernel, of_output
        if (before, after) == (first, last) and not (before and after) and all(len(set(each)) == len(each) for each in letters):
            return *letters, bool(before)
    raise ValueError(
        f"equation={shown(equation)} is not one of a dense layer; expected a form such as 'ab,bc->ac', '...ab,bc->...ac' or "
        "'ab...,bc->ac...'"
    )
