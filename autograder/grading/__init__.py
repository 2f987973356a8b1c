"""Grading a class: one submission as a pure function, many of them in parallel, one writer of results."""
