"""Functions with NumPy's names."""

from ..._common.names import public_attributes
from . import (
    complex_numbers,
    creation,
    elementwise,
    joining,
    nan,
    products,
    quantiles,
    reductions,
    selection,
    shaping,
    sorting,
    vectorization,
    windows,
)
from .complex_numbers import *  # noqa: F403
from .creation import *  # noqa: F403
from .elementwise import *  # noqa: F403
from .joining import *  # noqa: F403
from .nan import *  # noqa: F403
from .products import *  # noqa: F403
from .quantiles import *  # noqa: F403
from .reductions import *  # noqa: F403
from .selection import *  # noqa: F403
from .shaping import *  # noqa: F403
from .sorting import *  # noqa: F403
from .vectorization import *  # noqa: F403
from .windows import *  # noqa: F403

__all__ = [
    *complex_numbers.__all__, *creation.__all__, *elementwise.__all__, *joining.__all__, *nan.__all__, *products.__all__,
    *quantiles.__all__, *reductions.__all__, *selection.__all__, *shaping.__all__, *sorting.__all__, *vectorization.__all__,
    *windows.__all__,
]  # fmt: skip

__getattr__, __dir__ = public_attributes(globals())
