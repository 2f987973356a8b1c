"""A finding is one line in columns, and its command one more below it."""

from autograder.doctor.finding import Examined, State


def test_columns_are_where_they_are_and_a_wider_name_stands_apart_from_what_is_said_of_it():
    assert str(Examined("sandbox", State.OK, "here")) == "ok        sandbox             here"
    assert str(Examined("03_vectorized_jacobians", State.OPTIONAL, "built")) == (
        "not here  03_vectorized_jacobians  built"
    )


def test_the_command_that_mends_it_stands_below_what_is_said():
    found = str(Examined("uv", State.LOOK, "old", "pip install uv"))
    assert found == f"look      uv                  old\n{' ' * 30}mend: pip install uv"
    assert found.index("old") == found.splitlines()[1].index("mend")
    assert Examined("uv", State.OK, "here").mend == ""


def test_only_what_is_missing_says_so():
    assert [state.value for state in State] == ["ok", "not here", "look", "missing"]
