"""A class of known students: answers that are right or wrong in a known way, handed in and graded."""
