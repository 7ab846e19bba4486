"""Models that predict with 8-bit integers, made of trained ones: several times as fast, and nearly as good.

`quantize` looks at what a model computes for some images, gives each intermediate result a scale on which 8-bit integers stand
for real numbers, and returns a model whose convolutions and dense layers multiply such integers, exactly, and round once.
"""

from .post_training import quantize

__all__ = ["quantize"]
