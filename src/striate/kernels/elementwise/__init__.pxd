"""Element by element: activations, dropout, merging, and scales and shifts of channels."""
