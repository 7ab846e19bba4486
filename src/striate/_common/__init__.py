"""What all rooms share: checks of arguments and files, what errors tell, names of things, docstrings, text on the terminal."""
