"""What the exporters ask for; that they write the files of `course export`: exports/test_export.py."""

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from traitlets.config import Configurable

from autograder.errors import CourseError
from autograder.exports.export import Wanted
from autograder.plugins import exporting
from autograder.plugins.exporting import CanvasExport, ExerciseExport, MoodleExport


@pytest.fixture
def exported(monkeypatch, course, caplog):
    """Runs an exporter; what it asked for, and what it said."""

    caplog.set_level(logging.INFO)

    def run(exporter, sentences=(), error=None, **options):
        asked = []

        def write_export(*arguments):
            asked.append(arguments)
            if error:
                raise CourseError(error)
            return list(sentences)

        monkeypatch.setattr(exporting, "write_export", write_export)
        api = Configurable()
        api.coursedir = SimpleNamespace(root=str(course.root))
        plugin = exporter(parent=api, log=logging.getLogger(__name__), **options)
        ended = None
        try:
            plugin.export("the gradebook")
        except SystemExit as exit:
            ended = exit.code
        ((of, gradebook, wanted),) = asked
        assert (of.root, gradebook) == (course.root, "the gradebook")
        return wanted, [(record.levelname, record.getMessage()) for record in caplog.records], ended

    return run


@pytest.mark.parametrize(
    ("exporter", "kind"), [(ExerciseExport, "csv"), (CanvasExport, "canvas"), (MoodleExport, "moodle")]
)
def test_each_exporter_asks_for_its_format_of_everybody(exported, exporter, kind):
    wanted, said, ended = exported(exporter)
    assert wanted == Wanted(kind, Path("grades.csv"), [], [], None)
    assert (said, ended) == ([("INFO", "Exported grades to grades.csv")], None)


def test_what_is_chosen_is_asked_for_and_sentences_are_warnings(exported):
    options = {"to": "my.csv", "assignment": ["01", "02"], "student": ["ada"], "roster": "roster.csv"}
    wanted, said, _ = exported(CanvasExport, ["eve waits", "bob, too"], **options)
    assert wanted == Wanted("canvas", Path("my.csv"), ["01", "02"], ["ada"], Path("roster.csv"))
    assert said == [
        ("WARNING", "eve waits"),
        ("WARNING", "bob, too"),
        ("INFO", "Exported grades to my.csv"),
    ]


def test_what_cannot_be_exported_is_one_sentence_and_an_exit_status(exported):
    _, said, ended = exported(MoodleExport, error="nothing was handed in yet")
    assert (said, ended) == ([("ERROR", "nothing was handed in yet")], 1)
