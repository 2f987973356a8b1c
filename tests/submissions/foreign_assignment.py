"""The hostile class's assignment as another course has it: a source notebook, plain asserts, nothing of ours.

A graded cell then earns all of its points or none, and its checks have no names.
"""

import nbformat

from autograder.course import CONFIG, Course
from autograder.gradebook.opening import begin_gradebook
from autograder.grading.tiers import write_tiers
from autograder.protection.check import check
from autograder.sources.source import read_source

LINES = "c = get_config()\nfrom autograder import plugins\nplugins.configure(c)\n"
IMPORTS = "%matplotlib inline\nimport numpy as np\nfrom numpy.testing import assert_allclose"
CHECKS = {
    "01_norm-values": """assert np.isclose(norm(np.array([3.0, 4.0])), 5.0)
### BEGIN HIDDEN TESTS
SECRET = "SECRET-7391: hidden test"
vector = np.random.default_rng(7).normal(size=5)
assert_allclose(norm(vector), np.linalg.norm(vector), rtol=1e-12)
try:
    norm(np.zeros(0))
except ValueError:
    pass
else:
    raise AssertionError("an empty vector has no norm")
### END HIDDEN TESTS""",
    "02_cube-gradient": """out, cache = cube(np.array([2.0]))
assert out == 8 and cube_backward(np.ones(1), cache) == 12
### BEGIN HIDDEN TESTS
for each in np.random.default_rng(8).normal(size=6) * 10.0 ** np.arange(-9, 9, 3):
    out, cache = cube(each.reshape(1))
    assert_allclose(cube_backward(np.ones(1), cache), np.array([3 * each**2]), rtol=2e-14, atol=0)
### END HIDDEN TESTS""",
    "03_counter-sums": """counter = Counter()
first = counter.add(1.0)
assert first == 1.0, first
total = counter.add(2.0)
print(total)
assert total == 3.0, total
### BEGIN HIDDEN TESTS
steps = np.random.default_rng(9).normal(size=4)
first, second = Counter(), Counter()
for step in steps:
    first.add(float(step))
    second.add(float(-step))
assert np.isclose(first.total, steps.sum()) and np.isclose(second.total, -steps.sum())
### END HIDDEN TESTS""",
    "04_twice-calls": """assert abs(twice(lambda t: t + 1.0, 3.0) - 5.0) < 1e-9
### BEGIN HIDDEN TESTS
a, b, start = map(float, np.random.default_rng(10).normal(size=3))
assert abs(twice(lambda t: a * t + b, start) - (a * (a * start + b) + b)) < 1e-9
### END HIDDEN TESTS""",
}


def make(root, source, assignment, *, inside, config=""):
    """The course, released: all graded cells checked, or with ``inside``, in the student's process."""
    (root / CONFIG).write_text(LINES + config, encoding="utf-8")
    notebook = read_source(source, Course(root).facts).notebook()
    for cell in notebook.cells:
        role = cell.metadata.get("nbgrader", {})
        cell.metadata.pop("tags", None)
        cell.source = CHECKS.get(role.get("grade_id"), cell.source)
        if role.get("grade_id") == "imports":
            cell.source = IMPORTS
    (root / "source" / assignment).mkdir(parents=True)
    nbformat.write(notebook, root / "source" / assignment / f"{assignment}.ipynb")
    course = Course(root)
    if inside:
        write_tiers(root, assignment, {assignment: {name: {"tier": "inside"} for name in CHECKS}})
    else:
        found, _ = check(course, assignment)
        assert all(item.works and item.tier == "apart" for item in found), [*map(str, found)]
    begin_gradebook(course.directories().db_url)  # nbgrader would start a process for it
    answer = course.api().generate_assignment(assignment)
    assert answer["success"], answer
    return course
