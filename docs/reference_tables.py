"""The reference's tables, which have names and what they stand for, and the signatures of its classes."""

import inspect
import re

from sphinx.ext.autosummary import Autosummary
from sphinx.util.inspect import stringify_signature

#: What numpydoc makes of ``[1]_`` in a docstring.
CITATION = re.compile(r" \[\w+-\d+\]_")


class ReferenceTable(Autosummary):
    """A table of names, without signatures, which are wider than a phone, and without marks of a docstring's references."""

    def get_items(self, names):
        """Return name, signature, summary and full name of each row."""
        return [(name, None, CITATION.sub("", summary), full) for name, _, summary, full in super().get_items(names)]


def constructor_signature(app, what, name, obj, options, signature, returned):
    """Return the signature of a class's constructor: autodoc takes that of ``__new__``, which may take anything."""
    if what == "class" and signature == "(*args, **kwargs)":
        return stringify_signature(inspect.signature(obj)), returned
    return None


def setup(app):
    """Replace Sphinx' tables, and connect the signatures."""
    app.add_directive("autosummary", ReferenceTable, override=True)
    app.connect("autodoc-process-signature", constructor_signature)
    return {"parallel_read_safe": True}
