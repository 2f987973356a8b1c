"""Classes of exceptions that a student defined: real ones here, which ask for what the student's side has."""

import decimal

import pytest

from autograder.grader_side import own_errors
from autograder.grader_side.errors import NotANumber, StudentError
from autograder.grader_side.own_errors import OwnClass, OwnError, OwnErrors
from autograder.student_side.frames import WireError

VALUE, KEY, EXCEPTION = "builtins.ValueError", "builtins.KeyError", "builtins.Exception"


@pytest.fixture
def classes(owner):
    return OwnErrors(owner)


@pytest.fixture
def read(classes, decoder_of):
    """Reads the last of some classes: each is its number, name, docstring and bases."""

    def read(*lineage, generation=0, into=None):
        scalars = [len(lineage)]
        for number, name, doc, *bases in lineage:
            scalars += [number, name, doc, len(bases), *bases]
        return (into or classes).read_class(decoder_of(scalars), generation)

    return read


@pytest.fixture
def raised(classes, decoder_of, handle_of):
    """Reads an exception of a class of its own, with these arguments and this text."""

    def raised(arguments, text, *bases, number=9):
        scalars = [1, 3, "OwnValueError", "", len(bases), *bases]
        reference = handle_of(number=number)._wall
        return classes.read_error(decoder_of(scalars, arguments, text), reference), reference

    return raised


def test_a_class_has_its_name_docstring_and_bases(read):
    kind = read((3, "TooBig", "It is too big.", VALUE))
    assert (kind.__name__, kind.__doc__, kind.__module__) == ("TooBig", "It is too big.", "__main__")
    assert issubclass(kind, OwnError)
    assert issubclass(kind, ValueError)
    assert issubclass(kind, StudentError)
    assert type(kind) is OwnClass
    assert read((3, "Silent", "", EXCEPTION)).__doc__ is None
    assert read((3, "Silent", "", EXCEPTION)).__bases__ == (OwnError,)


def test_a_class_below_another_of_the_students_is_one_of_it(read):
    kind = read((3, "Base", "", VALUE), (4, "Derived", "", 3))
    assert [base.__name__ for base in kind.__mro__[:4]] == ["Derived", "Base", "OwnError", "StudentError"]
    assert kind.__bases__[0].__bases__ == (OwnError, ValueError)
    both = read((3, "Base", "", EXCEPTION), (4, "Both", "", 3, KEY))
    assert [base.__name__ for base in both.__bases__] == ["Base", "KeyError"]


def test_a_class_is_the_same_again_when_its_process_was_replaced(read, classes, owner):
    kind = read((3, "TooBig", "", VALUE), generation=0)
    assert (kind._wall_owner, kind._wall_number, kind._wall_generation) == (owner, 3, 0)
    assert read((8, "TooBig", "", VALUE), generation=2) is kind
    assert (kind._wall_number, kind._wall_generation) == (8, 2)
    assert read((3, "TooBig", "", KEY)) is not kind
    assert read((3, "TooSmall", "", VALUE)) is not kind
    assert read((3, "TooBig", "", VALUE), into=OwnErrors(owner)) is not kind


@pytest.mark.parametrize("name", ["not a name", "", "x" * 65])
def test_a_class_whose_name_python_would_not_show_is_a_students_error(name, read):
    assert read((3, name, "", VALUE)).__name__ == "StudentError"
    assert read((3, "x" * 64, "", VALUE)).__name__ == "x" * 64


@pytest.mark.parametrize(("name", "doc"), [("x" * 81, ""), ("x", "y" * 1001)])
def test_a_name_or_docstring_that_is_too_long_is_no_answer(name, doc, read):
    assert read((3, "x" * 80, "y" * 1000, VALUE)).__doc__ == "y" * 1000
    with pytest.raises(WireError, match="a class of exceptions should have a short name"):
        read((3, name, doc, VALUE))


def test_a_lineage_is_neither_empty_nor_too_long(read, classes, decoder_of):
    lineage = [(k, f"E{k}", "", k - 1 if k > 1 else VALUE) for k in range(1, 10)]
    assert read(*lineage[:8]).__name__ == "E8"
    for wrong in (lineage, []):
        with pytest.raises(WireError, match="a class of exceptions should have a short lineage"):
            read(*wrong)
    with pytest.raises(WireError, match="should have a short lineage"):
        classes.read_class(decoder_of([-1]), 0)


@pytest.mark.parametrize("base", ["builtins.int", "builtins.BaseException", "no.such", 7, None, 2.0])
def test_a_base_is_an_exception_that_both_sides_know(base, read):
    with pytest.raises(WireError, match="a class of exceptions should have bases that both sides know"):
        read((3, "Odd", "", base))


def test_more_bases_than_the_bound_are_not_read(classes, decoder_of):
    decoder = decoder_of([1, 3, "Many", "", 9, *[EXCEPTION] * 9])
    assert classes.read_class(decoder, 0).__name__ == "Many"
    assert list(decoder.items) == [EXCEPTION]


def test_bases_that_do_not_go_together_leave_the_first(read):
    kind = read((3, "Odd", "A doc.", "builtins.OSError", "builtins.ImportError"))
    assert kind.__bases__ == (OwnError,)
    assert (kind.__name__, kind.__doc__, kind.__module__) == ("Odd", "A doc.", "__main__")
    order = read((3, "Base", "", VALUE), (4, "Odd", "", 3, "builtins.OSError", "builtins.ImportError"))
    assert [base.__name__ for base in order.__bases__] == ["Base"]
    assert read((3, "Twice", "", VALUE, VALUE)).__bases__ == (OwnError, ValueError)


def test_classes_beyond_the_bound_are_the_nearest_of_their_bases(read, monkeypatch):
    monkeypatch.setattr(own_errors, "MOST_CLASSES", 2)
    first = read((3, "A", "", VALUE))
    second = read((3, "A", "", VALUE), (4, "B", "", 3))
    assert [first.__name__, second.__name__] == ["A", "B"]
    assert read((3, "A", "", VALUE), (5, "C", "", KEY, 3)) is first
    assert read((6, "D", "", VALUE)) is OwnError
    assert OwnError._wall_owner is None, "it stands for all that are too many"
    assert read((4, "A", "", VALUE)) is first


def test_to_call_a_class_makes_the_exception_on_the_students_side(read, owner):
    kind = read((3, "TooBig", "", VALUE))
    made = kind.__new__(kind)
    owner.answers = [made, 3]
    assert kind(1, k=2) is made
    assert owner.asked == [("call", kind, 1, {"k": 2})]
    with pytest.raises(NotANumber, match=r"TooBig\(\) is no exception of this class"):
        kind()


def test_a_class_of_nobodys_is_called_here(owner):
    assert str(OwnError("bad")) == "bad"
    assert owner.asked == []


def test_what_a_class_has_is_asked_of_it(read, owner):
    kind = read((3, "TooBig", "", VALUE))
    owner.answers = [12]
    assert kind.limit == 12
    assert owner.asked == [("getattr", kind, "limit")]
    for private in (lambda: kind._repr_html_, lambda: OwnError.limit):
        with pytest.raises(AttributeError, match=r"type object '(TooBig|OwnError)' has no attribute '"):
            private()
    assert len(owner.asked) == 1


def test_an_exception_has_its_arguments_and_its_text(raised):
    error, reference = raised((1, "two"), "one and two", VALUE)
    assert (error.args, str(error)) == ((1, "two"), "one and two")
    assert isinstance(error, ValueError)
    assert error._wall is reference
    assert error.raised_by_student


def test_an_exception_without_plain_arguments_has_its_text(raised):
    error, _ = raised((), "only words", VALUE)
    assert (error.args, str(error)) == (("only words",), "only words")


def test_what_else_an_exception_has_is_asked_of_it(raised, owner):
    error, _ = raised((), "", VALUE)
    owner.answers = [5, 6]
    assert (error.code, error._limit) == (5, 6)
    assert owner.asked == [("getattr", error, "code"), ("getattr", error, "_limit")]
    for private in (lambda: error._repr_html_, lambda: OwnError("x").code):
        with pytest.raises(AttributeError, match=r"object has no attribute '(_repr_html_|code)'"):
            private()
    assert len(owner.asked) == 2


def test_an_exception_knows_the_process_that_it_came_from(classes, decoder_of, handle_of):
    reference = handle_of()._wall
    reference.generation = 4
    error = classes.read_error(decoder_of([1, 3, "E", "", 1, VALUE], (), ""), reference)
    assert type(error)._wall_generation == 4


@pytest.mark.parametrize(("arguments", "text"), [([1], "x"), (3, "x"), ((1,), 3), ((1,), None)])
def test_an_exception_has_arguments_and_a_text(arguments, text, raised):
    with pytest.raises(WireError, match="an exception should have arguments and a text"):
        raised(arguments, text, VALUE)


def test_an_exception_of_a_library_is_caught_as_such(raised):
    error, _ = raised((), "", "decimal.InvalidOperation")
    assert isinstance(error, decimal.InvalidOperation)
