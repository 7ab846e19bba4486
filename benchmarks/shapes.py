"""The shapes of convolutions and poolings that benchmarks measure."""

import math
from typing import NamedTuple


class Convolution(NamedTuple):
    """A convolution of square images with a square kernel."""

    batch: int
    size: int
    channels: int
    kernel: int
    filters: int
    stride: int = 1
    padding: int = 0
    groups: int = 1

    def __str__(self):
        """Return the convolution as text, such as "n16 28²·256→512 3×3 s2 g4"."""
        stride = f" s{self.stride}" if self.stride > 1 else ""
        groups = f" g{self.groups}" if self.groups > 1 else ""
        return f"n{self.batch} {self.size}²·{self.channels}→{self.filters} {self.kernel}×{self.kernel}{stride}{groups}"

    @property
    def x_shape(self):
        """Shape of the input."""
        return self.batch, self.size, self.size, self.channels

    @property
    def kernel_shape(self):
        """Shape of the kernel."""
        return self.kernel, self.kernel, self.channels // self.groups, self.filters

    @property
    def y_shape(self):
        """Shape of the output."""
        return self.batch, self.output_size, self.output_size, self.filters

    @property
    def output_size(self):
        """Height and width of the output."""
        return (self.size + 2 * self.padding - self.kernel) // self.stride + 1

    @property
    def flops(self):
        """Number of floating-point operations, where a multiply-add counts as two."""
        return 2 * self.batch * self.output_size**2 * self.kernel**2 * self.channels // self.groups * self.filters

    @property
    def bytes(self):
        """Size of input, kernel and output in float32, in bytes."""
        return 4 * sum(map(math.prod, (self.x_shape, self.kernel_shape, self.y_shape)))


class Pooling(NamedTuple):
    """A pooling of square images."""

    batch: int
    size: int
    channels: int
    window: int
    stride: int

    def __str__(self):
        """Return the pooling as text, such as "n16 56²·64 3×3 s2"."""
        return f"n{self.batch} {self.size}²·{self.channels} {self.window}×{self.window} s{self.stride}"


CONVOLUTIONS = [
    Convolution(1, 56, 128, 3, 256, padding=1),
    Convolution(16, 14, 512, 3, 512, padding=1),
    Convolution(16, 32, 64, 3, 64, padding=1),
    Convolution(1, 56, 64, 1, 256),
    Convolution(8, 56, 128, 3, 128, stride=2, padding=1),
    Convolution(1, 224, 3, 7, 64, stride=2, padding=3),
    Convolution(64, 28, 1, 5, 6, padding=2),
    Convolution(64, 14, 6, 5, 16),
]

POOLINGS = [
    Pooling(64, 28, 6, 2, 2),
    Pooling(16, 32, 64, 2, 2),
    Pooling(1, 112, 64, 3, 2),
]

#: Layers of networks in use, for `python -m benchmarks layers`; those of LeNet-5 also with the batch size of its training.
LAYERS = [
    layer._replace(batch=batch)
    for batches, layers in [
        (
            (1, 16),
            [
                Convolution(1, 224, 64, 3, 64, padding=1),
                Convolution(1, 56, 128, 3, 256, padding=1),
                Convolution(1, 28, 256, 3, 512, padding=1),
                Convolution(1, 14, 512, 3, 512, padding=1),
                Convolution(1, 7, 512, 3, 512, padding=1),
                Convolution(1, 32, 64, 3, 64, padding=1),
                Convolution(1, 16, 128, 3, 128, padding=1),
                Convolution(1, 8, 256, 3, 256, padding=1),
                Convolution(1, 56, 64, 1, 256),
                Convolution(1, 14, 1024, 1, 256),
                Convolution(1, 7, 2048, 1, 512),
                Convolution(1, 56, 128, 3, 128, stride=2, padding=1),
                Convolution(1, 224, 3, 7, 64, stride=2, padding=3),
                Convolution(1, 224, 3, 11, 64, stride=4, padding=2),
                Convolution(1, 27, 64, 5, 192, padding=2),
                Convolution(1, 112, 32, 3, 32, padding=1, groups=32),
                Convolution(1, 14, 576, 3, 576, padding=1, groups=576),
            ],
        ),
        ((1, 16, 64), [Convolution(1, 28, 1, 5, 6, padding=2)]),
        ((64,), [Convolution(1, 14, 6, 5, 16)]),
    ]
    for layer in layers
    for batch in batches
]
