"""Right gradients that are returned in each other's places."""

from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.tape import Event


def findings(search: Search) -> list[FirstWrong]:
    """Return the places where right gradients of other inputs are returned, if that is all that is wrong."""
    found = [finding for event in search.backward for finding in (_finding(search, event),) if finding]
    places = {name for finding in found for name, _ in search.targets(finding.event)}
    return found if places >= search.wrong else _exchanged(search)


def _exchanged(search: Search) -> list[FirstWrong]:
    """The places where what is returned, without a name of its own, is another one's gradient."""
    found: dict[str, FirstWrong] = {}
    others: set[str] = set()
    for event in search.backward:
        site, asked = search.site(event), search.targets(event)
        if site.kind != "returned" or site.plain or not asked or asked[0][0] not in search.wrong:
            continue
        place = asked[0][0]
        same = [name for name in search.wrong if search.gradient_of(search.inputs[name]).agrees(event.value)]
        if len(same) == 1:
            said = f"the gradient of {same[0]} is returned as that of {place}"
            found[place] = FirstWrong(event, site, sentence=said)
            others.add(same[0])
    return list(found.values()) if set(found) == others == search.wrong else []


def _finding(search: Search, event: Event) -> FirstWrong | None:
    site, asked = search.site(event), search.targets(event)
    if site.kind != "returned" or not site.plain or not asked or search.is_right(event):
        return None
    made = [e for e in search.backward if search.before(e, event) and search.site(e).name in site.reads]
    if not made or not search.is_right(made[-1]):
        return None
    place, name = asked[0][0], search.targets(made[-1])[0][0]
    if name not in search.inputs:
        return None
    said = f"{search.site(made[-1]).name} is the gradient of {name}, and is returned as that of {place}"
    return FirstWrong(event, site, sentence=said)
