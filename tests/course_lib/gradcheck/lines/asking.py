"""How the tests of the rooms of `lines` ask: a search at a point, and values by name."""

from course_lib.gradcheck.lines.question import question


def search(function, *rest):
    """What is found out of `find_line(function, *rest)` at the point itself."""
    return question(function, rest, None, 0).search


def named(found, name):
    """The last value of backward that got this name."""
    return [event for event in found.backward if found.site(event).name == name][-1]


def sources(found, sites):
    """The texts of the lines."""
    return [found.subject.sources[site.function].line(site.line) for site in sites]
