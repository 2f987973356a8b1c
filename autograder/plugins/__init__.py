"""What ``nbgrader_config.py`` names so that plain ``nbgrader autograde`` grades safely, and feedback teaches.

    c.Autograde.exporter_class = "autograder.plugins.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = ["autograder.plugins.Rebuild"]
    c.Autograde.autograde_preprocessors = [
        "autograder.plugins.GradeApart",
        "autograder.plugins.SaveScores",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    c.GenerateFeedback.exporter_class = "autograder.plugins.FeedbackExporter"
    c.GenerateFeedback.preprocessors = ["autograder.plugins.Grades"]
    c.HTMLExporter.preprocessors = ["autograder.plugins.EscapedNames"]
    c.ZipCollectApp.collector_plugin = "autograder.plugins.NamedCollector"
    c.ExchangeFactory.release_feedback = "autograder.plugins.ReleaseFeedback"

The exporter reads what was submitted, Rebuild puts it on the released notebook, GradeApart runs it behind
the wall and scores it, SaveScores records the scores. Every grading is described in the metadata of the
autograded notebook, under RECORD (:mod:`autograder.grading.record`), from which FeedbackExporter makes the
student's page, with the points that Grades takes from the gradebook.

EscapedNames is for Formgrader's page of one submission, NamedCollector for ``nbgrader zip_collect``, and
CanvasExport, MoodleExport and ExerciseExport are for ``nbgrader export --exporter``.
"""

from autograder.grading.record import RECORD
from autograder.plugins.collecting import NamedCollector
from autograder.plugins.escaping import EscapedNames
from autograder.plugins.exporting import CanvasExport, ExerciseExport, MoodleExport
from autograder.plugins.feedback import FeedbackExporter, Grades
from autograder.plugins.grading import GradeApart, SaveScores
from autograder.plugins.rebuilding import Rebuild
from autograder.plugins.returning import ReleaseFeedback
from autograder.plugins.taking_in import SubmissionExporter

__all__ = [
    "RECORD",
    "CanvasExport",
    "EscapedNames",
    "ExerciseExport",
    "FeedbackExporter",
    "GradeApart",
    "Grades",
    "MoodleExport",
    "NamedCollector",
    "Rebuild",
    "ReleaseFeedback",
    "SaveScores",
    "SubmissionExporter",
]
