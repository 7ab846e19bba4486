"""What tests of several rooms share: references, bounds of errors, small models and ways to wait for other processes."""
