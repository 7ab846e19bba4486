"""The shapes that are measured."""

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

    def __str__(self):
        """Return it as "n16 28²·256→512 3×3"."""
        stride = f" s{self.stride}" if self.stride > 1 else ""
        return f"n{self.batch} {self.size}²·{self.channels}→{self.filters} {self.kernel}×{self.kernel}{stride}"

    @property
    def output_size(self):
        """Height and width of the output."""
        return (self.size + 2 * self.padding - self.kernel) // self.stride + 1

    @property
    def flops(self):
        """Floating-point operations, a multiply-add counted as two."""
        return 2 * self.batch * self.output_size**2 * self.kernel**2 * self.channels * self.filters


class Pooling(NamedTuple):
    """A pooling of square images."""

    batch: int
    size: int
    channels: int
    window: int
    stride: int

    def __str__(self):
        """Return it as "n16 56²·64 3×3 s2"."""
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
