"""The repository root is the nbgrader course: its directories, its facts, and grading behind the wall."""

from autograder import plugins

c = get_config()  # noqa: F821 - nbgrader provides it
plugins.configure(c)

c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# nbgrader copies what lies beside a source notebook to every student; sources and known answers must stay.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "answers"]

c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("not written yet")'}
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"

c.CourseFacts.title = "Backpropagation, taught and checked"
c.CourseFacts.summary = "The gradient checker, data and figures that the notebooks on backpropagation use."
c.CourseFacts.kit_name = "backprop-course-student"
c.CourseFacts.install_from = "backprop-course-student"
c.CourseFacts.total_points = 100
c.CourseFacts.checks_in_every_cell = True
c.CourseFacts.packages = ["course_lib.data"]
c.CourseFacts.figure_packages = ["course_lib.viz"]
# They import networkx, for pictures that few notebooks draw while they are graded: not worth its memory.
c.CourseFacts.late_modules = ["course_lib.viz.graph", "course_lib.viz.graph_layout", "course_lib.viz.run"]
c.CourseFacts.hidden_packages = ["course_lib.reference"]
