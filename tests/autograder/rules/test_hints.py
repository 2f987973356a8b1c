"""No hint gives the line away, and an exercise of weight has all three."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.authoring.build import remarks, stage
from autograder.errors import CourseError
from autograder.rules.hints import check_hints, hint_texts, lacking_hints, unclosed
from autograder.sources.source import Source, SourceCell, read_source

SECTION = """# %% [markdown]
# ## 1.1 The square (100 points, ★, 5 minutes)
#
# <details><summary>Hint 1: where to look</summary>
#
# At the multiplication table.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $3^2 = 9$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Multiply it by itself.
#
# </details>

# %% answer="01_square"
"""


def with_hints(source_path, old="", new=""):
    text = source_path.read_text(encoding="utf-8")
    assert old in SECTION
    source_path.write_text(
        text.replace('# %% answer="01_square"\n', SECTION.replace(old, new) if old else SECTION),
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    "said",
    [
        "`the_square_of_x = x * x`",
        "Write `the_square_of_x=x*x` there.",
        "Try the_square_of_x  =  x * x, twice.",
    ],
)
def test_a_hint_that_holds_a_line_of_the_solution_stops_the_build(course, source_path, said):
    with_hints(source_path, "Multiply it by itself.", said)
    with pytest.raises(CourseError, match=r"square\.py:\d+: hint 3 holds a line of the solution"):
        list(stage(course))


def test_hints_in_other_words_pass(course, source_path):
    with_hints(source_path)
    assert len(list(stage(course))) == 1
    assert list(remarks(read_source(source_path), source_path.parent)) == []


def test_an_exercise_without_its_third_hint_is_remarked_upon(source_path):
    with_hints(source_path, "Hint 3", "A last one")
    (remark,) = remarks(read_source(source_path), source_path.parent)
    assert remark.endswith("1.1 has 90 points, and not hints 1, 2 and 3")


def test_a_hint_that_is_not_closed_is_remarked_upon(source_path):
    with_hints(source_path, "# At the multiplication table.\n#\n# </details>", "# At the table.\n#")
    said = list(remarks(read_source(source_path), source_path.parent))
    assert any(": a <details> or a </details> of this cell has no other half" in remark for remark in said)


def test_a_heading_that_promises_other_points_than_its_cells_are_worth_is_remarked_upon(source_path):
    with_hints(source_path, "(100 points", "(80 points")
    (remark,) = remarks(read_source(source_path), source_path.parent)
    assert "the heading of 1.1 promises 80 points, its cells are worth 100;" in remark


def test_a_notebook_without_hints_is_left_alone(source_path):
    assert list(remarks(read_source(source_path), source_path.parent)) == []


def words(text, line=3):
    return SourceCell(line, None, new_markdown_cell(text))


def code(*lines, role="answer", points=None):
    worth = {} if points is None else {"points": points}
    metadata = {"nbgrader": {"grade_id": f"01_f-{role}", **worth}}
    return SourceCell(9, role, new_code_cell("\n".join(lines), metadata=metadata))


def solution(line):
    return code("### BEGIN SOLUTION", f"    {line}", "### END SOLUTION")


def hint(number, text="Think."):
    return f"<details><summary>Hint {number}: so</summary>\n\n{text}\n\n</details>\n"


def given_away(line, said):
    """The line, or part of one, that a hint gives away which says so of a solution; "" if it gives none."""
    try:
        check_hints(Source(Path("a.py"), (words(hint(1) + hint(2, said)), solution(line))))
    except CourseError as error:
        head, _, found = str(error).partition(": hint 2 holds a line of the solution: ")
        assert head == "a.py:3"
        return found
    return ""


@pytest.mark.parametrize(
    ("line", "said", "found"),
    [
        ("dx = dout * x / total", "it is `dx=dout*x/total`", "dx = dout * x / total"),
        ("dx = dout * inputs * mask", "try dout * inputs * mask", "dout * inputs * mask"),
        ("dx += dout * inputs * mask", "try dout * inputs * mask", "dout * inputs * mask"),
        ("dx = du = dout * inputs * mask", "try dout * inputs * mask", "dout * inputs * mask"),
        ("db = np.sum(dout, axis=0)", "try np.sum(dout, axis=0)", "np.sum(dout, axis=0)"),
        ("x[f(k=1)], y = np.sum(dout, axis=0)", "try np.sum(dout, axis=0)", "np.sum(dout, axis=0)"),
        ("return dout * inputs * mask", "try dout * inputs * mask", "dout * inputs * mask"),
        ("dx = dout * inputs  # by the chain rule", "dx = dout * inputs", "dx = dout * inputs"),
        ("label = 'a # b' + name", "label = 'a # b' + name", "label = 'a # b' + name"),
        ("value = '''a + b  # c", "value = '''a + b  # c", "value = '''a + b  # c"),
    ],
)
def test_a_hint_holds_no_statement_no_right_side_and_no_value_that_is_returned(line, said, found):
    assert given_away(line, said) == found


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dx     =     dy(x)", "dx     =     dy(x)"),  # short without its blanks
        ("answer_is_known = right_one", "answer_is_known = right_one"),
        ("# a comment: + - * / all of it", "# a comment: + - * / all of it"),
        ("db = np.sum(dout, axis=-1, keepdims=True)", "use axis=-1, keepdims=True)"),
        ("on = [k == first_of_all[0]]", "first_of_all[0]]"),
        ("on = 1 if x <= first_of_all[0] else 2", "first_of_all[0] else 2"),
        ("on = {k: v for k, v in pairs(x=all_of_the[0])}", "all_of_the[0])}"),
    ],
)
def test_what_is_short_or_no_operation_or_a_piece_of_an_expression_may_be_said(line, said):
    assert given_away(line, said) == ""


def test_only_what_stands_in_a_hint_of_a_text_is_looked_at():
    line = "dx = dout * inputs * mask"
    outside = words(f"{line}\n{hint(1)}\n{line}")
    in_code = SourceCell(1, None, new_code_cell(hint(1, line)))
    check_hints(Source(Path("a.py"), (outside, in_code, solution(line))))
    check_hints(Source(Path("a.py"), (words(hint(1, line)), code(line, role="readonly"))))


def test_a_tag_that_is_only_told_of_is_not_unclosed():
    cells = words("<details>It"), words("`<details>` folds <!-- <details> -->"), words(hint(1))
    assert list(unclosed(Source(Path("a.py"), cells))) == [cells[0].line]


def exercise(number, points, *hints):
    text = f"## 1.{number} It ({points} points)\n\n{''.join(map(hint, hints))}"
    return words(text), code("f()", role="graded", points=points)


def lacking(*exercises):
    source = Source(Path("a.py"), tuple(cell for one in exercises for cell in one))
    return [one.number for one in lacking_hints(source)]


def test_exercises_of_weight_have_three_hints_where_any_has_one():
    whole = exercise(1, 10, 1, 2, 3)
    assert lacking(whole, exercise(2, 5)) == ["1.2"]
    assert lacking(whole, exercise(2, 4.5)) == []
    assert lacking(exercise(1, 10), exercise(2, 5)) == []
    assert lacking(exercise(1, 5, 1, 2), exercise(2, 5, 2, 1), exercise(3, 5, 1, 2, 3, 4)) == [
        "1.1",
        "1.2",
    ]


def test_points_that_a_person_gives_are_no_weight():
    written = code("", role="written", points=9)
    assert lacking(exercise(1, 10, 1, 2, 3), (words("## 1.2 Words (9 points)"), written)) == []


def test_the_hints_of_a_cell_are_told_in_their_order():
    text = f"Before.\n{hint(1, 'One.')}between\n{hint(12, 'Two,  long.')}"
    assert hint_texts(words(text)) == ["One.", "Two,  long."]
    assert hint_texts(words("<details><summary>Hint: none</summary>No.</details>")) == []
    assert hint_texts(SourceCell(1, None, new_code_cell(hint(1)))) == []
