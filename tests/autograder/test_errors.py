"""What a person can mend is one sentence and an exit code, whoever raises it."""

import pytest

from autograder import cli
from autograder.errors import CourseError


def test_a_course_error_is_its_sentence_and_no_traceback(monkeypatch, capsys):
    def refuses(*arguments, **options):
        raise CourseError("nothing was built: 01_square has no title")

    monkeypatch.setattr(cli, "app", refuses)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capsys.readouterr()
    assert ended.value.code == 2
    assert "nothing was built: 01_square has no title" in shown.err
    assert "Traceback" not in shown.out + shown.err
