"""Operators travel, and no object is believed about how it computes or compares with plain data."""

import operator

import numpy as np
import pytest

from autograder.grader_side.belief import as_operand
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.references import Trust

TWO = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "matmul": operator.matmul,
    "divmod": divmod,
    "lshift": operator.lshift,
    "rshift": operator.rshift,
    "and_": operator.and_,
    "or_": operator.or_,
    "xor": operator.xor,
}
CHANGING = ("iadd", "isub", "imul", "itruediv", "imod", "ipow", "iand", "ior")
IN_PLACE = {name: getattr(operator, name) for name in CHANGING}
COMPARED = {name: getattr(operator, name) for name in ("lt", "le", "gt", "ge", "eq", "ne")}
ALONE = {
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": abs,
    "invert": operator.invert,
}


@pytest.mark.parametrize("name", TWO)
def test_an_operator_on_two_objects_is_the_students(name, handle_of, owner):
    one, other = handle_of(), handle_of()
    owner.answers = ["value"]
    assert TWO[name](one, other) == "value"
    assert owner.was_asked((name, one, other))


@pytest.mark.parametrize("name", TWO)
def test_an_operator_on_what_the_check_made_may_give_a_number_from_either_side(name, handle_of, owner):
    made = as_operand(handle_of())
    owner.answers = [5, 6]
    assert (TWO[name](made, 2), TWO[name](2, made)) == (5, 6)
    assert owner.was_asked((name, made, 2), (name, 2, made))


@pytest.mark.parametrize("name", TWO)
def test_no_number_comes_of_an_operator_on_an_object_and_a_number(name, handle_of, owner):
    theirs, result = handle_of(), handle_of()
    for operate in (lambda: TWO[name](theirs, 2), lambda: TWO[name](2, theirs)):
        owner.answers = [3.0]
        with pytest.raises(
            NotANumber, match=r"your code returned an object \(Thing\), where a number was wanted"
        ):
            operate()
        owner.answers = [result]
        assert operate() is result
        assert not result._wall.operand


KNOWING = {
    **{name: ALONE[name] for name in ("neg", "pos", "abs", "invert")},
    "round": round,
    "float": float,
    "int": int,
    "index": operator.index,
    "complex": complex,
    "bool": bool,
    "len": len,
    "str": str,
    "format": "{:.2f}".format,
    "an element": lambda handle: handle[0],
    "a loop": list,
    "the largest": max,
    "the sum": lambda handle: handle.sum(),
    "NumPy's sum": np.sum,
    "its real part": lambda handle: handle.real,
    "whether there is any": any,
    "a square": lambda handle: handle**2,
    "a comparison": lambda handle: handle < 1e-6,
}
HOLDING = {
    "a comparison": lambda handle: handle < 1e-6,
    "a function of NumPy's": np.abs,
    "an array": np.asarray,
    "a truth": bool,
    "a sum": lambda handle: handle + 1,
}


@pytest.mark.parametrize("told", [lambda theirs: theirs - 7, lambda theirs: (7 - theirs).T * theirs])
@pytest.mark.parametrize("measure", KNOWING.values(), ids=KNOWING)
def test_what_knows_the_number_that_is_expected_is_not_asked_how_far_it_is_from_it(
    measure, told, handle_of, owner
):
    traits = "licgxfIC"
    owner.answers = [handle_of(traits, number=number) for number in (8, 9, 10)]
    knowing = told(handle_of(traits))
    owner.answers = [0.0] * 3
    owner.methods_of("Thing").add("sum")
    with pytest.raises(NotANumber):
        measure(knowing)


@pytest.mark.parametrize("trait", ["7", "e", "L", "m"])
@pytest.mark.parametrize("measure", HOLDING.values(), ids=HOLDING)
def test_nor_is_it_asked_what_it_holds(measure, trait, handle_of, owner):
    owner.answers = [handle_of(trait, number=8), 0.0]
    knowing = handle_of() - 7
    with pytest.raises(NotANumber, match="where a number to compute with was wanted"):
        measure(knowing)


def test_numpy_takes_as_many_elements_as_an_object_says_to_have(handle_of, owner):
    owner.answers = [2, "iterator", 1.0, 2.0, 3.0]
    assert np.asarray(handle_of("lgi")).tolist() == [1, 2]


def test_what_came_of_an_object_and_a_number_has_attributes_and_methods(handle_of, owner):
    owner.answers = [handle_of(), 3.0, handle_of(number=8), None]
    owner.methods_of("Thing").add("backward")
    doubled = 2 * handle_of()
    assert (doubled.data, type(doubled.parent.backward())) == (3.0, type(None))


@pytest.mark.parametrize("name", IN_PLACE)
def test_what_is_changed_in_place_is_asked_for_as_such(name, handle_of, owner):
    one, other, result = handle_of(), handle_of(), handle_of()
    asked = f"{name}"
    owner.answers = [result]
    assert IN_PLACE[name](one, other) is result
    assert owner.was_asked((asked, one, other))


def test_what_an_operator_makes_of_the_checks_objects_is_the_checks_too(handle_of, owner):
    made, theirs, result = as_operand(handle_of()), handle_of(), handle_of()
    owner.answers = [result, result]
    assert (theirs + made) is result
    assert result._wall.operand
    assert (-made) is result


def test_what_a_sign_makes_of_the_students_objects_is_the_students(handle_of, owner):
    theirs, result = handle_of(), handle_of()
    owner.answers = [result]
    assert (-theirs) is result
    assert not result._wall.operand


@pytest.mark.parametrize("name", ALONE)
def test_an_operation_on_one_object_is_the_students(name, handle_of, owner):
    handle = handle_of()
    owner.answers = ["value"]
    assert ALONE[name](handle) == "value"
    assert owner.was_asked((name, handle))


def test_rounding_has_digits_or_none(handle_of, owner):
    handle = handle_of()
    owner.answers = [1, 1.5]
    assert (round(handle), round(handle, 1)) == (1, 1.5)
    assert owner.was_asked(("round", handle, None), ("round", handle, 1))


@pytest.mark.parametrize("name", COMPARED)
def test_objects_compare_with_each_other_and_the_checks_own_with_anything(name, handle_of, owner):
    one, other, made = handle_of(), handle_of(), as_operand(handle_of())
    owner.answers = [True, False]
    assert COMPARED[name](one, other) is True
    assert COMPARED[name](made, 3) is False
    assert owner.was_asked((name, one, other), (name, made, 3))


@pytest.mark.parametrize("name", COMPARED)
def test_an_object_that_student_code_returned_is_not_asked_how_it_compares_with_a_number(
    name, handle_of, owner
):
    with pytest.raises(NotANumber, match=r"an object \(Thing\) cannot be compared; a number was expected"):
        COMPARED[name](handle_of(), 3)
    assert owner.asked == []


@pytest.mark.parametrize("name", COMPARED)
def test_what_a_function_of_the_checks_is_called_with_is_ordered_and_equals_nothing(name, handle_of, owner):
    handle = as_operand(handle_of(), Trust())
    owner.answers = [True]
    if name in ("eq", "ne"):
        with pytest.raises(NotANumber):
            COMPARED[name](handle, 3)
    else:
        assert COMPARED[name](handle, 3) is True


@pytest.mark.parametrize("other", [None, ..., int, object(), np._NoValue])
def test_no_object_is_none_or_what_equals_itself_alone(other, handle_of, owner):
    handle = handle_of()
    assert (operator.eq(handle, other), operator.ne(handle, other)) == (False, True)
    with pytest.raises(NotANumber):
        assert handle < None
    assert owner.asked == []


def test_a_class_of_handles_is_the_students_class_of_that_name(handle_of):
    kind = handle_of("Tc", "type", own_name="Dog")
    dog, cat = handle_of(kind="Dog"), handle_of(kind="Cat")
    assert (operator.eq(kind, type(dog)), operator.ne(kind, type(dog))) == (True, False)
    assert (operator.eq(kind, type(cat)), operator.ne(kind, type(cat))) == (False, True)
    assert not operator.eq(handle_of("c", own_name="Dog"), type(dog)), "a function of that name is no class"


def an_int(handle_of, owner, value):
    """An object of a class of the student's that is an int, and what it holds."""
    handle = handle_of("5", "Age")
    handle._wall.content = (value,)
    return handle


def test_what_an_int_of_the_students_holds_computes_and_compares_here(handle_of, owner):
    age = an_int(handle_of, owner, 7)
    assert (age + 1, 1 - age, divmod(age, 2), age == 7, age > 7) == (8, -6, (3, 1), True, False)
    assert (age == 7, age > 8) == (True, False)
    assert (age & 3, 2**age) == (3, 128)
    assert np.array(age).tolist() == 7
    assert (np.isfinite(age), np.add(age, age), np.sign(age), bool(age)) == (True, 14, 1, True)
    assert not an_int(handle_of, owner, 0), "whatever its class makes of its truth"
    assert operator.iadd(age, 1) == 8
    assert np.add(age, 1, dtype=float).dtype == float
    assert owner.asked == []
    owner.answers = ["theirs"]
    assert age + an_int(handle_of, owner, 7) == "theirs"


def test_nothing_is_written_into_an_object_by_a_function_of_numpys(handle_of, owner):
    age = an_int(handle_of, owner, 7)
    with pytest.raises(NotANumber):
        np.add(1, 2, out=age)


def test_what_equals_itself_alone_is_no_text_and_was_to_be_a_number(handle_of, owner):
    function = handle_of("chF=", "function")
    assert function not in ("2-point", "cs")
    assert operator.ne(function, 3)
    for handle, other in ((function, 3), (handle_of("c"), "cs")):
        with pytest.raises(NotANumber):
            assert handle == other
    assert owner.asked == []


@pytest.mark.parametrize("other", [3, [1, 2], "a", None])
def test_an_iterator_equals_nothing_and_has_no_order(other, handle_of, owner):
    iterator = handle_of("in")
    assert (iterator == other, iterator != other) == (False, True)
    with pytest.raises(NotANumber):
        assert iterator < 3
    assert owner.asked == []


def test_a_list_of_the_students_is_changed_there_and_adds_here_what_it_holds(handle_of, owner):
    theirs, result = handle_of("1"), handle_of("1", number=8)
    owner.answers = [*([1.0] for _ in range(4)), result]
    assert operator.add(theirs, [2.0]) == [1.0, 2.0]
    assert theirs == [1.0]
    changed = theirs
    changed += [2.0]
    assert changed is result
    assert result._wall.told
    assert [entry[0] for entry in owner.asked] == [*["content"] * 4, "iadd"]


def test_an_array_is_not_made_of_an_object(handle_of):
    with pytest.raises(
        NotANumber, match=r"your code returned an object \(Thing\), where numbers were wanted"
    ):
        np.asarray(handle_of())


def test_an_array_on_the_left_leaves_an_operator_to_the_object(handle_of, owner):
    made, array = as_operand(handle_of()), np.ones(2)
    owner.answers = ["sum", "less", "equal"]
    assert (array + made, array < made, array == made) == ("sum", "less", "equal")
    assert [entry[0] for entry in owner.asked] == ["add", "gt", "eq"]
    assert owner.asked[0][1] is array
    assert owner.asked[0][2] is made
    assert owner.asked[1][2] is array


@pytest.mark.parametrize(
    "function",
    [
        lambda h: np.exp(h),
        lambda h: np.add(h, np.ones(2)),
        lambda h: np.add(h, h),
        lambda h: np.add(np.ones(2), h, out=np.ones(2)),
        lambda h: np.add.outer(np.ones(2), h),
        lambda h: np.hypot(np.ones(2), h),
    ],
)
def test_no_other_function_of_numpys_takes_an_object(function, handle_of, owner):
    with pytest.raises(NotANumber, match=r"an object \(Thing\), where numbers were wanted"):
        function(as_operand(handle_of()))
    assert owner.asked == []
