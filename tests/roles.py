"""Cells of notebooks that are made without a build: their role, and what they were as released."""

import textwrap

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def cell(source="x", released=None, *, tags=(), outputs=(), facts=None, **role):
    """A code cell; of nbgrader's if it has a ``role``, then locked unless it is an answer."""
    made = new_code_cell(textwrap.dedent(source).strip(), outputs=list(outputs))
    if tags:
        made.metadata.tags = list(tags)
    if released is not None:
        facts = {"released": textwrap.dedent(released).strip()}
    if facts is not None:
        made.metadata.autograder = facts
    return with_role(made, **role) if role else made


def answer(source="x", released=None, name="answer", **more):
    """An answer in code."""
    return cell(source, released, grade_id=name, solution=True, **more)


def graded(source="x", name="graded", points=1, **more):
    """A graded cell."""
    return cell(source, grade_id=name, grade=True, points=points, **more)


def exercise(text, check):
    """A notebook of an answer and the graded cell below it."""
    return new_notebook(cells=[answer(text), graded(check)])


def words(source="x", name="words", **role):
    """Words, for which there may be points: locked unless they are an answer; known by their name."""
    return named(with_role(new_markdown_cell(source), grade_id=name, **role))


def with_role(made, **role):
    """The cell, of nbgrader's from now on."""
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": not role.get("solution")}
    made.metadata.nbgrader = {**usual, "task": False, **role}
    return made


def named(made):
    """The cell, with its grade id for its id, as this project's builds have it."""
    made.id = made.metadata.nbgrader.grade_id
    return made
