"""Which names a student's folder may have: those that every page of nbgrader shows and links to.

nbgrader writes a name into addresses, into HTML, and into a script between double quotes, each as it stands.
"""

from __future__ import annotations

import re

from autograder.submission.files import log_name

MAX_NAME = 128  # the width of the gradebook's column, which PostgreSQL enforces
# Quotes, backslashes and tags end what a name stands in; the others mean something else in an address.
_SPECIAL = '"\\<>&%#?/'
# Joiners do not show, and are part of how some languages write a name; not of Latin letters.
_JOINED = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")


def objection(name: str) -> str:
    """Why there can be no student of this name, as a sentence with a name that would do; "" if there can."""
    why = _why_not(name)
    if not why:
        return ""
    return f"a student's folder cannot be called {log_name(name)!r}: {why}; {_suggestion(name)!r} would do."


def _why_not(name: str) -> str:
    special = sorted(set(name) & set(_SPECIAL))
    if special:
        return f"pages and addresses cannot show {' '.join(special)}"
    if not _JOINED.sub("", name).isprintable():
        return "it has characters that do not show"
    if name.startswith(".") or name != name.strip() or not name:
        return "it begins with a dot, or begins or ends with a space" if name else "it is empty"
    if len(name) > MAX_NAME:
        return f"it has {len(name)} characters, more than {MAX_NAME}"
    return ""


def _suggestion(name: str) -> str:
    """The name without what it cannot have."""
    kept = "".join(
        letter if letter.isprintable() and letter not in _SPECIAL else " " for letter in _JOINED.sub("", name)
    )
    return " ".join(kept.split()).lstrip(". ")[:MAX_NAME].strip() or "student"
