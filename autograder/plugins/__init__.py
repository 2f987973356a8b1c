"""What plain nbgrader calls so that it grades safely, and feedback teaches; set by two lines of a course.

    from autograder import plugins
    plugins.configure(c)

The exporter reads what was submitted, Rebuild puts it on the released notebook, GradeApart runs it behind
the wall and scores it, SaveScores records the scores. Every grading is described in the metadata of the
autograded notebook (:mod:`autograder.recorded.record`), from which FeedbackExporter makes the student's page,
with the points that Grades takes from the gradebook.

EscapedNames is for Formgrader's page of one submission, OuterExtractor and NamedCollector are for ``nbgrader
zip_collect``, PrintableFormatter is for what all commands log, and CanvasExport, MoodleExport and
ExerciseExport are for ``nbgrader export --exporter``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder.plugins.settings import configure as configure

if TYPE_CHECKING:
    from autograder.plugins.collecting import NamedCollector as NamedCollector
    from autograder.plugins.collecting import OuterExtractor as OuterExtractor
    from autograder.plugins.escaping import EscapedNames as EscapedNames
    from autograder.plugins.exporting import CanvasExport as CanvasExport
    from autograder.plugins.exporting import ExerciseExport as ExerciseExport
    from autograder.plugins.exporting import MoodleExport as MoodleExport
    from autograder.plugins.feedback import FeedbackExporter as FeedbackExporter
    from autograder.plugins.feedback import Grades as Grades
    from autograder.plugins.grading import GradeApart as GradeApart
    from autograder.plugins.grading import SaveScores as SaveScores
    from autograder.plugins.printable import PrintableFormatter as PrintableFormatter
    from autograder.plugins.rebuilding import Rebuild as Rebuild
    from autograder.plugins.taking_in import SubmissionExporter as SubmissionExporter

_HOME = {
    "CanvasExport": "exporting",
    "EscapedNames": "escaping",
    "ExerciseExport": "exporting",
    "FeedbackExporter": "feedback",
    "GradeApart": "grading",
    "Grades": "feedback",
    "MoodleExport": "exporting",
    "NamedCollector": "collecting",
    "OuterExtractor": "collecting",
    "PrintableFormatter": "printable",
    "Rebuild": "rebuilding",
    "SaveScores": "grading",
    "SubmissionExporter": "taking_in",
}
__all__ = ["configure", *_HOME]


def __getattr__(name: str) -> Any:
    """Import a plugin when nbgrader asks for it: a configuration is read by commands that need none."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
