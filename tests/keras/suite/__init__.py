"""Keras' own unit tests, run with striate in Keras' place.

Usage::

    python -m tests.keras.suite /path/to/keras                    # all that can apply, a process for each file
    python -m tests.keras.suite /path/to/keras losses metrics     # folders or files below keras/src
    python -m tests.keras.suite /path/to/keras layers/core/dense_test.py -k training --show
    python -m tests.keras.suite /path/to/keras --write            # and write docs/keras_tests.rst

``/path/to/keras`` is a copy of Keras' sources, with its tests; a wheel has none. ``absl-py`` must be installed, too. No file of
Keras' implementation is executed: `source` reads which module defines which name, and under which public name it is exported;
`finder` makes modules of these names, whose objects are striate's. What a test needs beside the public names, `internals` has:
Keras' dtype helpers and its ``TestCase`` (`testing`), written anew. A public name that striate lacks is an object that fails
when it is called, so that one missing name fails the tests that use it, and not all of its file.

A test does not apply if it is for another backend, or for what `exclusions` lists, each with its reason; or if it calls
functions or attributes of Keras that are not public, and not among `internals`. Errors are compared by class: striate words
them differently. The runner counts the tests that rely on that; ``--words`` prints what they are about.

Tests of the dtypes of results compare them with those of JAX, which need not be Keras' backend for that: they do not apply
where it is not installed.

`plugin` collects the results of one process, `runner` starts processes and limits their time, `table` writes the results.
"""
