"""Filters of images, beside OpenCV, SciPy and scikit-image."""
