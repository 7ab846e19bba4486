"""The operations: a C struct of arguments for each, and the table of kernels that execute them.

This is the interface between the kernels and everything that runs them: the bindings for Python, and Cython code of other
projects. An array argument is a pointer to the first element of a C-contiguous array of the table's dtype, feature maps as
(n, h, w, c) and convolution kernels as (kh, kw, c / groups, f). The caller checks shapes and owns all memory. An operation is
executed by calling ``kernel.run`` with the address of its struct. If a kernel needs working memory, ``kernel.scratch``, called
with the same address, returns its size in bytes, and the caller passes that much memory, aligned to CACHE_LINE bytes, as the
struct's ``scratch``.

Kernels neither allocate, raise nor take the GIL. ``threads`` is the number of threads that they may use: it changes how long
they take, and never a bit of the result.
"""
from libc.stdint cimport int8_t, int32_t, uint32_t, uint64_t

cdef enum ActivationCode:
    # LINEAR, RELU, RELU6 and LEAKY_RELU can be fused: a convolution or a matrix product applies them as it stores its result.
    # So can HARD_SIGMOID and HARD_SILU, for prediction. All others need a pass over the array.
    LINEAR
    RELU
    LEAKY_RELU
    SIGMOID
    TANH
    SOFTMAX
    LOG_SOFTMAX
    RELU6
    ELU
    SELU
    HARD_SIGMOID
    SOFTPLUS
    SOFTSIGN
    EXPONENTIAL
    SILU
    HARD_SILU
    GELU
    GELU_TANH
    MISH
    LOG     # the logarithm, which is no activation, but is computed in the same way; forward only
    SCALE   # the product with a number, likewise; forward only

cdef enum Merging:
    ADD
    SUBTRACT
    MULTIPLY
    AVERAGE
    MAXIMUM
    MINIMUM

cdef enum Interpolation:
    NEAREST
    BILINEAR

cdef enum Continuation:
    # How an image is continued beyond its borders
    CONSTANT
    EDGE
    REFLECT         # the edge twice
    WRAP
    MIRROR          # the edge once

cdef enum LossFunction:
    SPARSE_CROSSENTROPY
    CROSSENTROPY
    BINARY_CROSSENTROPY
    SQUARED_ERROR

cdef enum UpdateMethod:
    SGD
    ADAM
    RMSPROP
    ADAGRAD
    LION
    MOVING_MEAN

cdef enum RecurrentCell:
    LSTM
    GRU
    SIMPLE_RNN

cdef enum:
    AXES = 5                # the number of axes of `Rearrange`
    MATMUL_STORED_ROWS = 8  # the most rows of a matrix product whose second factor is stored in fewer bits
    CACHE_LINE = 64         # bytes of a cache line, to which working memory is aligned

ctypedef struct Conv2D:
    void *x             # (n, h, w, c); backward_input writes its gradient here
    void *kernel        # (kh, kw, c / groups, f); backward_kernel writes its gradient here
    void *packed        # the kernel as the algorithm's `pack` writes it, or NULL: forward then packs it on each call
    void *bias          # (f,), in backward_input (c,), or NULL
    void *residual      # (n, oh, ow, f), in backward_input (n, h, w, c), added before the activation; or NULL
    void *y             # (n, oh, ow, f); the backward functions read its gradient here
    void *unpooled      # (n, oh, ow, f), the outputs before pooling; read by the backward functions if `pooled`
    void *scratch
    Py_ssize_t n, h, w, c
    Py_ssize_t kh, kw, f
    Py_ssize_t oh, ow
    # Whether y is (n, oh / 2, ow / 2, f), the largest of each 2×2 outputs. Forward this is supported where `conv2d_pools`
    # is true, and in the backward functions where `conv2d_differentiates_pooled` is.
    bint pooled
    Py_ssize_t stride_h, stride_w
    Py_ssize_t pad_top, pad_left    # the bottom and right padding follow from oh and ow
    Py_ssize_t dilation_h, dilation_w
    Py_ssize_t groups
    ActivationCode activation           # one that can be fused; used in backward_input, too, for transposed convolution
    double negative_slope           # the slope of LEAKY_RELU
    Py_ssize_t tile         # outputs along an edge of a Winograd tile; see `winograd.pyx`
    # Whether x and residual, and whether y, are bfloat16, which Winograd's algorithm supports forward, in float32
    bint reads_bfloat16, writes_bfloat16
    int threads

ctypedef struct Pool2D:
    void *x             # (n, h, w, c): input
    void *y             # (n, oh, ow, c): output; in backward, its gradient
    void *dx            # (n, h, w, c): gradient that backward writes
    void *scratch
    Py_ssize_t n, h, w, c
    Py_ssize_t kh, kw
    Py_ssize_t oh, ow
    Py_ssize_t stride_h, stride_w
    Py_ssize_t pad_top, pad_left
    bint count_include_pad          # whether averages are over the padding, too, rather than only over the input
    Py_ssize_t padded_h, padded_w   # height and width of the input with its padding, for averages
    int threads

ctypedef struct Rowwise:
    # An activation of a (rows, columns) array; softmax and log-softmax run over the columns.
    void *x             # the input; in backward, the input or output from which the gradient is computed (see `derive`)
    void *dy            # in backward, the gradient of the output
    void *y             # the output; in backward, the gradient of the input; may be x or dy
    Py_ssize_t rows, columns
    ActivationCode activation
    double alpha        # the factor of LEAKY_RELU and ELU below zero, and of SCALE
    int threads

ctypedef struct BatchNormalization:
    # Normalization of each channel of a (rows, channels) array by a mean and a biased variance, which `moments` computes
    void *x             # (rows, channels)
    void *y             # (rows, channels): output, may be x or the residual or both; in backward, its gradient
    void *dx            # (rows, channels): gradient that backward writes; may be x or y
    void *mean          # (channels,), written by `moments`
    void *variance      # (channels,), written by `moments`
    void *gamma         # (channels,) or NULL: ones
    void *beta          # (channels,) or NULL: zeros; read in backward only if there is an activation
    void *residual      # (rows, channels), added before the activation, or NULL; not used in backward
    void *dgamma        # (channels,): gradient that backward writes
    void *dbeta         # (channels,): gradient that backward writes
    void *scratch
    Py_ssize_t rows, channels       # `moments` and backward take at least one row
    double epsilon                  # added to the variance
    bint training                   # whether, in backward, mean and variance are functions of x, and have gradients, too
    ActivationCode activation           # one that can be fused
    double negative_slope           # the slope of LEAKY_RELU
    int threads

ctypedef struct LocalResponseNormalization:
    # Division of each element of a (rows, channels) array by a power of the sum of squares of its neighbours
    void *x             # (rows, channels)
    void *y             # (rows, channels): output, may be x; in backward, its gradient
    void *dx            # (rows, channels): gradient that backward writes; separate memory
    void *scratch
    Py_ssize_t rows, channels
    Py_ssize_t depth_radius         # neighbours on either side
    double bias, alpha, beta
    int threads

ctypedef struct Merge:
    # An elementwise combination of several arrays of one size
    void **inputs       # `count` pointers to (size,)
    void *y             # (size,): output, may be one of the inputs; in backward, its gradient
    void **gradients    # `count` pointers to (size,): the gradients that backward writes
    Py_ssize_t count, size
    Merging merging     # SUBTRACT takes two inputs; backward supports MULTIPLY, MAXIMUM and MINIMUM
    ActivationCode activation           # one that can be fused; other than LINEAR only with ADD
    double negative_slope           # the slope of LEAKY_RELU
    int threads

ctypedef struct Concatenate:
    # Concatenation of the rows of several arrays, and the opposite, `split`
    void **parts        # `count` pointers to (rows, widths[i]); `split` writes them
    const Py_ssize_t *widths        # (count,)
    void *y             # (rows, columns); `split` reads it
    Py_ssize_t count, rows
    Py_ssize_t columns  # the sum of the widths
    int threads

ctypedef struct Rearrange:
    # A copy of elements in another order, some of them several times, with zeros around them (see resampling/resampling.pyx).
    # If there are fewer axes, the first ones have size 1.
    const void *x
    void *y                                 # an array of `shape`
    Py_ssize_t shape[AXES]
    Py_ssize_t low[AXES], high[AXES]        # the range of indices of y that are copied to, at least one along each axis
    Py_ssize_t repeat[AXES], strides[AXES]  # how often each element of x is repeated, and the steps of x in elements
    Py_ssize_t offset                       # index in x of the first element that is read
    int threads

ctypedef struct Resample:
    # Images sampled at the positions that an affine map gives
    void *x             # (n, h, w, c); backward writes its gradient here
    void *y             # (n, oh, ow, c); backward reads its gradient here
    const double *matrices      # (6,), or (n, 6): see resampling/resampling.pyx
    bint matrix_per_image        # whether there is a matrix for each image
    Py_ssize_t n, h, w, c
    Py_ssize_t oh, ow
    Interpolation interpolation
    Continuation continuation
    double constant             # the value beyond the borders with CONSTANT
    int threads

ctypedef struct ScaleShift:
    # y = x scale + shift, clipped to [low, high]
    void *x             # (n, pixels, channels)
    void *y             # (n, pixels, channels), may be x; in backward, its gradient
    void *dx            # (n, pixels, channels): gradient that backward writes; may be y
    void *scale         # (channels,), or (n, channels) if `scale_per_image`, or NULL: ones
    void *shift         # (channels,), or (n, channels) if `shift_per_image`, or NULL: zeros
    Py_ssize_t n, pixels, channels
    bint scale_per_image, shift_per_image     # whether there is a scale, or a shift, for each image and channel
    bint masked         # whether, in forward, y is zero where the scale is zero, even if x is infinite or NaN
    double low, high
    int threads

ctypedef struct GroupNormalization:
    # Normalization of groups of neighbouring channels of each sample by their mean and variance
    void *x             # (n, pixels, channels)
    void *y             # (n, pixels, channels): output; in backward, its gradient
    void *dx            # (n, pixels, channels): gradient that backward writes; may be y
    void *gamma         # (channels,) or NULL: ones
    void *beta          # (channels,) or NULL: zeros
    void *dgamma        # (channels,): gradient that backward writes
    void *dbeta         # (channels,): gradient that backward writes
    void *scratch
    Py_ssize_t n, pixels, channels, groups
    double epsilon      # added to the variance
    int threads

ctypedef struct Penalty:
    # A regularizer's penalty, value = sum of l1 |x| + l2 x², and its gradient
    const void *x       # (size,)
    void *gradient      # (size,), written
    double *value       # written
    void *scratch
    Py_ssize_t size
    double l1, l2
    int threads

ctypedef struct SumRows:
    void *x             # (rows, columns)
    void *y             # (columns,): the sum of the rows
    void *scratch
    Py_ssize_t rows, columns
    int threads

ctypedef enum MatMulStorage:
    # How b is stored: like a and c; or, if m is at most MATMUL_STORED_ROWS and nothing is transposed, in fewer bits
    AS_REAL
    AS_INT8
    AS_BFLOAT16

ctypedef struct MatMul:
    # c = activation(op(a) @ op(b) * scales + bias)
    void *a             # (m, k), or (k, m) if transpose_a
    const void *b       # (k, n), or (n, k) if transpose_b
    MatMulStorage storage
    const void *scales  # (n,) or NULL: ones; only if b is stored in fewer bits
    void *bias          # (n,) or NULL
    void *c             # (m, n)
    void *scratch
    Py_ssize_t m, n, k
    bint transpose_a, transpose_b
    ActivationCode activation           # one that can be fused
    double negative_slope           # the slope of LEAKY_RELU
    int threads

ctypedef struct Recurrence:
    # A recurrent layer, over all steps of n sequences (see recurrent/recurrent.pyx for the formulas). "gates" is how many units
    # of arguments the cell has: 4 of LSTM, 3 of GRU, 1 of SIMPLE_RNN. Steps lie in the order of time in all arrays.
    RecurrentCell cell
    const void *projections         # (n, steps, gates units): the input's part of the gates' arguments
    const void *kernel              # (units, gates units): of the state's part
    const void *bias                # (gates units,), of the state's part, or NULL: zeros
    const void *h0                  # (n, units): the state before the first step, or NULL: zeros
    const void *c0                  # (n, units): likewise the cell state of LSTM
    void *y             # (n, steps, units): the state after each step, which backward reads
    void *gates         # (n, steps, gates units): the gates, which backward reads; may be the projections
    void *carry         # (n, steps, units): LSTM's cell state, or the state's part of GRU's candidate; NULL with SIMPLE_RNN
    void *h             # (n, units): the last state, or NULL
    void *c             # (n, units): LSTM's last cell state, or NULL
    # Read and written by backward only: gradients of what is above, those of outputs NULL for zeros
    const void *dy
    const void *dh
    const void *dc
    void *dprojections  # (n, steps, gates units); may be the gates
    void *dstates       # (n, steps, gates units): of the state's part, for GRU; otherwise NULL, as it equals dprojections
    void *previous      # (n, steps, units): no gradient, but the state before each step, for the kernel's gradient
    void *dh0           # (n, units), or NULL if it is not wanted, as dc0
    void *dc0
    void *scratch
    Py_ssize_t n, steps, units
    bint backwards      # whether the last step comes first
    int threads

ctypedef struct Dropout:
    # Sets random elements to zero, and multiplies the others by 1 / (1 - rate); the same seed and stream choose the same ones
    void *x             # (size,)
    void *y             # (size,), may be x
    const uint64_t *seed            # one number, read when the operation runs
    uint32_t stream                 # distinguishes operations with the same seed
    Py_ssize_t size
    double rate         # the probability that an element is set to zero, below 1
    int threads

ctypedef struct Loss:
    # The mean over the rows of each row's loss, and its gradient (see training/loss.pyx for the formulas)
    void *predictions   # (rows, columns)
    void *targets       # (rows, columns); for SPARSE_CROSSENTROPY (rows,), int64 class indices
    void *gradient      # (rows, columns), written; separate memory
    double *value       # written
    void *scratch
    LossFunction function
    const void *row_weights         # one weight for each `rows_per_weight` rows, or NULL: ones
    Py_ssize_t rows_per_weight
    Py_ssize_t rows, columns
    double weight       # the factor of value and gradient
    bint from_logits    # whether the predictions of a cross-entropy are logits rather than probabilities
    double gamma        # the focusing exponent of BINARY_CROSSENTROPY, 0 for a plain cross-entropy
    double positive_weight, negative_weight     # of targets 1 and 0 in BINARY_CROSSENTROPY
    int threads

ctypedef struct Update:
    # One step over the `size` elements of a parameter (see training/update.pyx for the formulas). MOVING_MEAN moves the
    # parameter towards `gradient`, by the fraction 1 - momentum of the difference.
    UpdateMethod method
    void *parameter
    void *gradient
    void *moment1       # the velocity of SGD and RMSprop, NULL without momentum; the mean of gradients of Adam and Lion
    void *moment2       # the mean of squared gradients of Adam and RMSprop; the sum of squared gradients of Adagrad
    void *moment3       # the mean of gradients of RMSprop, or NULL; the largest second moment of Adam so far, or NULL
    Py_ssize_t size
    const double *rates             # step size and learning rate, read when the operation runs; NULL for MOVING_MEAN
    const double *scale             # a factor of the gradients, read when the operation runs, or NULL
    double clip                     # gradients are clipped to ± this; infinity for no clipping
    double weight_decay             # the fraction of themselves, times the learning rate, that parameters lose
    double momentum, beta1, beta2, epsilon
    bint nesterov
    int threads

ctypedef struct ClipNorm:
    # The factor by which gradients are multiplied so that their global norm is at most a limit
    void **gradients    # `count` pointers to (sizes[i],)
    const Py_ssize_t *sizes         # (count,)
    double *scale       # limit / max(norm, limit), written
    void *scratch
    Py_ssize_t count
    double limit
    int threads

ctypedef struct LowPrecisionConv2D:
    # A convolution of 8-bit integers or bfloat16: see low_precision/tile.pxi for the formulas
    # Only these fields are used: x and residual, of uint8 or bfloat16; y, of the same dtype or float32; packed, the geometry,
    # scratch, threads, and the activation if it is HARD_SIGMOID or HARD_SILU, for which y is not uint8. `pack` takes an int8
    # kernel and an int32 bias, or a bfloat16 kernel and a float32 bias.
    Conv2D convolution
    int32_t x_zero              # the zero point of x, with which it is padded; with bfloat16, all zero points are 0
    int32_t y_zero, residual_zero
    float residual_multiplier   # scale of the residual / scale of y
    const float *multiplier     # (f,): scale of a filter's sums / scale of y; read by `pack` only, like kernel and bias
    float low, high             # bounds of y minus its zero point, or of a float32 y
    bint real_output            # whether y is float32

ctypedef struct Requantize:
    # Quantization q = round(clamp(x * inverse, low, high) + zero) of float32, and dequantization (q - zero) * scale
    const void *x       # (size,), float32; for `dequantize` uint8 or bfloat16
    void *y             # (size,), uint8 or bfloat16; for `dequantize` float32
    Py_ssize_t size
    float scale, inverse
    float low, high
    int32_t zero
    int threads

ctypedef struct Tap:
    # A run of ones in a row of a structuring element, as two runs that overlap, of two to the power of `level` pixels
    Py_ssize_t row
    Py_ssize_t first, second    # columns in which they begin
    int level

ctypedef struct Window2D:
    # A function of the kh by kw pixels around each one, channel by channel, or in `bilateral` of all channels together; output
    # (0, 0) is that of the window whose corner is (-top, -left). The image goes on beyond its borders.
    const void *x       # (n, h, w, c)
    void *y             # (n, oh, ow, c), separate memory
    void *scratch
    bint bytes          # x and y are of uint8, whatever the table is for
    Py_ssize_t n, h, w, c
    Py_ssize_t kh, kw
    Py_ssize_t oh, ow
    Py_ssize_t top, left
    Continuation continuation
    double constant             # beyond the borders with CONSTANT
    const void *kernel          # correlate: (kh, kw), or with a rank (rank, kh); bilateral: (kh, kw) weights of places
    const void *across          # correlate: with a rank, (rank, kw)
    Py_ssize_t rank             # correlate: 0, or how many products of a column and a row make up the kernel
    bint largest                # extreme: the largest, or the smallest
    const Tap *taps             # extreme: the window's runs, or NULL: all of it
    Py_ssize_t tap_count
    double sharpness            # bilateral: colours weigh exp(-sharpness |difference|²)
    int threads

ctypedef struct Choose2D:
    # The gradient of a function that chooses one element of each window
    const void *x       # (n, h, w, c)
    const void *y       # (n, oh, ow, c): what it chose; the first element that equals it, or NaN as it, gets the gradient
    const void *dy      # (n, oh, ow, c)
    void *dx            # (n, h, w, c): written
    const unsigned char *mask   # (kh, kw): which elements of a window it may have chosen
    Py_ssize_t n, h, w, c
    Py_ssize_t kh, kw
    Py_ssize_t oh, ow
    Py_ssize_t top, left
    Continuation continuation
    int threads

ctypedef struct BilateralGradient:
    # The gradient of `bilateral`
    Window2D filter         # as the filter had it, of which y is not used
    const void *y           # (n, oh, ow, c): its output
    const void *dy          # (n, oh, ow, c)
    void *dx    # written: (n, h, w, c) with CONSTANT, or else (n, oh + kh - 1, ow + kw - 1, c), for `fold`

ctypedef struct Fold2D:
    # The gradient of an image from that of the image continued beyond its borders: each pixel adds up those that stand for it
    const void *x       # (n, top + h + bottom, left + w + right, c)
    void *y             # (n, h, w, c)
    Py_ssize_t n, h, w, c
    Py_ssize_t top, bottom, left, right
    Continuation continuation
    int threads

ctypedef struct Kernel:
    # The functions that execute an operation. Both take the struct of its arguments.
    void (*run)(const void *op) noexcept nogil
    size_t (*scratch)(const void *op) noexcept nogil    # returns the bytes of working memory needed; NULL if it needs none

ctypedef struct Conv2DAlgorithm:
    # The kernels of one algorithm, which all take a `Conv2D`
    # Returns the bytes that `pack` writes, or 0 if forward reads the kernel in its own layout.
    size_t (*packed_size)(const Conv2D *op) noexcept nogil
    Kernel pack             # writes op.packed; its `run` is NULL if nothing is packed
    Kernel forward
    Kernel backward_input
    Kernel backward_kernel

ctypedef struct KernelTable:
    Conv2DAlgorithm conv2d_depthwise
    Conv2DAlgorithm conv2d_direct
    Conv2DAlgorithm conv2d_im2col
    Conv2DAlgorithm conv2d_winograd
    bint (*conv2d_pools)(const Conv2D *op) noexcept nogil       # whether conv2d_direct.forward takes `pooled`
    bint (*conv2d_differentiates_pooled)(const Conv2D *op) noexcept nogil   # whether its backward functions take `pooled`
    Kernel max_pool2d_forward
    Kernel max_pool2d_backward
    Kernel average_pool2d_forward
    Kernel average_pool2d_backward
    Kernel activation_forward
    Kernel activation_backward
    Kernel moments
    Kernel batch_normalization_forward
    Kernel batch_normalization_backward
    Kernel local_response_normalization_forward
    Kernel local_response_normalization_backward
    Kernel scale_shift_forward
    Kernel scale_shift_backward
    Kernel group_normalization_forward
    Kernel group_normalization_backward
    Kernel rearrange
    Kernel resample_forward
    Kernel resample_backward
    Kernel correlate            # of `Window2D`, as the next four
    Kernel box
    Kernel extreme
    Kernel median
    Kernel bilateral
    Kernel fold
    Kernel choose_backward
    Kernel bilateral_backward
    Kernel merge_forward
    Kernel merge_backward
    Kernel concatenate
    Kernel split
    Kernel sum_rows
    Kernel matmul
    Kernel recurrence_forward
    Kernel recurrence_backward
    Kernel dropout
    Kernel loss
    Kernel update
    Kernel clip_norm
    Kernel penalty
    size_t (*low_precision_conv2d_packed_size)(const LowPrecisionConv2D *op) noexcept nogil     # in bytes
    Kernel low_precision_conv2d_pack        # writes op.convolution.packed
    Kernel low_precision_conv2d
    Kernel low_precision_max_pool2d
    Kernel quantize
    Kernel dequantize

cdef extern from *:
    # The name of capsules of tables. The build makes it of the text of this file, so that modules of different builds, for
    # which functions may have other places, cannot share a table.
    const char *KERNEL_TABLE "STRIATE_KERNEL_TABLE"
