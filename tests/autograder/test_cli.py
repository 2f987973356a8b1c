"""The `course` command: what it offers, and how it ends."""

import pytest

from autograder import cli


def test_every_command_says_in_a_sentence_what_it_does():
    commands = {
        command.callback.__name__: command.callback.__doc__ for command in cli.app.registered_commands
    }
    assert {"grade", "build", "export", "gradescope"} <= set(commands)
    assert [name for name, words in commands.items() if not words.splitlines()[0].endswith(".")] == []


def test_a_full_disk_is_one_sentence_with_the_place(monkeypatch, capsys):
    def full():
        raise OSError(28, "No space left on device", "grades.csv")

    monkeypatch.setattr(cli, "app", full)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "course: grades.csv: No space left on device\n"
