import io
import sys

from autograder.under_way import counted, say


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_whoever_watches_is_told_what_is_under_way_and_how_far_it_is(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    say("reading the sources")
    assert terminal.getvalue() == "reading the sources\n"
    assert list(counted(["ada", "bob"], "records")) == ["ada", "bob"]
    assert "records" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_a_log_is_told_nothing(capsys):
    say("reading the sources")
    assert list(counted(["ada", "bob"], "records")) == ["ada", "bob"]
    assert capsys.readouterr() == ("", "")
