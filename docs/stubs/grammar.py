"""The language in which docstrings name types, such as "int or pair of int", and the annotations that its words stand for.

An argument may be anything that the function takes, and so has a wide type; a result has the narrow one: a sequence is taken, a
list is given.
"""

import re
from typing import NamedTuple


class Pair(NamedTuple):
    """The annotations of a word: of an argument, and of a result."""

    taken: str
    given: str


def both(annotation):
    """Return the pair of a word that is one type wherever it stands."""
    return Pair(annotation, annotation)


#: Stands for an array or a symbolic tensor: of a function that takes either, the result is of the same kind.
EITHER = "<either>"

#: The symbolic tensor, as the annotation of what is one.
TENSOR = "<striate.layers.Tensor>"

ARRAY = "npt.NDArray[Any]"

#: Words, without the dtypes and shapes that may follow.
WORDS = {
    "None": both("None"),
    "True": both("Literal[True]"),
    "False": both("Literal[False]"),
    "any": both("Any"),
    "anything": both("Any"),
    "array": Pair("npt.ArrayLike", ARRAY),
    "array_like": Pair("npt.ArrayLike", ARRAY),
    "bool": both("bool"),
    "bytes": both("bytes"),
    "callable": both("Callable[..., Any]"),
    "cell": both("<striate.layers.Layer>"),
    **dict.fromkeys(("top", "bottom", "left", "right", "front", "back"), both("int")),
    "class": both("type[Any]"),
    "complex": both("complex"),
    "dict": Pair("Mapping[Any, Any]", "dict[str, Any]"),
    "dtype": Pair("npt.DTypeLike", "np.dtype[Any]"),
    "float": both("float"),
    "function": both("Callable[..., Any]"),
    "generator": both("Generator[Any]"),
    "int": both("int"),
    "iterable": both("Iterable[Any]"),
    "iterator": both("Iterator[Any]"),
    "list": Pair("Sequence[Any]", "list[Any]"),
    "module": both("ModuleType"),
    "ndarray": both(ARRAY),
    "number": both("float"),
    "object": both("Any"),
    "path": Pair("str | PathLike[str]", "Path"),
    "path-like": Pair("PathLike[str]", "Path"),
    "sequence": Pair("Sequence[Any] | npt.NDArray[Any]", "Sequence[Any]"),
    "set": Pair("Collection[Any]", "set[Any]"),
    "slice": both("slice"),
    "str": both("str"),
    "structure": both("Any"),
    "symbolic tensor": both(TENSOR),
    "tuple": Pair("Sequence[Any]", "tuple[Any, ...]"),
    "type": both("type[Any]"),
    "value": both("Any"),
    # What `call` takes while a model is planned has the operators of a symbolic tensor.
    "Value": both(TENSOR),
    "Tensor": both(TENSOR),
    # Functions, and classes that are called without arguments, take the place of instances.
    "Constraint": Pair("<striate.constraints.Constraint> | Callable[..., Any]", "<striate.constraints.Constraint>"),
    "Initializer": Pair("<striate.initializers.Initializer> | Callable[..., Any]", "<striate.initializers.Initializer>"),
    "Loss": Pair("<striate.losses.Loss> | Callable[..., Any]", "<striate.losses.Loss>"),
    "Metric": Pair("<striate.metrics.Metric> | Callable[..., Any]", "<striate.metrics.Metric>"),
    "Regularizer": Pair("<striate.regularizers.Regularizer> | Callable[..., Any]", "<striate.regularizers.Regularizer>"),
    "inf": both("float"),
}

#: Libraries whose classes are named in full.
OTHERS = ("matplotlib.", "PIL.")

#: Words that say of what they are made: "list of str".
CONTAINERS = {
    "list": Pair("Sequence[{}]", "list[{}]"),
    "tuple": Pair("Sequence[{}]", "tuple[{}, ...]"),
    "sequence": both("Sequence[{}]"),
    "iterable": both("Iterable[{}]"),
    "iterator": both("Iterator[{}]"),
    "set": Pair("Collection[{}]", "set[{}]"),
    "structure": both("Any"),
    "dict": Pair("Mapping[KEY, {}]", "dict[KEY, {}]"),
}

#: Phrases of several words.
PHRASES = {
    ("symbolic", "tensor"): TENSOR,
    ("class", "or", "function"): "Callable[..., Any]",
    ("file", "object"): "IO[Any]",
    ("something", "that", "yields", "batches"): "Any",
    ("such", "batches"): "Any",
    ("such", "dicts"): "Any",
    ("object", "with"): "Any",
}

#: Words for what was named before, or has no name.
UNKNOWN = ("them", "batches", "samples")

#: How many of a type: "pair of int", "three of int", "tuple of 2 float".
NUMBERS = {"pair": 2, "two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4}

#: dtypes as annotations of arrays of them; those that other arguments determine are unknown to a type checker.
DTYPES = {
    "bool": "np.bool_",
    "uint8": "np.uint8",
    "int": "np.int64",
    "int8": "np.int8",
    "int32": "np.int32",
    "int64": "np.int64",
    "uint64": "np.uint64",
    "integers": "np.integer",
    "float": "np.floating",
    "float32": "np.float32",
    "float64": "np.float64",
    "complex64": "np.complex64",
    "str": "np.str_",
    "real numbers": "Any",
}

#: What is said about arrays besides, and about defaults.
NOTES = (
    r" of (the )?\w+('s|s') (shapes? and )?dtype( and broadcast shape)?",
    r", (x's|the image's|any) shape",
    r", at least one dimension",
    r", in the shape (and dtype )?of .*",
    r",? (of )?shapes? SIZES((,? and|,? or|,) SIZES)*( with `\w+`)?( or with a batch axis| or with a batch)?",
    r", or of float64 for images of float64",
    r", with the image's channels",
    r" of (a known size|one element)",
    r"(?<=uint8) \(images, height, width, channels\)",
    r"(?<=tuple) \([^()]*\)( or \([^()]*\))*",
    r", or (of )?one (sample|image)",
    r", one for each class",
    r"watched ",
    r", of the shape of \w+",
    r", or of values in a model's step",
)

#: What a shape is written as: parentheses, which may contain others, or the name of an argument.
SIZES = r"(\((?:[^()]|\([^()]*\))*\)|`\w+`)"


class UnknownType(ValueError):
    """A docstring's type that the language does not have."""


def annotation(text, *, given, resolve):
    """Return the annotation for the text after the colon of a docstring's entry.

    Parameters
    ----------
    text : str
        The text, such as "int or pair of int, optional".
    given : bool
        Whether it is the type of a result.
    resolve : callable
        Returns the annotation of a class's name, or None.
    """
    shorter = re.sub(r"(, |^)optional$", "", text.strip())
    for note in NOTES:
        shorter = re.sub(note.replace("SIZES", SIZES), "", shorter)
    if not shorter:
        raise UnknownType(text)
    try:
        alternatives = _Reader(shorter, given, resolve).union()
    except (UnknownType, IndexError) as error:
        raise UnknownType(f"{text!r} is no type that docs/stubs/grammar.py can read: {error}") from None
    return union(alternatives)


def union(alternatives):
    """Return the annotation of a union: each type once, None last."""
    parts = list(dict.fromkeys(part for one in alternatives for part in _split(one)))
    parts.sort(key=lambda part: part == "None")
    return " | ".join(parts)


def _split(annotation):
    """Return the parts of a union that brackets do not enclose."""
    parts, depth = [""], 0
    for character in annotation:
        depth += (character == "[") - (character == "]")
        if character == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def may_be_none(annotation):
    """Return whether an annotation allows for None."""
    return bool({"None", "Any"} & {*_split(annotation)})


class _Reader:
    """Reads a type from left to right: unions of types, which may be made of others."""

    def __init__(self, text, given, resolve):
        self.tokens = re.findall(r'\{[^}]*\}|"[^"]*"|[()]|,|[\w.\-…]+|\S', text)
        self.place = 0
        self.given = given
        self.resolve = resolve

    @property
    def next(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def accept(self, *words):
        """Go past words if they come next; return whether they do."""
        found = tuple(self.tokens[self.place : self.place + len(words)]) == words
        self.place += len(words) * found
        return found

    def accept_one(self, words):
        """Go past one of these words if it comes next; return it, or None."""
        return next((word for word in words if self.accept(word)), None)

    def union(self, end=None):
        """Read "A, B or C" as far as an end, and return the alternatives."""
        found = [self.one()]
        while self.next != end:
            if not self.accept(",", "or") and not self.accept("or") and not self.accept(","):
                raise UnknownType(f"{self.next!r} after {found[-1]!r}")
            found.append(self.one())
        both_kinds = {*found} >= {TENSOR} and any(_is_array(one) for one in found)
        if both_kinds:
            found = [EITHER, *(one for one in found if one != TENSOR and not _is_array(one))]
        return found

    def one(self):
        """Read a type that is no union, and return its annotation."""
        token = self.next
        if token is None or token in ("or", ","):
            raise UnknownType("a type is missing")
        self.place += 1
        if token in ("a", "an", "nested"):
            return self.one()
        if token in UNKNOWN:
            return "Any"
        if token.startswith("{"):
            return self.choice(token[1:-1].split(","))
        if token.startswith('"') or (token.isdigit() and self.next in (None, ",", "or")):
            return f"Literal[{token}]"
        if token == "(":
            return self.parenthesis()
        for phrase, meaning in PHRASES.items():
            if token == phrase[0] and self.accept(*phrase[1:]):
                return meaning
        word = token if token in WORDS or token in CONTAINERS else token.removesuffix("s")
        if word in ("array", "array_like", "ndarray"):
            return self.array(word)
        if word in NUMBERS:
            self.accept("of")
            return self.several(NUMBERS[word], self.one())
        if word in CONTAINERS and self.next in ("of", "or"):
            return self.container(word)
        if word in WORDS:
            return WORDS[word].given if self.given else WORDS[word].taken
        if token.startswith("numpy."):
            return token.replace("numpy", "np", 1)
        if token.startswith(OTHERS):
            return f"<{token}>"
        found = self.resolve(token) or self.resolve(word)
        if not found:
            raise UnknownType(f"{token!r}")
        return found

    def parenthesis(self):
        """Read what is in parentheses: a tuple of several types, or a union."""
        start = self.place
        alternatives = self.union(")")
        self.place += 1
        inside = self.tokens[start : self.place - 1]
        if "or" in inside or "," not in inside:
            return union(alternatives)
        if self.given or len({*alternatives}) > 1:
            return f"tuple[{', '.join(alternatives)}]"
        return f"Sequence[{alternatives[0]}]"

    def choice(self, values):
        """Return the annotation of a set of values."""
        values = [value.strip() for value in values]
        literal = [value for value in values if value.removeprefix("-") != "inf"]
        found = [f"Literal[{', '.join(literal)}]"] + ["float"] * (len(literal) < len(values))
        if {"0", "1"} <= {*literal} and not self.given:
            found.append("bool")
        return " | ".join(found)

    def array(self, word):
        """Read the dtypes of an array."""
        dtypes = []
        self.accept("array")
        start = self.place
        if self.accept("of"):
            while True:
                found = next((dtype for dtype in DTYPES if self.accept(*dtype.split())), None)
                if found is None:
                    break
                dtypes.append(DTYPES[found])
                start = self.place
                if not self.accept("or"):
                    self.accept(",")
        self.place = start
        kind = WORDS[word].given if self.given else WORDS[word].taken
        if kind == ARRAY and len(dtypes) == 1:
            kind = f"npt.NDArray[{dtypes[0]}]"
        elif kind == ARRAY and not self.given and {*dtypes} == {"np.float32", "np.float64"}:
            kind = "npt.NDArray[np.floating]"
        if self.accept("or", "symbolic", "tensor") or self.accept("or", "Tensor"):
            return EITHER
        return kind

    def several(self, number, item):
        """Return the annotation of a number of things."""
        if item == "Any":
            return "Any"
        return f"tuple[{', '.join([item] * number)}]" if self.given else f"Sequence[{item}]"

    def container(self, word):
        """Read the types of a container's elements, and of another one's of the same elements, as in "list or dict of str"."""
        words = [word]
        start = self.place
        while self.accept("or") and (another := self.accept_one(CONTAINERS)):
            words.append(another)
            start = self.place
        self.place = start
        if not self.accept("of"):
            self.place -= 2 * (len(words) - 1)
            return WORDS[word].given if self.given else WORDS[word].taken
        if self.next in NUMBERS and self.next != "pair" and word != "dict":
            return self.one()
        if self.given and self.accept("them"):
            return "Any"  # A union of containers would ask programs for tests that no program needs.
        item, key = self.one(), "str"
        if self.accept("to"):
            item, key = self.one(), item
        arrays = [ARRAY] * (word == "sequence" and item in ("int", "float") and not self.given)
        return union([*(self.containing(each, key, item) for each in words), *arrays])

    def containing(self, word, key, item):
        """Return the annotation of a container of a type."""
        pattern = CONTAINERS[word].given if self.given else CONTAINERS[word].taken
        if item == "str" and pattern == "Sequence[{}]" and word != "sequence":
            return "list[str] | tuple[str, ...]"  # A string is a sequence of strings, too.
        return pattern.replace("KEY", key).replace("{}", item)


def _is_array(annotation):
    return annotation == "npt.ArrayLike" or annotation.startswith("npt.NDArray[")
