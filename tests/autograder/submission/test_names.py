import pytest

from autograder.submission.names import asked_names, bound_names, mentions_any


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    y = 1\n\n\nclass G:\n    z = 2", "f G"),
        ("async def f(): ...", "f"),
        ("a = 1\nb, c = 2, 3\nd: float = 4", "a b c d"),
        ("a == 1\na += 1\nf(a=1)\nif a: b = 1\nelse: c = 1", ""),
        ("import numpy as np, math\nfrom os import path as p, sep", "np math p sep"),
        ("import os.path", "os"),
        ("%%time\ndef f(): return 1", "f"),
        ("print(“hi”)\ndef f(:", "f"),
        ("for k in range(3):\n    pass", "k"),
        ("größe = 1", "größe"),
        ("from os import (path, sep)", "path sep"),
        ("import os, \\\n    math", "os"),
        ("import os,", "os"),
        ("x = 1\n" * 50_000, ""),
        ("x = 1" + " " * (100_000 - 5), "x"),
        ("x = 1" + " " * (100_001 - 5), ""),
    ],
)
def test_the_names_that_a_cell_binds_are_read_off_its_lines(source, names):
    assert bound_names(source) == set(names.split())


def test_a_cell_mentions_its_words_where_it_is_no_longer_than_is_looked_into():
    names = frozenset({"slope", "rate"})
    assert mentions_any("fit(slope_of(x), slope)", names)
    assert not mentions_any("fit(slope_of(x))", names)
    assert not mentions_any("fit(x)", frozenset())
    assert mentions_any("slope" + " " * (100_000 - 5), names)
    assert not mentions_any("slope" + " " * (100_001 - 5), names)


def test_a_check_asks_for_the_names_that_it_does_not_bind_itself():
    source = "for k in range(3):\n    y = k\nwith open(rate) as file:\n    expect(y, slope)"
    assert asked_names(source) == {"rate", "expect", "slope"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("assert type(_) is int and '0x' in _i, 'a cell of x'  # and b", ""),
        ("assert a.count('b') == 2, f'{c} is no {d!r}: {e:>3}'", "a c d e"),
        ("assert a.format(b=1) == '{c}'", "a"),
        ('assert sorted(a, key=b) == "it\'s", """c\nd"""', "a b"),
        ("assert 'a' in globals(), 'b is to be there'", "a"),
    ],
)
def test_words_for_people_and_attributes_are_no_names_that_a_check_asks_for(source, names):
    assert asked_names(source) == set(names.split())
