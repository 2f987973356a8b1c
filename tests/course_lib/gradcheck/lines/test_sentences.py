"""What a report says of a wrong line."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import sentences as module
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.sentences import in_what_they_call, sentences
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import written
from course_lib.gradcheck.lines.tape import Event
from course_lib.gradcheck.lines.unread import LEFT, UNREAD

FORWARD = """def f(x, w):
    a = x * w
    b = np.tanh(a)
    c = -b
    d = b + c
    e = d @ w
    g = d - e
    h = e / g
    k = 2 ** h
    m = np.sum(k) + k
    n = k.sum()
    o = [q for q in n]
    p = abs(o)
    return p
    r = Gate(p)
    s = +p
"""
BACKWARD = """def back(dout):
    db = dout * 2
    da = db * 3
    return da
"""

PRODUCT = "a product hands each side the other factor, times the upstream gradient: is it there?"
DIFFERENCE = "a difference hands the upstream gradient on, negated to what is subtracted: does this line?"
WRONG = Site(90, "back", 3, "da", "assigned")


class Told:
    """In place of a search: where values are used in the forward pass, and what the loss ignores."""

    def __init__(self, uses=(), two_parts=False, ignored=(), backward_uses=()):
        sources = {"f": written(FORWARD), "back": written(BACKWARD)}
        self.subject = SimpleNamespace(sources=sources, two_parts=two_parts, name="back")
        self.sites = {n: Site(n, "f", line, name, "used") for n, (line, name) in enumerate(uses)}
        self.sites |= {
            50 + n: Site(50 + n, "back", line, name, "used") for n, (line, name) in enumerate(backward_uses)
        }
        self.sites[99] = Site(99, "f", 2, "b", "assigned")
        self.base = SimpleNamespace(events=[Event((number, 0), np.ones(1)) for number in self.sites])
        self._ignored = ignored
        self.claims = True

    def site(self, event):
        return self.sites[event.moment[0]]

    def in_forward(self, event):
        return self.site(event).function == "f"

    def matters(self, event):
        return self.site(event).line not in self._ignored

    def targets(self, event):
        return [("b", event)] if self.claims else []

    def gradient_of(self, event):
        return Measured(np.zeros(3), np.zeros(3))


def finding(yours=(1.0, 2.0, 3.0), right=(1.0, 5.0, 3.0), **known):
    value, measured = np.array(yours), np.array(right)
    options = {"right_before": None, "mended": 0, "whole": True, "target": "b", **known}
    return FirstWrong(
        event=Event((90, 0), value),
        site=options.pop("site", WRONG),
        measured=Measured(measured, np.full(measured.shape, 1e-9)),
        **options,
    )


def said(search=None, found=None, sentence="", sites=None, doubts=0):
    search, found = search or Told(), found or finding()
    guilty = SimpleNamespace(sites=sites or (found.site,), sentence=sentence, doubts=doubts)
    return sentences(search, found, guilty)


def test_both_numbers_of_the_worst_entry_are_said():
    assert said() == ("d(output)/d(b[1]): yours 2, numerical 5",)
    assert said(Told(two_parts=True))[0].startswith("d(loss)/d(b[1]): yours 2,")
    one = finding(0.123456789, 0.123456788)
    assert said(found=one)[0] == "d(output)/d(b): yours 0.123456789, numerical 0.123456788"


def test_shapes_are_said_where_they_differ():
    found = finding(np.ones(3), np.ones((3, 1)))
    assert said(found=found)[0] == "d(output)/d(b) has shape (3, 1), yours (3,)"
    found = finding(np.ones((2, 3)), np.zeros((3, 2)))
    assert said(found=found)[0] == "d(output)/d(b) has shape (3, 2), yours (2, 3)"
    found = finding(np.ones(2), np.ones(3), target="[0]")
    assert said(found=found)[0] == "d(output)/d(output) has shape (3,), yours (2,)"


def test_what_gets_its_shape_later_is_said_by_its_numbers():
    found = finding(np.array([[1.0, 2, 3, 4, 5, 7]]), np.array([[1.0, 2, 3], [4, 5, 6]]))
    assert said(found=found)[0] == "d(output)/d(b[1, 2]): yours 7, numerical 6"


@pytest.mark.parametrize(
    ("known", "rest"),
    [
        ({"right_before": 1}, "; 1 gradient before it is right"),
        ({"right_before": 2}, "; 2 gradients before it are right"),
        ({"right_before": 0}, ""),
        ({"mended": 1}, ", 1 gradient after it follows from it"),
        ({"mended": 3}, ", 3 gradients after it follow from it"),
        ({"whole": False}, "; that alone does not explain all that is wrong"),
        (
            {"right_before": 2, "mended": 1, "whole": False},
            "; 2 gradients before it are right, 1 gradient after it follows from it"
            "; that alone does not explain all that is wrong",
        ),
    ],
)
def test_what_is_right_before_and_mended_after_is_counted(known, rest):
    assert said(found=finding(**known))[0] == f"d(output)/d(b[1]): yours 2, numerical 5{rest}"


def test_a_value_that_no_name_tells_has_its_own_sentence():
    found = finding(target="", sentence="with other values from there, every gradient would be right")
    search = Told()
    search.claims = False
    assert said(search, found) == ("with other values from there, every gradient would be right",)


def test_lines_that_could_not_be_told_from_the_first_are_named_before_all_else():
    sites = (
        WRONG,
        Site(1, "back", 2, "db", "assigned"),
        Site(2, "f", 2, "a", "assigned"),
        Site(3, "f", 3, "b", "used"),
    )
    found = said(sites=sites, doubts=2)
    assert found[:2] == ("or line 2:  db = dout * 2", "or line 2 of f:  a = x * w")
    assert found[2].startswith("d(output)/d(b[1])")
    assert said(sites=sites, doubts=0)[0].startswith("d(output)")


def test_of_the_lines_that_are_named_what_nothing_reads_is_told_last():
    sites = [WRONG, Site(1, "back", 2, "db\x1b", UNREAD), Site(2, "back", 3, "da", LEFT)]
    found = [said(sites=sites, doubts=doubts)[1 + doubts :] for doubts in range(3)]
    read, stays = "db\\x1b, which line 2 makes, is read nowhere", "da, which line 3 makes zero, stays zero"
    assert found == [(), (read,), (read, stays)]


def test_a_sentence_of_the_blame_takes_the_place_of_where_the_value_goes():
    search = Told([(3, "a")])
    found = finding(target="a")
    assert said(search, found, sentence="it overwrites")[1:] == ("it overwrites",)
    assert said(search, found, sites=(Site(1, "back", 2, "db", "assigned"),))[1:] == ()
    search.claims = False
    assert said(search, found)[1:] == ()


def where(target, *lines, **known):
    return said(Told([(line, target) for line in lines], **known), finding(target=target))[1:]


@pytest.mark.parametrize(
    ("target", "line", "text", "question"),
    [
        ("x", 2, "a = x * w", PRODUCT),
        ("a", 3, "b = np.tanh(a)", "is the local derivative of tanh in it?"),
        ("b", 4, "c = -b", "a minus on the way there is a minus on the way back: is it in this line?"),
        ("c", 5, "d = b + c", "a sum hands the upstream gradient on as it is: does this line?"),
        (
            "d",
            6,
            "e = d @ w",
            "which transpose goes to which side? shapes that differ leave one way to write it",
        ),
        ("e", 7, "g = d - e", DIFFERENCE),
        ("g", 8, "h = e / g", "is the quotient's local derivative in it?"),
        ("h", 9, "k = 2 ** h", "is the power's local derivative in it?"),
        ("o", 13, "p = abs(o)", "is the local derivative of abs in it?"),
    ],
)
def test_a_line_of_one_operation_is_asked_for_its_local_derivative(target, line, text, question):
    assert where(target, line) == (f"forward, {target} goes into line {line}: {text}", question)


@pytest.mark.parametrize(
    ("target", "line", "text"),
    [
        ("k", 10, "m = np.sum(k) + k"),
        ("k", 11, "n = k.sum()"),
        ("p", 14, "return p"),
        ("p", 15, "r = Gate(p)"),  # a class has no derivative
        ("p", 16, "s = +p"),
    ],
)
def test_of_a_line_that_does_more_or_nothing_no_question_is_asked(target, line, text):
    assert where(target, line) == (f"forward, {target} goes into line {line}: {text}",)


def test_nothing_is_said_of_where_a_value_goes_that_no_probe_sees_there():
    assert where("n", 11) == ()  # it goes into a comprehension, too


def test_the_function_of_the_line_is_named_where_there_are_two():
    assert where("a", 3, two_parts=True)[0] == "forward, a goes into line 3 of f: b = np.tanh(a)"


def test_a_value_that_is_used_on_several_lines_collects_a_sum():
    assert where("b", 4, 5) == ("b goes into lines 4 and 5: its gradient is the sum over them",)
    assert where("b", 4, 4)[0] == "forward, b goes into line 4: c = -b"
    assert where("b", 4, 5, ignored=(5,))[0] == "forward, b goes into line 4: c = -b"
    search = Told([(4, "b"), (5, "c")], backward_uses=[(3, "b")])
    assert said(search)[1] == "forward, b goes into line 4: c = -b"


def test_a_value_that_the_loss_does_not_depend_on_is_asked_for():
    found = finding(right=(0.0, 0.0, 0.0))
    assert said(found=found)[1:] == (
        "at this point the forward pass does not depend on b: is it used there?",
    )
    assert said(found=finding(right=(0.0, np.nan, 1.0)))[1:] == ()
    assert said(found=finding(right=(np.nan, np.nan, np.nan)))[1:] == ()


def test_of_what_no_name_tells_nobody_asks_whether_it_is_used():
    found = finding(right=(0.0, 0.0, 0.0), target="", sentence="with 0 to begin with, all is right")
    assert said(found=found) == ("with 0 to begin with, all is right",)


def centred(x, g):
    mean = x.mean(axis=0)
    return g * (x - mean) + np.tanh(x), (x, g)


@pytest.mark.parametrize(
    ("direct", "mean", "said_of_it"),
    [
        (1, 0, "; what comes back through line 2 is missing in yours"),
        (1, -1, "; what comes back through line 2 has the opposite sign in yours"),
        (1, 2, "; what comes back through line 2 counts twice in yours"),
        (1, 0.5, ""),
        (0, 0, ""),
    ],
)
@pytest.mark.parametrize("shape", [(4, 2), (2, 1)])
def test_a_contribution_that_is_just_the_difference_is_named_with_its_line(direct, mean, said_of_it, shape):
    def backward(dout, cache):
        x, g = cache
        d = dout * g
        dx = direct * d - mean * d.mean(axis=0) + dout * (1 - np.tanh(x) ** 2)
        return dx, (dout * (x - x.mean(axis=0))).sum(axis=0)

    x, g = np.random.default_rng(0).normal(size=shape), np.array([0.7, -1.2])[: shape[1]]
    found = str(find_line(centred, backward, x, g))
    several = "x goes into lines 2 and 3: its gradient is the sum over them"
    assert f"{several}{said_of_it if x.size > 2 else ''}" in found.split("\n  ")


def test_one_of_two_uses_in_a_line_is_told_as_such():
    def forward(x):
        k = np.exp(x) - x
        return np.tanh(x) + k, x

    def backward(dout, x):
        dx = dout * (1 - np.tanh(x) ** 2) + dout * np.exp(x)
        return dx  # noqa: RET504 - the slip is a line above it

    found = str(find_line(forward, backward, np.array([0.3, -1.2, 0.8])))
    assert "; what comes back through one of its uses in line 2 is missing in yours" in found


def test_of_the_functions_that_named_lines_call_two_are_named(monkeypatch):
    monkeypatch.setattr(module, "own_functions", lambda called, line: called)
    lines = [(["f"], 3), (["f", "g"], 5), (["h"], 7)]
    assert in_what_they_call(lines) == [f"or in `{name}`, which line 5 calls" for name in "fg"]
