"""Convolution and pooling of 8-bit integers and bfloat16."""
