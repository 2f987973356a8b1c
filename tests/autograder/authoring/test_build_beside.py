"""What lies beside a source in a course of one's own: data and modules go along, answers stay."""

import pytest

from autograder.authoring.begin import begin
from autograder.authoring.build import build
from autograder.course import Course
from autograder.errors import CourseError
from autograder.protection.check import check
from autograder.rehearsal.demo import _make_course

pytestmark = pytest.mark.sandbox
RAIN = """\
# %% setup="imports"
from units import INCH

# %% answer="01_rain"
class Rain:
    def inches(self):
        ### BEGIN SOLUTION
        return float(open("rain.csv").read()) / INCH
        ### END SOLUTION


# %% graded="01_rain-inches" points=2
class Snow(Rain): ...


assert Snow().inches() == 2
"""


def test_a_solution_has_the_files_that_students_get_and_is_graded_as_check_found(tmp_path):
    begin(tmp_path)
    folder = tmp_path / "source" / "rain"
    (folder / "answers").mkdir(parents=True)
    files = {"rain.py": RAIN, "units.py": "INCH = 25.4", "rain.csv": "50.8"}
    for name, text in {**files, "answers/01_rain.py": "# %% wrong='never graded'"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r'ignore\.extend\(\["answers", "rain.py"\]\)'):
        build(Course(tmp_path))
    with (tmp_path / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write('c.CourseDirectory.ignore.extend(["answers", "rain.py"])')
    (found,), _ = check(Course(tmp_path), "rain")  # before anything is released
    assert (found.tier, found.works) == ("inside", True)
    (release,) = build(Course(tmp_path))
    released = {path.name for path in release.path.parent.iterdir()}
    assert released == {"rain.ipynb", "units.py", "rain.csv"}
    demo = _make_course(Course(tmp_path), tmp_path / "demo", "rain")
    assert (demo.root / "tiers.json").read_text() == (tmp_path / "tiers.json").read_text()
