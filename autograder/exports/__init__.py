"""Grades on their way out: what the gradebook says of each student, as the files that other systems read."""

from autograder.exports.export import FORMATS, Wanted, write_export

__all__ = ["FORMATS", "Wanted", "write_export"]
