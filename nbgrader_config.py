"""The repository root is the nbgrader course: its directories and what nbgrader leaves in a released cell."""

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# nbgrader copies what lies beside a source notebook to every student; sources and known answers must stay.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "answers"]

c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("not written yet")'}
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"

# Submissions are read and rebuilt before anything of them runs; student code runs behind a wall, and the
# graded cells outside it (docs/security.md).
c.Autograde.exporter_class = "autograder.plugins.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["autograder.plugins.Rebuild"]
c.Autograde.autograde_preprocessors = [
    "autograder.plugins.GradeApart",
    "autograder.plugins.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
]

# The page that a student gets back: points, reports and where to read on, without the hidden tests.
c.GenerateFeedback.exporter_class = "autograder.plugins.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["autograder.plugins.Grades"]

# Formgrader's page of one submission inserts names as they stand, whatever a roster has brought.
c.HTMLExporter.preprocessors = ["autograder.plugins.EscapedNames"]

# Files from a learning management system become folders of students whose names every page can show.
c.ZipCollectApp.collector_plugin = "autograder.plugins.NamedCollector"
# Releases it through nbgrader's exchange to all who handed in there.
c.ExchangeFactory.release_feedback = "autograder.plugins.ReleaseFeedback"
