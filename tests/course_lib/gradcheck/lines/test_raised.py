"""The line in which an error was raised is the student's, not one of a library's or of the check's own."""

import linecache
from pathlib import Path

import pytest

from course_lib.gradcheck.lines.raised import NOBODYS, raised_by, raised_in


def student(work):
    return work()


def raised(work):
    with pytest.raises(KeyError) as caught:
        student(work)
    return caught.value


@pytest.fixture
def written():
    """Returns a function that raises KeyError in a line of a file of this name."""
    names = []

    def make(name):
        names.append(name)
        linecache.cache[name] = 1, None, ["def work(): raise KeyError"], name
        exec(compile("def work(): raise KeyError", name, "exec"), scope := {})
        return scope["work"]

    yield make
    for name in names:
        linecache.cache.pop(name, None)


@pytest.mark.parametrize("package", sorted(set(NOBODYS)))
def test_lines_of_libraries_and_of_the_course_are_nobodys(package, written):
    assert Path(package).is_dir()
    assert raised_in(raised(written(f"<{package}>"))) == "def work(): raise KeyError"
    assert raised_in(raised(written(f"{package}invented.py"))) == "return work()"


def test_a_text_that_was_run_has_no_lines_whatever_is_remembered_by_its_name(written):
    assert raised_in(raised(written("<string>"))) == "return work()"


def test_a_name_that_begins_as_a_librarys_does_is_no_library(written):
    assert raised_in(raised(written(f"{NOBODYS[0][:-1]}_of_mine.py"))) == "def work(): raise KeyError"


def test_nobodys_are_course_lib_autograder_numpy_and_what_is_installed_with_python():
    assert [Path(name).name for name in NOBODYS[:3]] == ["course_lib", "autograder", "numpy"]
    assert Path(linecache.__file__).parent in map(Path, NOBODYS)
    assert Path(pytest.__file__).parents[1] in map(Path, NOBODYS)


def test_of_an_error_in_a_line_of_the_checks_own_no_line_is_known(written):
    error = raised(written("<check>"))
    assert raised_in(error, "<check>") == ""
    assert raised_in(error, "<another>") == "def work(): raise KeyError"


def test_a_line_that_an_error_tells_comes_first_if_it_is_a_text(written):
    error = raised(written("<check>"))
    error.raised_in = "return x.value"
    assert raised_in(error, "<check>") == "return x.value"
    error.raised_in = 3
    assert raised_in(error) == "def work(): raise KeyError"
    assert raised_in(KeyError()) == ""


class Layer:
    def forward(self, work):
        return [work() for _ in range(1)]

    def anonymous(self, work):
        return (lambda: work())()


NAMELESS = lambda work: work()  # noqa: E731


def outer(work):
    def inner():
        return work()

    return inner()


def test_the_innermost_function_that_a_student_wrote_is_named_with_its_class():
    def error_of(call):
        with pytest.raises(KeyError) as caught:
            call({}.popitem)
        return caught.value

    assert raised_by(error_of(student)) == "student"
    assert raised_by(error_of(outer)) == "inner"
    assert raised_by(error_of(Layer().forward)) == "Layer.forward"
    assert raised_by(error_of(Layer().anonymous)) == "Layer.anonymous"
    assert raised_by(error_of(NAMELESS)) == ""
    assert raised_by(KeyError()) == ""
    assert raised_by(error_of(student), __file__) == ""
    assert raised_by(error_of(student), "<another>") == "student"


def test_of_an_error_behind_the_wall_no_function_is_named(written):
    error = raised(written("<check>"))
    assert raised_by(error) == "work"
    error.raised_in = ""
    assert raised_by(error) == ""
