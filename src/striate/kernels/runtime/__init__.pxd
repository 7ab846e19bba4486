"""What runs kernels: kernel tables, programs, threads, and the gate to BLAS."""
