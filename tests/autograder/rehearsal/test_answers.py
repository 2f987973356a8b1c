"""Known answers are read with what they must get, or refused with file, line and reason."""

import pytest

from autograder.errors import CourseError
from autograder.rehearsal.answers import Answer, load_answers
from autograder.sources.source import read_source


@pytest.fixture
def answers_path(course):
    return course.solutions / "01_square" / "answers" / "01_square.py"


def test_answers_carry_their_points_and_what_must_be_said(source_path):
    right, wrong = load_answers(read_source(source_path))
    assert (right.exercise, right.title, right.right, right.points) == ("01_square", "by a power", True, {})
    assert right.source == "def square(x):\n    return x**2"
    assert (wrong.right, wrong.points, wrong.says) == (False, {"01_square-values": 30.0}, "expected")


@pytest.mark.parametrize(
    ("messages", "causes", "missing"),
    [
        (["no", "f is wrong"], {"sign", "factor 2"}, []),
        (["f is"], {"sign"}, ["the cause 'factor 2'", "'is wrong'"]),
        ([], set(), ["the cause 'sign'", "the cause 'factor 2'", "'is wrong'"]),
    ],
)
def test_what_a_header_promises_and_no_check_says_is_told(messages, causes, missing):
    answer = Answer("01_f", "a slip", False, "", cause="sign or factor 2", says="is wrong")
    assert answer.unsaid(messages, causes) == missing
    assert Answer("01_f", "right", True, "").unsaid(messages, causes) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("01_square-values", "01_cube", ":5: no graded cell '01_cube'"),
        (": 30}", ": 90}", ":5: 01_square-values is worth 90; 90 is not less"),
        (' says="expected"', "", ":5: a wrong answer names the points it gets"),
        (
            'right="by a power"',
            'right="x" points={"01_square-values": 1}',
            ":1: a right answer has full marks",
        ),
        ('# %% right="by a power"', "# %%", ":1: every cell needs a header"),
        ('# %% right="by a power"', '#%% right="by a power"', ":1: a header begins with `# %%` and a space"),
        ('right="by a power"', 'right="by a power" warned="1.1"', ":1: a right answer is nothing that"),
        ('right="by a power"', 'right="x" wrong="y"', ":1: every cell needs a header"),
        ('right="by a power"', "right=2", ":1: right=2: a text is needed"),
        ('right="by a power"', 'right=""', ":1: right='': a text is needed"),
        ('right="by a power"', 'right="doubled"', ":5: line 1 is called 'doubled' already"),
        ("return x**2", "return x**", ":1: line 2 of this answer is not Python: invalid syntax"),
        ("says=", "say=", ":5: say= is no key of a header; says= is"),
        (": 30}", ': "none"}', ":5: points= says what cells get, as in"),
        (": 30}", ": true}", ":5: points= says what cells get, as in"),
        ('{"01_square-values": 30}', "30", ":5: points= says what cells get, as in"),
    ],
)
def test_a_broken_answer_is_refused(source_path, answers_path, old, new, reason):
    answers_path.write_text(answers_path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        load_answers(read_source(source_path))
    assert f"{answers_path}{reason}" in str(caught.value)


def test_a_wrong_answer_names_the_exercise_whose_text_warns_of_it(source_path, answers_path):
    text = answers_path.read_text(encoding="utf-8").replace('wrong="doubled"', 'wrong="doubled" warned="1.1"')
    answers_path.write_text(text, encoding="utf-8")
    assert [answer.warned for answer in load_answers(read_source(source_path))] == ["", "1.1"]


def test_answers_to_an_exercise_that_is_not_there_are_refused(source_path, answers_path):
    answers_path.rename(answers_path.with_name("07_cube.py"))
    with pytest.raises(CourseError, match=r"square\.py has no answer cell '07_cube'"):
        load_answers(read_source(source_path))


EDIT = """
# %% wrong="a cube" of="by a power" points={"01_square-values": 0} says="expected"
# -     return x**2
# +     return x**3
"""


def test_an_edit_of_an_answer_or_of_the_solution_is_written_out(source_path, answers_path):
    whole = answers_path.read_text(encoding="utf-8")
    of_the_solution = (
        EDIT.replace("by a power", "solution")
        .replace("a cube", "cubed")
        .replace("return x**2", "the_square_of_x = x * x")
    )
    of_the_solution = of_the_solution.replace("return x**3", "the_square_of_x = x**3")
    answers_path.write_text(whole + EDIT + of_the_solution, encoding="utf-8")
    *_, first, second = load_answers(read_source(source_path))
    assert first.source == "def square(x):\n    return x**3"
    assert second.source == "def square(x):\n    the_square_of_x = x**3\n    return the_square_of_x"
    assert (first.title, first.points) == ("a cube", {"01_square-values": 0})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("by a power", "by magic", "there is no answer 'by magic' that can be edited"),
        ("by a power", "a cube", "there is no answer 'a cube' that can be edited"),
        ("x**2", "x**5", "the hunk at 'return x**5' fits 0 times, not once"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(source_path, answers_path, old, new, reason):
    whole = answers_path.read_text(encoding="utf-8")
    answers_path.write_text(whole + EDIT.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        load_answers(read_source(source_path))
    assert reason in str(caught.value)
    assert str(answers_path) in str(caught.value)


def test_a_base_is_no_answer_and_edits_of_edits_may_stand_anywhere(source_path, answers_path):
    whole = answers_path.read_text(encoding="utf-8")
    first = EDIT.replace("a cube", "a fourth power").replace("by a power", "a cube")
    first = first.replace("x**3", "x**4").replace("x**2", "x**3")
    base = '# %% base="shortly"\ndef square(x):\n    return x**2\n'
    answers_path.write_text(whole + first + EDIT.replace("by a power", "shortly") + base, encoding="utf-8")
    *_, fourth, cube = load_answers(read_source(source_path))
    assert (fourth.title, fourth.source) == ("a fourth power", "def square(x):\n    return x**4")
    assert (cube.title, cube.source) == ("a cube", "def square(x):\n    return x**3")
