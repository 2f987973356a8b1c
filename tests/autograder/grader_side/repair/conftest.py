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
def has_the_changes_of(changes_at):
    """Asserts of each expression of a table, `y = ...`, that its changes are the lines listed below it."""

    def check(table):
        listed = {}
        for line in table.strip().split("\n"):
            if not line.startswith("    "):
                below = listed[line] = []
            else:
                below.append(line.strip())
        for expression, lines in listed.items():
            assert changes_at(f"y = {expression}", expression) == lines, expression

    return check
