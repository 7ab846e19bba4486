"""Video from a camera that stands still: what is new in its picture, and what stays.

``background``  what a place looks like when nothing happens, learned pixel by pixel
``abandoned``   things that are new, and stay where they are
``events``      what happened and when, in files, and compared with what did happen
"""

from .._common.names import public_attributes
from .abandoned import StaticObjects
from .background import MixtureOfGaussians, RunningMedian
from .events import Event, MatchedEvents, match_events, read_events, write_events

__all__ = [
    "Event",
    "MatchedEvents",
    "MixtureOfGaussians",
    "RunningMedian",
    "StaticObjects",
    "match_events",
    "read_events",
    "write_events",
]

__getattr__, __dir__ = public_attributes(globals())
