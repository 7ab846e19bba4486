"""How well and how fast a recognizer of text learns, beside PyTorch."""
