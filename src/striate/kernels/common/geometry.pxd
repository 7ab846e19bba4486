"""Which inputs an output reads along one spatial axis: shared by the convolution algorithms.

Forward, output ``i`` of an axis reads the inputs ``i * stride - pad + k * dilation`` for the taps ``k = 0 … K-1``.

The gradient of the input is a convolution of the output's gradient, one for each phase of the stride. With
y_i = sum_k w_k x_(i s - p + k d), input ``j`` collects ``w_k dy_i`` from all (i, k) with ``i s = j + p - k d``. The inputs
``j = r, r + s, r + 2 s, …`` of one phase ``r`` share their taps: those k for which ``r + p - k d`` is divisible by s. These
form an arithmetic progression, so one ``Axis`` describes both directions and one kernel computes both.
"""
from striate.kernels.ops cimport Conv2D


cdef struct Axis:
    Py_ssize_t size         # number of inputs
    Py_ssize_t outputs      # number of outputs that are computed
    Py_ssize_t step         # inputs from one output to the next
    Py_ssize_t taps         # number of taps, which are in ascending order of input
    Py_ssize_t tap_step     # inputs from one tap to the next
    Py_ssize_t first        # the input that output 0 reads with tap 0; a negative one lies in the padding and is zero
    Py_ssize_t kernel_first, kernel_step    # tap i is the kernel's element kernel_first + i * kernel_step
    Py_ssize_t out_first, out_step          # output i is stored at index out_first + i * out_step


cdef inline Py_ssize_t clip(Py_ssize_t value, Py_ssize_t low, Py_ssize_t high) noexcept nogil:
    return min(max(value, low), high)


cdef inline Py_ssize_t ceil_div(Py_ssize_t a, Py_ssize_t b) noexcept nogil:
    return (a + b - 1) // b


cdef inline Py_ssize_t gcd(Py_ssize_t a, Py_ssize_t b) noexcept nogil:
    while b:
        a, b = b, a % b
    return a


cdef inline Axis forward_axis(Py_ssize_t size, Py_ssize_t outputs, Py_ssize_t kernel, Py_ssize_t stride,
                              Py_ssize_t pad, Py_ssize_t dilation) noexcept nogil:
    cdef Axis axis
    axis.size = size
    axis.outputs = outputs
    axis.step = stride
    axis.taps = kernel
    axis.tap_step = dilation
    axis.first = -pad
    axis.kernel_first = 0
    axis.kernel_step = 1
    axis.out_first = 0
    axis.out_step = 1
    return axis


cdef inline Py_ssize_t phases(Py_ssize_t size, Py_ssize_t stride) noexcept nogil:
    """The number of phases of the input's gradient along an axis, without those that have no inputs."""
    return min(size, stride)


cdef inline Axis backward_axis(Py_ssize_t phase, Py_ssize_t size, Py_ssize_t outputs, Py_ssize_t kernel,
                               Py_ssize_t stride, Py_ssize_t pad, Py_ssize_t dilation) noexcept nogil:
    """The axis of one phase of the input's gradient; ``size`` and ``outputs`` are those of the forward convolution."""
    cdef Axis axis
    cdef Py_ssize_t common = gcd(stride, dilation), period = stride // common, first = 0, last
    axis.size = outputs
    axis.outputs = ceil_div(size - phase, stride)
    axis.step = 1
    axis.tap_step = dilation // common
    axis.kernel_step = -period
    axis.out_first = phase
    axis.out_step = stride
    while first < period and (phase + pad - first * dilation) % stride != 0:
        first += 1
    if first >= period or first >= kernel:      # No tap reaches this phase, so its gradient is zero.
        axis.taps = 0
        axis.first = 0
        axis.kernel_first = 0
        return axis
    axis.taps = (kernel - 1 - first) // period + 1
    last = first + (axis.taps - 1) * period
    axis.kernel_first = last
    axis.first = (phase + pad - last * dilation) // stride
    return axis


cdef inline Py_ssize_t input_phases(const Conv2D *op) noexcept nogil:
    """The number of phases of the input's gradient, along both axes together."""
    return phases(op.h, op.stride_h) * phases(op.w, op.stride_w)


cdef inline void set_axes(const Conv2D *op, bint transposed, Py_ssize_t phase, Axis *rows, Axis *columns) noexcept nogil:
    """The axes of ``op``, or of a phase of its input's gradient."""
    if transposed:
        rows[0] = backward_axis(
            phase // phases(op.w, op.stride_w), op.h, op.oh, op.kh, op.stride_h, op.pad_top, op.dilation_h)
        columns[0] = backward_axis(
            phase % phases(op.w, op.stride_w), op.w, op.ow, op.kw, op.stride_w, op.pad_left, op.dilation_w)
    else:
        rows[0] = forward_axis(op.h, op.oh, op.kh, op.stride_h, op.pad_top, op.dilation_h)
        columns[0] = forward_axis(op.w, op.ow, op.kw, op.stride_w, op.pad_left, op.dilation_w)


cdef inline Py_ssize_t axis_span(const Axis *axis, Py_ssize_t outputs) noexcept nogil:
    """The number of inputs from the first to the last that ``outputs`` neighbouring outputs read, both included."""
    if outputs == 0 or axis.taps == 0:
        return 0
    return (outputs - 1) * axis.step + (axis.taps - 1) * axis.tap_step + 1


cdef inline Axis part_of_axis(const Axis *axis, Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    """The axis of the outputs from ``begin`` to ``end`` only."""
    cdef Axis part = axis[0]
    part.outputs = end - begin
    part.first += begin * axis.step
    part.out_first += begin * axis.out_step
    return part


cdef struct Taps:
    Py_ssize_t first, last          # a range of taps, with ``last`` excluded


cdef inline Taps taps_inside(const Axis *axis, Py_ssize_t output) noexcept nogil:
    """The taps with which an output reads the input rather than the padding."""
    cdef Py_ssize_t begin = axis.first + output * axis.step, room = axis.size - begin
    cdef Taps inside
    inside.first = min(ceil_div(-begin, axis.tap_step), axis.taps) if begin < 0 else 0
    inside.last = max(min(ceil_div(room, axis.tap_step), axis.taps), inside.first) if room > 0 else inside.first
    return inside


cdef inline bint axis_reaches_outside(const Axis *axis) noexcept nogil:
    return axis.first < 0 or axis.first + axis_span(axis, axis.outputs) > axis.size


cdef inline Conv2D as_one_row(const Conv2D *op) noexcept nogil:
    """``op``, or, if it is a 1×1 convolution, for which the arrangement of pixels does not matter, the same on one long row."""
    cdef Conv2D flat = op[0]
    if op.kh * op.kw * op.stride_h * op.stride_w == 1 and not (op.pad_top or op.pad_left) and op.oh == op.h and op.ow == op.w:
        flat.n, flat.h, flat.w = 1, 1, op.n * op.h * op.w
        flat.oh, flat.ow = flat.h, flat.w
    return flat
