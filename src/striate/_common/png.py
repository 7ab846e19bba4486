"""Arrays as PNG files in memory."""

import struct

import numpy as np

from .lazy_modules import zlib


def png_bytes(image):
    """Return an image of floats from 0 to 1, (height, width) or (height, width, 3 or 4), as a PNG file of 8 bits a channel."""
    pixels = np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)
    height, width, *channels = pixels.shape
    color = {(): 0, (3,): 2, (4,): 6}[tuple(channels)]
    lines = np.zeros((height, 1 + pixels[0].size), np.uint8)  # Each line begins with its filter, 0 for none.
    lines[:, 1:] = pixels.reshape(height, -1)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">2I5B", width, height, 8, color, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines.tobytes())) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
