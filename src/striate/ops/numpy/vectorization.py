"""Functions of numbers applied to arrays, element by element."""

import numpy as np

from ..._common.checks import called
from ..._common.errors import explain_all


def vectorize(pyfunc, *, excluded=None, signature=None):
    """Return a function of arrays that calls `pyfunc` for each element of them, broadcast, as `numpy.vectorize` does.

    Parameters
    ----------
    pyfunc : callable
        A function of numbers, or of arrays if there is a `signature`.
    excluded : set of (int or str), optional
        Arguments that are passed on as they are.
    signature : str, optional
        The axes of the arrays that `pyfunc` takes and returns, such as ``"(m,n),(n)->(m)"``.

    Returns
    -------
    callable
        It takes arrays, and no symbolic tensors.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.vectorize(lambda a, b: a if a > b else -b)(np.array([1, 5]), 3)
    array([-3,  5])
    """
    return np.vectorize(called("pyfunc", pyfunc), excluded=excluded, signature=signature)


__all__ = ["vectorize"]

explain_all(globals(), __all__)
