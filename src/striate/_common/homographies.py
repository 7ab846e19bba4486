"""Homographies: projective maps of the plane."""


def equations(x, y, u, v, zero, one):
    """Return the coefficients of the two linear equations by which a homography sends (x, y) to (u, v), eight in each list.

    A homography of the numbers h0 to h7 sends (x, y) to ((h0 x + h1 y + h2) / d, (h3 x + h4 y + h5) / d), where
    d = h6 x + h7 y + 1. The right-hand sides are u and v. `zero` and `one` have the shape of the coordinates.
    """
    return [x, y, one, zero, zero, zero, -u * x, -u * y], [zero, zero, zero, x, y, one, -v * x, -v * y]
