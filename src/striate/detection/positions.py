"""JSON of which the lines are known, so that errors can name them."""

import json
import re

_SPACE = re.compile(r"[ \t\n\r]*")


def lists_with_lines(content, names):
    """Return the lists of a JSON object, in a dict by some names; of each element, its line and its value.

    Parameters
    ----------
    content : str
        The text of the object. What else is in it must be JSON, too, and is left out.
    names : sequence of str
        Names of the lists, which are empty where the object lacks them or has something else.
    """
    reader = _Reader(content)
    found = {name: [] for name in names}
    for name in reader.keys():  # noqa: SIM118 - it yields while it reads, and is no dict
        if name in found and reader.next_is("["):
            found[name] = _with_lines(content, reader.elements())
        else:
            reader.value()
    return found


class _Reader:
    """Reads JSON step by step: `place` is that of what comes next."""

    def __init__(self, content):
        self.content = content
        self.place = 0
        self._decode = json.JSONDecoder().raw_decode

    def next_is(self, character):
        """Go to what is not a space; return whether it is a character."""
        self.place = _SPACE.match(self.content, self.place).end()
        return self.content[self.place : self.place + 1] == character

    def skip(self, *expected):
        """Skip spaces and one of some characters, and return it."""
        for character in expected:
            if self.next_is(character):
                self.place += 1
                return character
        raise json.JSONDecodeError(f"Expecting {' or '.join(map(repr, expected))}", self.content, self.place)

    def value(self):
        """Return the next value."""
        self.next_is("")
        value, self.place = self._decode(self.content, self.place)
        return value

    def keys(self):
        """Yield the keys of an object that is all of the content; whoever asks for the next has read the value."""
        self.skip("{")
        if self.next_is("}"):
            self.skip("}")
        else:
            following = ","
            while following == ",":
                if not self.next_is('"'):
                    raise json.JSONDecodeError("Expecting a key in double quotes", self.content, self.place)
                key = self.value()
                self.skip(":")
                yield key
                following = self.skip(",", "}")
        if not self.next_is(""):
            raise json.JSONDecodeError("Extra data", self.content, self.place)

    def elements(self):
        """Yield the elements of a list, each with its place."""
        self.skip("[")
        if self.next_is("]"):
            self.skip("]")
            return
        following = ","
        while following == ",":
            self.next_is("")
            place = self.place
            yield place, self.value()
            following = self.skip(",", "]")


def _with_lines(content, elements):
    """Return (line, value) for (place in the text, value)."""
    found, line, last = [], 1, 0
    for place, value in elements:
        line += content.count("\n", last, place)
        last = place
        found.append((line, value))
    return found
