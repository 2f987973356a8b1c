"""Findings, and a search that made them, for tests of what is blamed."""

from dataclasses import replace
from types import SimpleNamespace

from course_lib.gradcheck.lines import blame as module
from course_lib.gradcheck.lines.source import written
from tests.course_lib.gradcheck.lines.asking import event, site, wrong

SOURCES = dict.fromkeys(("backward", "forward", "f"), written("def f(x):\n    return x\n"))


def at(moment, name, value=1.0, mask=False, **known):
    return event(value, (moment, 0), mask=mask), site(
        name, **{"line": moment, "number": moment, "weight": 5, **known}
    )


def found(moment, name, target="x", whole=True, value=(1.0, 2.0), right=(1.0, 3.0), mask=False, **known):
    one, where = at(moment, name, mask=mask, **known)
    made = wrong(value, right, of=where, target=target, moment=one.moment)
    return replace(made, whole=whole, event=event(value, one.moment, mask=mask))


def searched(*events, targets=(), right=(), some_gradient=(), on_the_way=(), renames=()):
    sites = {one.moment: where for one, where in events}

    def name(one):
        return sites[one.moment].name if one.moment in sites else ""

    return SimpleNamespace(
        subject=SimpleNamespace(two_parts=True, name="backward", sources=SOURCES),
        backward=[one for one, _ in events],
        base=SimpleNamespace(gradients={}),
        judged=[],
        wrong=frozenset(),
        kept=[],
        site=lambda one: sites[one.moment],
        before=lambda a, b: a.moment < b.moment,
        targets=lambda one: [name(one)] if name(one) in targets else [],
        is_right=lambda one: name(one) in right,
        is_some_gradient=lambda one: name(one) in some_gradient,
        on_the_way=lambda one: name(one) in on_the_way,
        same_variable=lambda a, b: a.name == b.name,
        renames=lambda where: where.name in renames,
        turns=lambda where: 1,
    )


def named(blamed):
    return [one.name for one in blamed.sites], blamed.doubts


def blamed(*findings, search=None):
    return named(module.blame(search or searched(targets=("dx",)), list(findings)))
