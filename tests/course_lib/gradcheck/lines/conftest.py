"""What the other rooms find, said by a test of what is blamed."""

from types import SimpleNamespace

import pytest

from course_lib.gradcheck.lines import blame as module
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.site import Site
from tests.course_lib.gradcheck.lines.asking import site

NAMES = ["a", "b", "t", "d", "m", "dx", "cache", "loop", "f", "g"]  # each on a line of its own


@pytest.fixture
def rooms(monkeypatch):
    """Say what the other rooms find: for each a list of names, or what it returns."""

    def given(**rooms):
        def sites(names):
            if not isinstance(names, str):
                return names
            return [
                site(name, line=20 + NAMES.index(name), function="forward", weight=5)
                for name in names.split()
            ]

        def room(found):
            def asked(search, finding, named=()):
                assert isinstance(search, SimpleNamespace)
                assert isinstance(finding, FirstWrong)
                assert all(isinstance(one, Site) for one in named)
                return found(search, finding) if callable(found) else found

            return asked

        def unseen(search, asked):
            assert isinstance(search, SimpleNamespace)
            assert all(isinstance(one, Site) for one in asked)
            return sites(" ".join(rooms.get("unseen", {}).get(one.name, "") for one in asked))

        for name in ("built_on", "masks_read", "unverified"):
            monkeypatch.setattr(module, name, room(sites(rooms.get(name, ""))))
        monkeypatch.setattr(module, "put_away", lambda search, asked: sites(rooms.get("put_away", "")))
        monkeypatch.setattr(module, "unread", lambda search: sites(rooms.get("unread", "")))
        monkeypatch.setattr(module, "caching", lambda search: sites(rooms.get("caching", "")))
        told, doubted = rooms.get("not_cleared", ("", ""))
        monkeypatch.setattr(module, "not_cleared", room((sites(told), sites(doubted))))
        monkeypatch.setattr(module, "helpers", room(lambda *_: iter(rooms.get("helpers", ()))))
        monkeypatch.setattr(module, "of_sum", room(rooms.get("of_sum")))
        monkeypatch.setattr(module, "unseen", unseen)
        monkeypatch.setattr(module, "operands_of", room(rooms.get("operands_of", ())))

    given()
    return given
