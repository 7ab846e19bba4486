"""Convolution and max pooling of 8-bit integers and of bfloat16, and conversions from and to float32."""
