"""Invented texts, which no dictionary helps to read: words that can be pronounced, numbers, and codes."""

from .stroke_font import CHARACTERS

_CAPITALS, _LETTERS, _DIGITS = CHARACTERS[:26], CHARACTERS[:52], CHARACTERS[52:62]
_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"

#: What may be behind a word, and within a code.
_ENDS = ("", "", "", ",", ".", "!", "?", ":")
_JOINTS = ("", "", "-", "/", "&", "'")

#: Forms of numbers, amounts, dates and times.
_FORMS = (
    "{c}", "{c}", "{a}", "{a}.{b:02}", "{c},{b}", "{a}:{b:02}", "{a}/{b}", "{a}%", "+{c}", "-{a}", "#{c}", "({b})", "{a}*{b}",
)  # fmt: skip

#: Attempts to invent a text of an alphabet's characters, before they are taken at random.
_ATTEMPTS = 20


def invent(rng, alphabet, longest):
    """Return a text of an alphabet's characters, with single spaces between its parts."""
    visible = alphabet.replace(" ", "")
    for _ in range(_ATTEMPTS):
        whole = " ".join(_one_of(rng, _PARTS)(rng) for _ in range(rng.integers(1, 4)))
        kept = "".join(each for each in whole if each in alphabet)
        if 2 * len(kept) < len(whole):  # The alphabet is of another kind.
            continue
        found = " ".join(kept[:longest].split())
        if rng.random() < 0.5 and found:  # Rare characters appear more often.
            place = int(rng.integers(len(found)))
            found = " ".join((found[:place] + _one_of(rng, visible) + found[place + 1 :]).split())
        if found:
            return found
    return "".join(_one_of(rng, visible) for _ in range(rng.integers(1, longest + 1)))


def _word(rng):
    """Return a word in small letters, in capitals, or with one, in which vowels and consonants alternate."""
    begins = int(rng.integers(2))
    letters = [_one_of(rng, (_CONSONANTS, _VOWELS)[(i + begins) % 2]) for i in range(rng.integers(2, 9))]
    word = "".join(letters)
    return _one_of(rng, (word, word, word.upper(), word.capitalize())) + _one_of(rng, _ENDS)


def _number(rng):
    """Return a number, an amount, a date or a time."""
    a, b, c = (int(each) for each in rng.integers((1, 1, 1), (32, 60, 10000)))
    return _one_of(rng, _FORMS).format(a=a, b=b, c=c)


def _code(rng):
    """Return some letters and digits in any order, such as a number plate or a serial number has."""
    characters = _CAPITALS + _DIGITS if rng.random() < 0.5 else _LETTERS + _DIGITS
    found = "".join(characters[i] for i in rng.integers(len(characters), size=rng.integers(2, 7)))
    return found[:2] + _one_of(rng, _JOINTS) + found[2:]


#: What texts consist of.
_PARTS = (_word, _word, _number, _code)


def _one_of(rng, options):
    return options[int(rng.integers(len(options)))]
