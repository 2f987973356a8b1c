"""The tests on every Python that is promised and installed, with the newest and the oldest libraries.

``uvx --from "nox[uv]" nox`` runs a quick selection in each; ``... nox -- --whole`` the whole suite, and what
else follows ``--`` goes to pytest. A Python that is not installed is skipped.
"""

import nox

nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT, max_version="3.15")
# Where there are wheels of NumPy 1.26, which is the oldest that is promised.
OLDEST = PYTHONS[:2]
# The checker, what reads the gradebook and plain nbgrader, and a class from build to scores in each way.
QUICK = (
    *("tests/course_lib/gradcheck", "tests/autograder/doctor", "tests/autograder/gradebook/test_opening.py"),
    *("tests/autograder/grader_side/test_scoring.py", "tests/autograder/grading/test_grade.py"),
    "tests/autograder/plugins/test_grading.py::test_the_record_says_how_it_was_graded",
    "tests/autograder/rehearsal/test_demo.py::test_a_class_is_graded_as_its_answers_must_be",
    "tests/autograder/gradescope/test_gradescope.py::"
    "test_scores_are_those_of_the_known_answers_and_no_hidden_line_is_shown",
    *("-m", "not slow"),
)
VERSIONS = "import nbgrader, numpy; print('NumPy', numpy.__version__, 'nbgrader', nbgrader.__version__)"


@nox.session(python=PYTHONS)
def newest(session: nox.Session) -> None:
    """With the newest libraries that this Python can have."""
    install_and_test(session, "highest")


@nox.session(python=OLDEST)
def oldest(session: nox.Session) -> None:
    """With the lowest version of everything that pyproject.toml names: NumPy, nbgrader, and all others."""
    # An old library may use what a newer one, which it did not know, has deprecated.
    install_and_test(session, "lowest-direct", "-W", "ignore::DeprecationWarning")


def install_and_test(session: nox.Session, resolution: str, *options: str) -> None:
    """The suite, or its quick part, in an environment with everything that the tests use."""
    session.install("--resolution", resolution, "--group", "dev", "--editable", ".")
    session.run("python", "-c", VERSIONS)
    given = list(session.posargs)
    whole = "--whole" in given
    chosen = [argument for argument in given if argument != "--whole"]
    session.run("pytest", "-q", *options, *(chosen if whole or chosen else QUICK))
