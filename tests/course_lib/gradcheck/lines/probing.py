"""What tests of probes, sites and twins ask of a function."""

from course_lib.gradcheck.lines.source import read_source
from course_lib.gradcheck.lines.tape import Tape
from course_lib.gradcheck.lines.twin import twin_of

FLAGS = ("plain", "divides", "part", "attribute", "unpacks")


def twin(function):
    return twin_of(read_source(function))


def sites(function):
    """Return what each site but the uses says: line, name, kind, container, and the flags that are set."""
    return [
        (site.line, site.name, site.kind, site.container, {flag for flag in FLAGS if getattr(site, flag)})
        for site in twin(function).sites.values()
        if site.kind != "used"
    ]


def passed(function, *args, changes=None, **kwargs):
    """Return what a function's twin returns, and name and value of everything that passed a probe."""
    one = twin(function)
    tape = Tape(changes or {})
    result = one.call(tape, *args, **kwargs)
    names = [one.sites[event.moment[0]] for event in tape.events]
    values = [None if event.value is None else event.value.tolist() for event in tape.events]
    return result, [(site.name, site.kind, value) for site, value in zip(names, values, strict=True)]


def straight(x, w=2.0, /, *, b=1.0):
    h = x * w
    y = h
    z: float = h / b
    z += y
    z *= 3
    z -= 1
    z /= 2
    return z


def about(function, line):
    """Return reads and weight of what is assigned or returned on a line."""
    (site,) = [
        s for s in twin(function).sites.values() if s.line == line and s.kind not in ("used", "parameter")
    ]
    return set(site.reads), site.weight
