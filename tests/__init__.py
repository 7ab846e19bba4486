"""The tests: they mirror ``src/striate``, but for `helpers`, `fuzz`, and `keras`, which holds whole programs against Keras."""
