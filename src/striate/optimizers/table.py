"""The optimizers that update all weights in the same way, and how they are found by name."""

from .._common.registry import described, with_custom_objects
from .adadelta import Adadelta
from .adafactor import Adafactor
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .adamax import Adamax
from .ftrl import Ftrl
from .lamb import Lamb
from .lion import Lion
from .muon import Muon
from .nadam import Nadam
from .rmsprop import RMSprop
from .schedule_free import ScheduleFreeAdamW
from .sgd import SGD

#: The classes.
CLASSES = (Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, Muon, Nadam, RMSprop, ScheduleFreeAdamW, SGD)


def made_from(config, classes, custom_objects):
    """Return an optimizer of one of some classes, or of a custom one, from its description.

    Class names may be in lower case, as older versions of Keras wrote them.
    """
    known = with_custom_objects({cls.__name__: cls for cls in classes}, custom_objects)
    lower = {cls.__name__.lower(): cls.__name__ for cls in classes}
    if isinstance(config, dict) and config.get("class_name") in lower:
        config = {**config, "class_name": lower[config["class_name"]]}
    cls, arguments = described(config, known, "class_name of optimizer")
    return cls.from_config(arguments, custom_objects)
