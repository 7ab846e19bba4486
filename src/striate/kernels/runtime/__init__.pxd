"""What runs kernels: tables of them, programs, threads, and the gate to BLAS."""
