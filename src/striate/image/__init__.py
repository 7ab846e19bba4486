"""Images before a network sees them: their kinds, colours, files, transforms and histograms, filters and features.

Images are NumPy arrays (height, width) or (height, width, channels), or batches (batch, height, width, channels), of uint8,
float32 or float64, or of bool where they are binary; colours are red, green, blue, and places are (row, column). Results have
the dtype of the image: those of uint8 are rounded half to even and clipped to 0 … 255, and no values are ever rescaled
silently. Nothing changes the image that it is given.
"""

__all__ = []
