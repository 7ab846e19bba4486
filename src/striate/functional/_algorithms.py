"""Which algorithm computes a convolution: a pure function of direction, shape and dtype."""

#: What `striate.functional.conv2d` and its gradients take as `algorithm`.
ALGORITHMS = ("auto", "direct", "im2col")


def pick_conv2d_algorithm(direction, geometry, dtype):
    """Return the algorithm that "auto" stands for.

    Parameters
    ----------
    direction : {"forward", "backward_input", "backward_kernel"}
        What is computed.
    geometry : Geometry
        Of the convolution.
    dtype : numpy.dtype
        float32 or float64.
    """
    return "direct"
