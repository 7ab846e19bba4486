"""Fuzzers: whatever is passed in, the result is right or an error says what is wrong."""
