"""Lines in order, each once."""

from course_lib.gradcheck.lines.guilty import Blame, FirstWrong, ordered, others
from course_lib.gradcheck.lines.site import Site


def site(line, name="x", function="f"):
    return Site(line, function, line, name, "assigned")


def test_every_line_stands_once_and_doubts_are_those_after_the_first():
    found = ordered(site(3), [site(5), site(3, "y"), site(4)], [site(5), site(7), site(3)])
    assert [one.line for one in found.sites] == [3, 5, 4, 7]
    assert found.doubts == 2
    assert found.sites[0].name == "x"


def test_lines_of_two_functions_are_different_lines():
    found = ordered(site(3), [site(3, function="g")])
    assert [one.function for one in found.sites] == ["f", "g"]
    assert found.doubts == 1


def test_a_sentence_is_kept():
    assert ordered(site(1), [], [site(2)], "it overwrites").sentence == "it overwrites"
    assert ordered(site(1), [], [site(2)]).doubts == 0


def test_others_are_all_lines_but_the_first_each_once():
    sites = [site(3), site(4), site(4), site(5), *map(site, range(6, 12))]
    assert [one.line for one in others(site(3), sites)] == list(range(4, 12))


def test_what_is_not_said_of_a_value_or_of_lines_is_nothing():
    first = FirstWrong("event", "site")
    assert first.measured.value.tolist() == first.measured.allowed.tolist() == 0.0
    assert (first.target, first.right_before, first.mended, first.whole) == ("", None, 0, True)
    assert first.sentence == ""
    assert Blame() == Blame((), "", 0, False)
