"""Each source file has a test file of its own beside it, but for those listed here: the list only shrinks.

A new file comes with its tests. How much the tests beside a file notice is measured by its mutants
(``benchmarks/own_mutants.py``), not by this.
"""

from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
MOST = 29  # never raised

# Without a test file of their own, by folder: parts of one thing, which is tested as a whole, first of all by
# the file that is named.
TESTED_TOGETHER = {
    "autograder": (
        "tests/test_readme.py",
        "errors",
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
