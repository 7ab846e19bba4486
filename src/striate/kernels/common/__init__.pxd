"""What several families use: vectors, and loops over axes, sums and buffers that are made of them."""
