"""The operations: one C struct of arguments each, and the table of kernels that carry them out.

This is the interface between the kernels and everything that runs them (the array functions of ``striate.functional``
and other people's Cython code). An array argument is a pointer to the first element of a C-contiguous
array of the table's dtype, activations as (n, h, w, c) and convolution kernels as (kh, kw, c / groups, f). The caller
checks shapes and owns all memory. To carry an operation out is to call ``kernel.run`` with the struct's address. Where a kernel
needs working memory, ``kernel.scratch``, called with the same, says how many bytes, and the caller passes that much, aligned
to CACHE_LINE bytes, as the struct's ``scratch``.

Kernels neither allocate, raise nor take the GIL. ``threads`` is how many threads they may use: it changes how long
they take and never a bit of the result.
"""
from libc.stdint cimport int8_t, int32_t, uint32_t, uint64_t

cdef enum ActivationCode:
    # Activations that a convolution or a matrix product applies as it stores its result (LINEAR, RELU, LEAKY_RELU),
    # and those that need a pass of their own.
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
    LOG     # forward only: no activation, but computed as they are; so is the next
    SCALE

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

cdef enum Continuation:     # of an image beyond its borders
    CONSTANT
    EDGE
    MIRROR          # the edge twice
    AGAIN
    MIRROR_ONCE     # the edge once

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

cdef enum:
    AXES = 5                # of `Rearrange`
    CACHE_LINE = 64         # bytes; what working memory is aligned to

ctypedef struct Conv2D:
    void *x             # (n, h, w, c); backward_input writes its gradient here
    void *kernel        # (kh, kw, c / groups, f); backward_kernel writes its gradient here
    void *packed        # the kernel as the algorithm's `pack` writes it, or NULL: forward then packs it on each call
    void *bias          # (f,), in backward_input (c,), or NULL
    void *residual      # (n, oh, ow, f), in backward_input (n, h, w, c), or NULL: added before the activation
    void *y             # (n, oh, ow, f); the backward functions read the gradient here
    void *unpooled      # (n, oh, ow, f): what was pooled, if the backward functions read the gradient of a `pooled` y
    void *scratch
    Py_ssize_t n, h, w, c
    Py_ssize_t kh, kw, f
    Py_ssize_t oh, ow
    # y is (n, oh / 2, ow / 2, f), the largest of each 2×2 outputs: only where `conv2d_pools` is true, or in the backward
    # functions `conv2d_differentiates_pooled`
    bint pooled
    Py_ssize_t stride_h, stride_w
    Py_ssize_t pad_top, pad_left    # the bottom and right padding follow from oh and ow
    Py_ssize_t dilation_h, dilation_w
    Py_ssize_t groups
    ActivationCode activation           # LINEAR, RELU or LEAKY_RELU; in backward_input too: transposed convolution has one
    double negative_slope           # of LEAKY_RELU
    Py_ssize_t tile         # of Winograd's algorithm: outputs along an edge of a tile, 2, or 4 for a 3×3 kernel
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
    bint count_include_pad          # average pooling: divide by kh * kw even where the window is partly padding
    Py_ssize_t padded_h, padded_w   # average pooling: size of the input with its padding
    int threads

ctypedef struct Rowwise:
    # An activation over a (rows, columns) array; softmax and log-softmax run over the columns.
    void *x             # forward: input; backward: what the gradient is computed from (see functional.activations)
    void *dy            # backward: gradient of the output
    void *y             # forward: output; backward: gradient of the input; may be x or dy itself
    Py_ssize_t rows, columns
    ActivationCode activation
    double alpha        # what LEAKY_RELU and ELU multiply the part below zero by, and SCALE all
    int threads

ctypedef struct BatchNormalization:
    # Normalization of each channel of a (rows, channels) array by a mean and a variance, biased as `moments` computes it
    void *x             # (rows, channels)
    void *y             # (rows, channels): output, may be x and the residual; in backward, its gradient
    void *dx            # (rows, channels): gradient that backward writes; may be x or y
    void *mean          # (channels,): read; `moments` writes it
    void *variance      # (channels,): read; `moments` writes it
    void *gamma         # (channels,) or NULL: ones
    void *beta          # (channels,) or NULL: zeros; read in backward only if there is an activation
    void *residual      # (rows, channels) or NULL: added before the activation; not in backward
    void *dgamma        # (channels,): gradient that backward writes
    void *dbeta         # (channels,): gradient that backward writes
    void *scratch
    Py_ssize_t rows, channels       # of `moments` and backward, at least one row
    double epsilon                  # added to the variance
    bint training                   # backward: mean and variance are x's own, and change with it
    ActivationCode activation           # LINEAR, RELU or LEAKY_RELU
    double negative_slope           # of LEAKY_RELU
    int threads

ctypedef struct LocalResponseNormalization:
    # Division of each element of a (rows, channels) array by a power of its neighbours' sum of squares
    void *x             # (rows, channels)
    void *y             # (rows, channels): output, may be x; in backward, its gradient
    void *dx            # (rows, channels): gradient that backward writes; separate memory
    void *scratch
    Py_ssize_t rows, channels
    Py_ssize_t depth_radius         # neighbours on either side
    double bias, alpha, beta
    int threads

ctypedef struct Merge:
    # Several arrays of one size into one, element by element
    void **inputs       # `count` pointers to (size,); `forward` may write one of them
    void *y             # (size,): output; in backward, its gradient
    void **gradients    # backward: `count` pointers to the gradients (size,) that it writes
    Py_ssize_t count, size
    Merging merging     # SUBTRACT takes two inputs; the gradient is computed of MULTIPLY, MAXIMUM and MINIMUM
    ActivationCode activation           # of ADD: LINEAR, RELU or LEAKY_RELU
    double negative_slope
    int threads

ctypedef struct Concatenate:
    # Rows of several arrays, one behind the other
    void **parts        # `count` pointers to (rows, widths[i]); `split` writes them
    const Py_ssize_t *widths        # (count,)
    void *y             # (rows, columns); `split` reads it
    Py_ssize_t count, rows
    Py_ssize_t columns  # sum of the widths
    int threads

ctypedef struct Rearrange:
    # Elements copied in another order, some of them several times, with zeros around them (see resampling/resampling.pyx). The
    # axes in front are of size 1 where there are fewer.
    const void *x
    void *y             # shape
    Py_ssize_t shape[AXES]
    Py_ssize_t low[AXES], high[AXES]        # indices of y that are copied to, at least one along each axis
    Py_ssize_t repeat[AXES], strides[AXES]  # of x, in elements
    Py_ssize_t offset                       # of x, of the first element read
    int threads

ctypedef struct Resample:
    # Images sampled where an affine map says
    void *x             # (n, h, w, c); backward writes its gradient here
    void *y             # (n, oh, ow, c); backward reads the gradient here
    const double *matrices      # six numbers, or six for each image: see resampling/resampling.pyx
    bint matrix_an_image
    Py_ssize_t n, h, w, c
    Py_ssize_t oh, ow
    Interpolation interpolation
    Continuation continuation
    double constant             # beyond the borders with CONSTANT
    int threads

ctypedef struct ScaleShift:
    # y = x scale + shift, cut off at `low` and `high`
    void *x             # (n, pixels, channels)
    void *y             # (n, pixels, channels), may be x; in backward, its gradient
    void *dx            # (n, pixels, channels): gradient that backward writes; may be y
    void *scale         # (channels,), or (n, channels) if `an_image`, or NULL: ones
    void *shift         # the same, or NULL: zeros
    Py_ssize_t n, pixels, channels
    bint scale_an_image, shift_an_image
    bint masked         # in forward: y is zero where the scale is, whatever x is
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
    # value = sum of l1 |x| + l2 x², and its gradient
    const void *x       # (size,)
    void *gradient      # (size,): written
    double *value       # written
    void *scratch
    Py_ssize_t size
    double l1, l2
    int threads

ctypedef struct SumRows:
    void *x             # (rows, columns)
    void *y             # (columns,): sum of the rows
    void *scratch
    Py_ssize_t rows, columns
    int threads

ctypedef struct MatMul:
    # c = op(a) @ op(b) + bias, then the activation
    void *a             # (m, k), or (k, m) if transpose_a
    void *b             # (k, n), or (n, k) if transpose_b
    void *bias          # (n,) or NULL
    void *c             # (m, n)
    void *scratch
    Py_ssize_t m, n, k
    bint transpose_a, transpose_b
    ActivationCode activation           # LINEAR, RELU or LEAKY_RELU
    double negative_slope
    int threads

ctypedef struct Dropout:
    # Elements zeroed at random, the others multiplied by `scale`; the same seed and stream zero the same ones
    void *x             # (size,)
    void *y             # (size,); may be x
    const uint64_t *seed            # one number, read as the operation runs
    uint32_t stream                 # tells operations with the same seed apart
    Py_ssize_t size
    double rate         # probability of an element to be zeroed, below 1
    int threads

ctypedef struct Loss:
    # The mean over the rows of a value for each, and its gradient (see striate.losses for the formulas)
    void *predictions   # (rows, columns)
    void *targets       # (rows, columns); of SPARSE_CROSSENTROPY (rows,) class indices, int64
    void *gradient      # (rows, columns): written; separate memory
    double *value       # written
    void *scratch
    LossFunction function
    const void *row_weights         # one for each `rows_a_weight` rows, or NULL: ones
    Py_ssize_t rows_a_weight
    Py_ssize_t rows, columns
    double weight       # that value and gradient are multiplied by
    bint from_logits    # cross-entropies: predictions are no probabilities yet
    double gamma        # BINARY_CROSSENTROPY: how much less counts what is right already; 0 for not at all
    double yes, no      # BINARY_CROSSENTROPY: what either counts
    int threads

ctypedef struct Update:
    # One step over the `size` elements of a parameter (see striate.optimizers for the formulas). MOVING_MEAN moves it
    # towards `gradient` by 1 - momentum of the way.
    UpdateMethod method
    void *parameter
    void *gradient
    void *moment1       # SGD: velocity; RMSprop: velocity; NULL without momentum. Adam, Lion: mean of gradients
    void *moment2       # Adam, RMSprop: mean of squared gradients; Adagrad: their sum
    void *moment3       # RMSprop: mean of gradients, or NULL; Adam: largest of the second moments so far, or NULL
    Py_ssize_t size
    const double *rates             # step size, and learning rate; read as the operation runs; NULL for MOVING_MEAN
    const double *scale             # NULL, or what gradients are multiplied by; read as the operation runs
    double clip                     # gradients are cut off at ± this; infinity for not at all
    double weight_decay             # parameters lose this part of themselves, times the learning rate
    double momentum, beta1, beta2, epsilon
    bint nesterov
    int threads

ctypedef struct ClipNorm:
    # What gradients are multiplied by so that their common Euclidean norm is at most a limit
    void **gradients    # `count` pointers to (sizes[i],)
    const Py_ssize_t *sizes         # (count,)
    double *scale       # written: limit / max(norm, limit)
    void *scratch
    Py_ssize_t count
    double limit
    int threads

ctypedef struct LowPrecisionConv2D:
    # A convolution of 8-bit integers or bfloat16: see low_precision/tile.pxi for the formulas
    # x, residual: uint8 or bfloat16; y: that or float32; packed; geometry, threads; nothing else. To `pack`, the kernel is of
    # int8 and the bias of int32, or of bfloat16 and float32.
    Conv2D convolution
    int32_t x_zero              # what stands for 0 in x, and pads it; of bfloat16 it is 0, as the others
    int32_t y_zero, residual_zero
    float residual_multiplier   # scale of the residual / scale of y
    const float *multiplier     # (f,): scale of a filter's sums / scale of y; `pack` alone reads it, the kernel and the bias
    float low, high             # bounds of y less its zero point, or of a real y
    bint real_output            # y is float32

ctypedef struct Requantize:
    # Between float32 and low precision: q = round(clamp(x * inverse, low, high) + zero), x = (q - zero) * scale
    const void *x       # (size,): float32, or to `dequantize` uint8 or bfloat16
    void *y             # (size,): uint8 or bfloat16, or float32
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

ctypedef struct Fold2D:
    # The gradient of an image from that of the image continued beyond its borders: each pixel adds up those that stand for it
    const void *x       # (n, top + h + bottom, left + w + right, c)
    void *y             # (n, h, w, c)
    Py_ssize_t n, h, w, c
    Py_ssize_t top, bottom, left, right
    Continuation continuation
    int threads

ctypedef struct Kernel:
    # What carries an operation out. Both functions take the struct of its arguments.
    void (*run)(const void *op) noexcept nogil
    size_t (*scratch)(const void *op) noexcept nogil    # bytes of working memory that it needs; NULL: none

ctypedef struct Conv2DAlgorithm:
    # Of `Conv2D`
    # Bytes that `pack` writes, 0 if forward uses the kernel as it is
    size_t (*packed_size)(const Conv2D *op) noexcept nogil
    Kernel pack             # writes op.packed; its `run` is NULL if there is nothing to pack
    Kernel forward
    Kernel backward_input
    Kernel backward_kernel

ctypedef struct KernelTable:
    Conv2DAlgorithm conv2d_depthwise
    Conv2DAlgorithm conv2d_direct
    Conv2DAlgorithm conv2d_im2col
    Conv2DAlgorithm conv2d_winograd
    bint (*conv2d_pools)(const Conv2D *op) noexcept nogil       # whether conv2d_direct.forward takes `pooled`
    bint (*conv2d_differentiates_pooled)(const Conv2D *op) noexcept nogil       # whether its backward functions take it
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
    Kernel merge_forward
    Kernel merge_backward
    Kernel concatenate
    Kernel split
    Kernel sum_rows
    Kernel matmul
    Kernel dropout
    Kernel loss
    Kernel update
    Kernel clip_norm
    Kernel penalty
    size_t (*low_precision_conv2d_packed_size)(const LowPrecisionConv2D *op) noexcept nogil     # bytes
    Kernel low_precision_conv2d_pack        # writes op.convolution.packed
    Kernel low_precision_conv2d
    Kernel low_precision_max_pool2d
    Kernel quantize
    Kernel dequantize
