"""A source is read into nbgrader's cells, or refused with file, line and reason."""

import pytest
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.sources.source import read_source


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_roles_become_nbgrader_metadata(source_path):
    cells = {item.grade_id: item for item in read_source(source_path).cells if item.role}
    assert {name: item.role for name, item in cells.items()} == {
        "imports": "setup",
        "01_square": "answer",
        "01_square-values": "graded",
        "02_written": "written",
    }
    assert cells["01_square-values"].cell.metadata == {
        "nbgrader": {
            "grade": True,
            "grade_id": "01_square-values",
            "locked": True,
            "points": 90,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
    }
    assert cells["imports"].cell.metadata["tags"] == ["setup"]


def test_metadata_may_be_written_out_in_full(source_path):
    full = '"grade": false, "grade_id": "01_square", "locked": false, "schema_version": 3, "solution": true'
    edit(source_path, '# %% answer="01_square"', f"# %% nbgrader={{{full}}}")
    assert {item.grade_id: item.role for item in read_source(source_path).cells}["01_square"] == "answer"


def test_cell_ids_do_not_depend_on_what_stands_elsewhere(source_path):
    before = {item.cell.source: item.cell.id for item in read_source(source_path).cells}
    edit(
        source_path,
        "# %% [markdown]\n# # Squares",
        "# %% [markdown]\n# Hello.\n\n# %% [markdown]\n# # Squares",
    )
    after = {item.cell.source: item.cell.id for item in read_source(source_path).cells}
    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


def test_regions_are_found(source_path):
    source = read_source(source_path)
    assert list(source.regions("SOLUTION")) == [
        ["    the_square_of_x = x * x", "    return the_square_of_x"],
        ["The area of a square of side x."],
    ]
    assert len(list(source.regions("HIDDEN TESTS"))) == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("    ### END SOLUTION\n\n# %% graded", "\n# %% graded", 12, "BEGIN SOLUTION has no END SOLUTION"),
        (" points=90", "", 17, "01_square-values has no points"),
        (" points=90", " points=80", 17, "has points=80, its checks are worth 90"),
        (" points=10", " points=11", 1, "the points add up to 101, not 100"),
        ('written="02_written"', 'written="01_square"', 31, "grade id '01_square' is taken by line 9"),
        ('answer="01_square"', 'answer="01_square" graded="x"', 9, "cannot be both answer and graded"),
        ('answer="01_square"', 'answer="01_square', 9, 'the header cannot be read: answer="01_square ('),
        (" points=90", " points=ninety", 17, 'cannot be read: graded="01_square-values" points=ninety ('),
        ("answer=", "anwser=", 9, "anwser= is no key of a header; answer= is"),
        (" points=90", " points=9 points=90", 17, "points= stands twice in this header"),
        (" points=90", " Points=90", 17, "Points= is no key of a header; points= is"),
        ('setup="imports"', '[markdown] setup="imports"', 7, "code needs a header `# %%` without [markdown]"),
        ("# %% [markdown]\n# #", '# %% [markdown] setup="x"\n# #', 1, "a setup cell is a code cell"),
        ("with checks(\"at two\"", "with checks(\"at two\"(", 19, "is not Python"),
        ('answer="01_square"', 'answer="01_square" points=5', 9, "points= belongs in a cell of role gr"),
        ("# %%\n[k * k for", "# %% points=5\n[k * k for", 28, "points= belongs in a cell of role graded"),
    ],
)  # fmt: skip
def test_a_broken_source_is_refused_with_line_and_reason(course, source_path, old, new, line, reason):
    edit(source_path, old, new)
    with pytest.raises(CourseError) as caught:
        read_source(source_path, course.facts)
    assert str(caught.value).startswith(f"{source_path}:{line}: ")
    assert reason in str(caught.value)


def test_an_answer_has_one_reason(source_path):
    why = '\n# %% [markdown] why="01_square"\n# It is one.\n'
    source_path.write_text(source_path.read_text(encoding="utf-8") + why, encoding="utf-8")
    assert read_source(source_path).reasons == {"01_square": "It is one."}
    first = source_path.read_text(encoding="utf-8").count("\n") - 1
    source_path.write_text(source_path.read_text(encoding="utf-8") + why, encoding="utf-8")
    with pytest.raises(CourseError, match=f":{first + 3}: why='01_square' stands at line {first} already"):
        read_source(source_path)


def test_what_only_looks_like_a_key_may_stand_twice(source_path):
    edit(source_path, " points=90", ' points=90 why="points=1 or points=2"')
    with pytest.raises(CourseError, match="there is no such answer"):  # and not that it stands twice
        read_source(source_path)


def test_where_nothing_is_said_of_them_points_may_add_up_to_anything(source_path):
    edit(source_path, " points=10", " points=11")
    assert sum(item.points for item in read_source(source_path).cells) == 101


@pytest.mark.parametrize("ending", ["", "2.5\n"], ids=["asserts alone", "a number"])
def test_a_cell_that_does_not_count_checks_is_for_courses_that_allow_it(course, source_path, ending):
    text = source_path.read_text(encoding="utf-8")
    head, _, rest = text.partition("checks = Checks()")
    asserts = f"assert square(2) == 4\n{ending}"
    source_path.write_text(head + asserts + rest[rest.index("\n# %%") :], encoding="utf-8")
    assert {item.grade_id: item.points for item in read_source(source_path).cells}["01_square-values"] == 90
    with pytest.raises(CourseError, match=r"must end with `checks.score\(\)`"):
        read_source(source_path, course.facts)


def test_a_raw_cell_may_say_its_format(source_path):
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(f'{text}\n# %% [raw] format="text/html"\n# <hr>\n', encoding="utf-8")
    assert read_source(source_path).cells[-1].cell.metadata == {"format": "text/html"}


def test_the_cell_that_installs_comes_before_all_code_and_all_others_stay(source_path):
    cells = read_source(source_path).cells
    first = next(place for place, item in enumerate(cells) if item.cell.cell_type == "code")
    with_it = read_source(
        source_path, CourseFacts(Config({"CourseFacts": {"install_from": "our-course"}}))
    ).cells
    assert "our-course" in with_it[first].cell.source
    others = [*with_it[:first], *with_it[first + 1 :]]
    assert [item.cell.source for item in others] == [item.cell.source for item in cells]


def test_text_that_is_not_utf8_is_refused(source_path):
    source_path.write_bytes(b"# %%\nname = '\xff'\n")
    with pytest.raises(CourseError, match="not UTF-8"):
        read_source(source_path)


def test_a_mark_that_some_editors_begin_a_file_with_is_no_text(source_path):
    cells = [item.cell.source for item in read_source(source_path).cells]
    source_path.write_text(source_path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert [item.cell.source for item in read_source(source_path).cells] == cells
