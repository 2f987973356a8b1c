"""The error that a person can act on: its text is one sentence, shown without a traceback."""


class CourseError(Exception):
    """Something the author or instructor can mend; nothing was changed before it was raised."""
