"""Each source file has a test file of its own beside it: ``tests/<folder>/test_<file>.py``.

How much these notice is measured by mutants (``benchmarks/own_mutants.py``), not by this.
"""

from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def without_tests():
    for package in ("autograder", "course_lib"):
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            place = path.parent.relative_to(REPOSITORY)
            if (
                path.name != "__init__.py"
                and not (REPOSITORY / "tests" / place / f"test_{path.name}").exists()
            ):
                yield f"{place.as_posix()}/{path.stem}"


def test_each_source_file_has_a_test_file():
    assert list(without_tests()) == []
