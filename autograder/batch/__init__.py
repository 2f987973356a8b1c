"""Grading a class: what there is to grade, all of it graded, and how that is shown."""
