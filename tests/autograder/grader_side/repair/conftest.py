"""What the repair would change in a statement, as lines of text."""

import ast

import pytest

from autograder.grader_side.repair.expressions import changes


@pytest.fixture
def changes_at():
    """Every change of one expression inside a statement: `how far-fetched | what stands there | words`."""

    def changes_at(statement, expression, values=()):
        found = changes(ast.parse(statement).body[0], list(values))
        return [
            f"{rank:g} | {ast.unparse(new)} | {words}".rstrip()
            for rank, words, place, new in found
            if ast.unparse(place.node) == expression
        ]

    return changes_at


@pytest.fixture
def changes_of_a_table(changes_at):
    """The changes of each expression of a table, `y = ...`, and the lines that are listed below it."""

    def both(table):
        listed = {}
        for line in table.strip().split("\n"):
            if not line.startswith("    "):
                below = listed[line] = []
            else:
                below.append(line.strip())
        return {expression: changes_at(f"y = {expression}", expression) for expression in listed}, listed

    return both
