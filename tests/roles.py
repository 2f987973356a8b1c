"""Cells of notebooks that are graded without a build: their role, and what they were as released."""

import textwrap

from nbformat.v4 import new_code_cell


def cell(source, released=None, **role):
    """A code cell; of nbgrader's if it has a ``role``, then locked unless that says otherwise."""
    made = new_code_cell(textwrap.dedent(source).strip())
    if role:
        made.metadata.nbgrader = {
            "schema_version": 3,
            "grade": False,
            "solution": False,
            "locked": True,
        } | role
    if released is not None:
        made.metadata.autograder = {"released": textwrap.dedent(released).strip()}
    return made
