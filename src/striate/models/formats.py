"""The formats of files that models are written to and read from.

`striate.io` defines them. It makes models, and so imports this package: each format registers itself here, where the methods of
models find it.
"""

OWN = "striate"

#: By name, of which `OWN` is the library's own.
FORMATS = {}


class Format:
    """A format of files that hold models or weights; those that a subclass does not define, it cannot do."""

    #: How the names of files end that `Model.save_weights` writes in this format.
    endings = ()

    def recognizes(self, path):
        """Return whether a file is of this format: by what is in it, since a name may end in anything."""
        return False

    def load_model(self, path, custom_objects, compile, lazy):
        """Return the model in a file; for the arguments see `models.load_model`."""
        raise NotImplementedError

    def load_weights(self, model, path, skip_mismatch):
        """Set a model's weights to those in a file: see `Model.load_weights`."""
        raise NotImplementedError

    def save_weights(self, model, path):
        """Write a model's weights to a file: completely, or not at all."""
        raise NotImplementedError


def register(name):
    """Return a decorator that adds a subclass of `Format` to the formats."""

    def add(cls):
        FORMATS[name] = cls()
        return cls

    return add


def own_format():
    """Return the library's own format."""
    return FORMATS[OWN]


def format_of(path):
    """Return the format of a file: the library's own if no other recognizes it."""
    return next((each for each in FORMATS.values() if each.recognizes(path)), own_format())


def format_for(path):
    """Return the format that weights are written in to a file of this name."""
    return next((each for each in FORMATS.values() if path.endswith(each.endings)), own_format())
