"""Each source file has a test file of its own beside it, but for those listed here: the list only shrinks.

A new file comes with its tests. How much the tests beside a file notice is measured by its mutants
(``benchmarks/own_mutants.py``), not by this.
"""

from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
MOST = 54  # never raised

# Without a test file of their own, by folder: parts of one thing, which is tested as a whole, first of all by
# the file that is named.
TESTED_TOGETHER = {
    "autograder": (
        "tests/test_readme.py",
        "errors installed watch",
    ),
    "autograder/batch": (
        "tests/autograder/batch/test_run.py",
        "lock",
    ),
    "autograder/doctor": (
        "tests/autograder/doctor/test_doctor.py",
        "built examination finding machine",
    ),
    "autograder/editions": (
        "tests/autograder/editions/test_kit.py",
        "wheel",
    ),
    "autograder/exchange": (
        "tests/autograder/plugins/test_exchange.py",
        "returning",
    ),
    "autograder/exports": (
        "tests/autograder/exports/test_export.py",
        "formats roster standing",
    ),
    "autograder/feedback": (
        "tests/autograder/feedback/test_page.py",
        "advice model outputs rendering",
    ),
    "autograder/gradebook": (
        "tests/autograder/gradebook/test_writer.py",
        "cells",
    ),
    "autograder/gradescope": (
        "tests/autograder/gradescope/test_gradescope.py",
        "__main__ archive libraries results",
    ),
    "autograder/grading": (
        "tests/autograder/grading/test_grade.py",
        "steps task tiers warm",
    ),
}


def without_tests():
    for package in ("autograder", "course_lib"):
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            place = path.parent.relative_to(REPOSITORY)
            if (
                path.name != "__init__.py"
                and not (REPOSITORY / "tests" / place / f"test_{path.name}").exists()
            ):
                yield f"{place.as_posix()}/{path.stem}"


def test_each_source_file_has_a_test_file_or_is_listed_and_nothing_is_listed_in_vain():
    listed = {f"{place}/{name}" for place, (_, names) in TESTED_TOGETHER.items() for name in names.split()}
    assert set(without_tests()) == listed
    assert len(listed) <= MOST


def test_what_is_tested_together_is_tested_where_it_says():
    assert [test for test, _ in TESTED_TOGETHER.values() if not (REPOSITORY / test).is_file()] == []
