"""What the families of kernels share: vectors, the geometry of axes, sums, buffers, and the choice of threads."""
