"""What all rooms share: checks of arguments, context for errors, files, registries of names, docstrings, terminal output."""
