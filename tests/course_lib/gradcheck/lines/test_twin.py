"""A function rewritten so that every value on its way into a variable passes a probe."""

import functools

from course_lib.gradcheck.lines.source import read_source, written
from course_lib.gradcheck.lines.tape import Tape
from course_lib.gradcheck.lines.twin import twin_of
from course_lib.gradcheck.lines.wrapped import Twins
from tests.course_lib.gradcheck.lines.probing import passed, straight, twin


def test_a_twin_returns_what_the_function_does_and_all_that_passes_is_recorded_in_order():
    result, events = passed(straight, 3.0)
    assert result == straight(3.0)
    assert events[:6] == [
        ("x", "parameter", 3.0),
        ("w", "parameter", 2.0),
        ("b", "parameter", 1.0),
        ("x", "used", 3.0),
        ("w", "used", 2.0),
        ("h", "assigned", 6.0),
    ]
    assert [value for name, kind, value in events if name == "z" and kind != "used"] == [
        6.0,
        12.0,
        36.0,
        35.0,
        17.5,
    ]
    assert events[-1] == ("", "returned", 17.5)


def test_what_is_put_in_the_place_of_a_value_goes_on_from_there():
    one = twin(straight)
    (added,) = [number for number, site in one.sites.items() if site.line == 5 and site.kind == "added to"]
    assert one.call(Tape({(added, 0): lambda value: value + 10}), 3.0) == (22 * 3 - 1) / 2
    (first,) = [number for number, site in one.sites.items() if site.kind == "parameter" and site.name == "x"]
    assert one.call(Tape({(first, 0): lambda value: 0 * value}), 3.0, b=2.0) == straight(0.0, b=2.0)


def nothing():
    return None


def silent():
    pass


class Gate:
    def forward(self, x):
        return 2 * x


def test_a_function_of_nothing_has_a_twin_and_so_has_a_method():
    assert passed(nothing) == (None, [("", "returned", None)])
    assert passed(silent) == (None, [])
    assert passed(Gate().forward, 3.0)[1][-1] == ("", "returned", 6.0)


def test_sites_are_numbered_from_where_it_is_said_and_named_after_their_function():
    numbered = twin_of(read_source(straight), first=40)
    assert sorted(numbered.sites) == list(range(40, 40 + len(numbered.sites)))
    assert {site.function for site in numbered.sites.values()} == {"straight"}
    assert all(number == site.number for number, site in numbered.sites.items())


def test_a_function_has_one_twin_for_each_first_number():
    twins = Twins()
    assert twins.of(straight) is twins.of(straight)
    assert twins.of(straight, 3) is not twins.of(straight)
    assert twins.of(nothing) is not twins.of(straight)
    made = functools.partial(lambda function, first: (function, first))
    assert Twins().of(straight, 5, made) == (straight, 5)


def test_another_text_runs_in_the_functions_place():
    one = twin(straight)
    source = read_source(straight)
    other = type(source)(
        written("def straight(x, w=2.0, /, *, b=1.0):\n    return x + b").tree, "", (), straight
    )
    assert one.edited(other)(3.0) == 4.0
