"""Hashes of strings that are the same on all machines: FarmHash's fingerprint and SipHash.

References
----------
.. [1] Pike, G., "FarmHash", 2014, https://github.com/google/farmhash: `Fingerprint64`.
.. [2] Aumasson, J.-P. & Bernstein, D. J., "SipHash: a fast short-input PRF", INDOCRYPT 2012.
"""

_MASK = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
_CAT = 0xC6A4A7935BD1E995  # the multiplier by which two fingerprints become one


def _word(data, start, size=8):
    return int.from_bytes(data[start : start + size], "little")


def _rotated(value, bits):
    return (value >> bits | value << (64 - bits)) & _MASK if bits else value


def _mixed(value):
    return value ^ (value >> 47)


def _joined(u, v, factor):
    """Return a hash of two words."""
    a = _mixed((u ^ v) * factor & _MASK)
    return _mixed((v ^ a) * factor & _MASK) * factor & _MASK


def fingerprint(data):
    """Return FarmHash's fingerprint of bytes, of 64 bits."""
    size = len(data)
    if size <= 16:
        return _of_16(data, size)
    if size <= 32:
        return _of_32(data, size)
    return _of_64(data, size) if size <= 64 else _of_more(data, size)


def _of_16(data, size):
    if size >= 8:
        factor = _K2 + size * 2
        a, b = _word(data, 0) + _K2, _word(data, size - 8)
        c = _rotated(b, 37) * factor + a
        d = (_rotated(a & _MASK, 25) + b) * factor
        return _joined(c & _MASK, d & _MASK, factor)
    if size >= 4:
        factor = _K2 + size * 2
        return _joined(size + (_word(data, 0, 4) << 3) & _MASK, _word(data, size - 4, 4), factor)
    if size:
        y = data[0] + (data[size >> 1] << 8)
        z = size + (data[size - 1] << 2)
        return _mixed((y * _K2 ^ z * _K0) & _MASK) * _K2 & _MASK
    return _K2


def _of_32(data, size):
    factor = _K2 + size * 2
    a, b = _word(data, 0) * _K1 & _MASK, _word(data, 8)
    c, d = _word(data, size - 8) * factor & _MASK, _word(data, size - 16) * _K2
    first = _rotated(a + b & _MASK, 43) + _rotated(c, 30) + d
    second = a + _rotated(b + _K2 & _MASK, 18) + c
    return _joined(first & _MASK, second & _MASK, factor)


def _of_64(data, size):
    factor = _K2 + size * 2
    a, b = _word(data, 0) * _K2 & _MASK, _word(data, 8)
    c, d = _word(data, size - 8) * factor & _MASK, _word(data, size - 16) * _K2
    y = _rotated(a + b & _MASK, 43) + _rotated(c, 30) + d & _MASK
    z = _joined(y, a + _rotated(b + _K2 & _MASK, 18) + c & _MASK, factor)
    e, f = _word(data, 16) * factor & _MASK, _word(data, 24)
    g, h = (y + _word(data, size - 32)) * factor & _MASK, (z + _word(data, size - 24)) * factor
    first = _rotated(e + f & _MASK, 43) + _rotated(g, 30) + h
    second = e + _rotated(f + a & _MASK, 18) + g
    return _joined(first & _MASK, second & _MASK, factor)


def _weak(data, start, a, b):
    """Return two hashes of 32 bytes, and of two words."""
    w, x, y, z = (_word(data, start + 8 * i) for i in range(4))
    a += w
    b = _rotated(b + a + z & _MASK, 21)
    c = a
    a += x + y
    b += _rotated(a & _MASK, 44)
    return (a + z) & _MASK, (b + c) & _MASK


def _of_more(data, size):
    seed = 81
    x, y = seed, (seed * _K1 + 113) & _MASK
    z = _mixed(y * _K2 + 113 & _MASK) * _K2 & _MASK
    v, w = (0, 0), (0, 0)
    x = (x * _K2 + _word(data, 0)) & _MASK
    last = (size - 1) // 64 * 64
    for start in range(0, last, 64):
        x = _rotated(x + y + v[0] + _word(data, start + 8) & _MASK, 37) * _K1
        y = _rotated(y + v[1] + _word(data, start + 48) & _MASK, 42) * _K1
        x = (x ^ w[1]) & _MASK
        y = (y + v[0] + _word(data, start + 40)) & _MASK
        z = _rotated(z + w[0] & _MASK, 33) * _K1 & _MASK
        v = _weak(data, start, v[1] * _K1, x + w[0])
        w = _weak(data, start + 32, z + w[1], y + _word(data, start + 16))
        z, x = x, z
    factor = _K1 + ((z & 0xFF) << 1)
    start = size - 64
    w = ((w[0] + ((size - 1) & 63)) & _MASK, w[1])
    v = ((v[0] + w[0]) & _MASK, v[1])
    w = ((w[0] + v[0]) & _MASK, w[1])
    x = _rotated(x + y + v[0] + _word(data, start + 8) & _MASK, 37) * factor
    y = _rotated(y + v[1] + _word(data, start + 48) & _MASK, 42) * factor
    x = (x ^ w[1] * 9) & _MASK
    y = (y + v[0] * 9 + _word(data, start + 40)) & _MASK
    z = _rotated(z + w[0] & _MASK, 33) * factor & _MASK
    v = _weak(data, start, v[1] * factor, x + w[0])
    w = _weak(data, start + 32, z + w[1], y + _word(data, start + 16))
    z, x = x, z
    first = _joined(v[0], w[0], factor) + _mixed(y) * _K0 + z
    second = _joined(v[1], w[1], factor) + x
    return _joined(first & _MASK, second & _MASK, factor)


def joined(first, second):
    """Return the fingerprint of two fingerprints, as TensorFlow joins those of several features."""
    mixed = first ^ _CAT ^ _mixed(second * _CAT & _MASK) * _CAT & _MASK
    return _mixed(_mixed(mixed * _CAT & _MASK) * _CAT & _MASK)


def siphash(data, key):
    """Return SipHash-2-4 of bytes with a key of two words of 64 bits."""
    low, high = (int(each) & _MASK for each in key)
    v = [low ^ 0x736F6D6570736575, high ^ 0x646F72616E646F6D, low ^ 0x6C7967656E657261, high ^ 0x7465646279746573]
    whole = len(data) // 8 * 8
    words = [_word(data, start) for start in range(0, whole, 8)]
    words.append(int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56)
    for word in words:
        v[3] ^= word
        _rounds(v, 2)
        v[0] ^= word
    v[2] ^= 0xFF
    _rounds(v, 4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _rounds(v, count):
    """Apply rounds of SipHash to its state; rotations to the left by n bits are those to the right by 64 - n."""
    for _ in range(count):
        v[0] = v[0] + v[1] & _MASK
        v[1] = _rotated(v[1], 51) ^ v[0]
        v[0] = _rotated(v[0], 32)
        v[2] = v[2] + v[3] & _MASK
        v[3] = _rotated(v[3], 48) ^ v[2]
        v[0] = v[0] + v[3] & _MASK
        v[3] = _rotated(v[3], 43) ^ v[0]
        v[2] = v[2] + v[1] & _MASK
        v[1] = _rotated(v[1], 47) ^ v[2]
        v[2] = _rotated(v[2], 32)
