"""What to change so that a graded cell can be graded apart, or at all: by what it failed with there."""

from __future__ import annotations

import re
from collections.abc import Collection

TYPES = "compare what an object does, or `type(x).__name__`"
CALL = "let the cell call the answer's functions, in place of changing the student's names"
FIGURE = "let the answer return its axes, for apart `plt.gca()` finds those of the graded cell alone"
TEXT = "look at what a function does, in place of its text"
_ADVICE = [
    (r"reads what it binds|, and that is graded", "bind the shared names in a read-only cell above"),
    (r"cannot use (%|!)", "do without the magic: only what is for looks is left out of graded cells"),
    (r"uses (exec|eval|compile|subprocess|runpy|importlib)", "do without running text or programs"),
    (r"changes a \w+ in place", "hand over another one, or the changed one again"),
    (r"sees no change of an answer's", "hand it over as an argument in the cell, and look at it afterwards"),
    (r"has a copy of each", "compare what they hold after each call"),
    (r"in the place of", "hand over what the answer is to call, as an argument"),
    (r"goes by (\w+_time|\w+\.alarm|setitimer)", "go by time.perf_counter: an endless call is stopped"),
    (r"goes through all names", "name what is to be there"),
    (r"FileNotFoundError", "put the file beside the notebook: answers see none that a graded cell writes"),
    (r"kept back", "raise it in the answer's own code, not in the cell's block"),
    (r"await|async", "let the answer's function run its own loop, with asyncio.run"),
    (r"isinstance|must be a type|Handle\.__init__|issubclass", TYPES),
    (r"EOFError|\binput\(", "let the answer be a function of arguments, in place of input()"),
    (r"cannot cross|plain data|handed over|'function' ob", "hand over plain data, arrays or functions"),
    (
        r"No module named",
        "install the library where graded cells run; of a module that answers write, call what they import",
    ),
    (r"NameError", CALL),
    (r"getsource|source code|class definition|module, class, method", TEXT),
    (r"NotANumber|truth value|compared", "let the answer return plain data, and compare that"),
]
# By what an assertion without words asks for.
_ASKED = [
    (r"\b(type|isinstance|issubclass)\(|__class__|__bases?__|__mro__", TYPES),
    (r": line \d+, .*\binspect\.is", TYPES),
    (r": line \d+, .*\b(_i+|_i\d+|In|_ih)\b", TEXT),
]
# What a solution may fail with though nothing in it is wrong: first where, then what the wall forbids.
_AROUND_IT = [
    (r"No module named", "install it where submissions are graded, or put the module beside the notebook"),
    (r"FileNotFoundError", "put the file beside the notebook, where those of the release are"),
    (
        r"URLError|gaierror|ConnectionError|MaxRetryError|HTTPError|name resolution|Network is unreachable",
        "there is no network behind the wall: put what it loads beside the notebook",
    ),
    (
        r"TimeLimit|took too long|took longer|time of .* is used up",
        "it may never end; what needs more time gets it by c.GradeApart.limits",
    ),
    (
        r"it needed more than \d+ MB of memory",
        "what its graded cells take counts, and the libraries they import: "
        "grader_mb of c.GradeApart.limits gives more",
    ),
    (
        r"StudentDied|MemoryError|PermissionError|Read-only file system|No space left",
        "it may be the wall's limits that keep it from more (c.GradeApart.limits)",
    ),
]
OTHERWISE = "let the answer be a function that returns plain data, and compare that"


_CURRENT_FIGURE = re.compile(r"\b(gca|gcf|get_fignums|fignum_exists)\(")


def what_to_change(why: str, shared: Collection[str] = (), source: str = "") -> str:
    """Half a sentence on how to have the cell graded apart, by why it could not be.

    ``shared`` are the names that it binds and answers above it read, which apart are not the same.
    """
    if why.startswith("AssertionError"):  # what follows are the cell's own words
        says = next((says for sign, says in _ASKED if re.search(sign, why)), OTHERWISE)
    else:
        says = next((says for sign, says in _ADVICE if re.search(sign, why)), OTHERWISE)
    if says == OTHERWISE and _CURRENT_FIGURE.search(source):
        says = FIGURE
    elif shared and says in (OTHERWISE, CALL):
        names = ", ".join(sorted(shared)[:3])
        says = f"hand over as an argument what answers read and this cell binds ({names}), or bind it above"
    return f"to have it apart, {says}"


def whose_fault(why: str, otherwise: str = "nbgrader itself would give it no more") -> str:
    """Half a sentence on a solution that does not earn its points inside either, by what it failed with."""
    known = (says for sign, says in _AROUND_IT if re.search(sign, why))
    return next(known, otherwise)
