"""Grading a class of notebooks without trusting the code in them."""
