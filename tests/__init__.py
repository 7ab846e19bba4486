"""The tests: they mirror ``src/striate``, but for `helpers`, `fuzz`, `keras`, which holds whole programs against Keras, and
`programs`, which holds those with training steps of their own.
"""
