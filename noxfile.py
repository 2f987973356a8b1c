"""The tests on every Python that is promised and installed, with the newest and the oldest libraries.

``uvx --from "nox[uv]" nox`` runs a quick selection in each; ``... nox -- --whole`` the whole suite, and what
else follows ``--`` goes to pytest. A Python that is not installed is skipped.
"""

import nox

nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT, max_version="3.14")
# Where there are wheels of NumPy 1.26, which is the oldest that is promised.
OLDEST = PYTHONS[:2]
# The checker, grading, what reads the gradebook and plain nbgrader, and a class from build to scores.
QUICK = (
    *("tests/course_lib/gradcheck", "tests/autograder/doctor", "tests/autograder/grading"),
    *("tests/autograder/gradebook/test_opening.py", "tests/autograder/grader_side/test_scoring.py"),
    *("tests/autograder/plugins/test_grading.py", "tests/autograder/gradescope/test_gradescope.py"),
    *("tests/autograder/rehearsal/test_demo.py", "-m", "not slow"),
)


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
    session.run("uv", "pip", "list", "--quiet", "--python", session.virtualenv.location, external=True)
    given = list(session.posargs)
    whole = "--whole" in given
    chosen = [argument for argument in given if argument != "--whole"]
    session.run("pytest", "-q", *options, *(chosen if whole or chosen else QUICK))
