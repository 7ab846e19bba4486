"""Writes the stubs: ``python -m docs.stubs``, where scikit-learn is installed beside striate."""

import sys

from . import modules


def main():
    """Write the stubs, unless a type is missing or cannot be read; return the exit status."""
    texts, problems = modules.written()
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        print("\nexpected types as docs/stubs/grammar.py and docs/stubs/known.py know them", file=sys.stderr)
        return 1
    for path in modules.existing() - {*texts}:
        path.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(texts)} stubs written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
