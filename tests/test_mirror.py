"""Each source file has a test file of its own beside it: ``tests/<folder>/test_<file>.py``.

Where its tests are too many for one file, there are some by theme: ``test_<file>_<theme>.py``.
How much these notice is measured by mutants (``benchmarks/own_mutants.py``), not by this.
"""

import re
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
LONGEST = 350


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


def test_no_file_is_too_long_to_be_found_by_its_name():
    """In a longer one are several themes; what is looked for is then behind a name that says another."""
    lines = {
        path.relative_to(REPOSITORY).as_posix(): len(path.read_bytes().splitlines())
        for folder in ("autograder", "benchmarks", "course_lib", "tests")
        for path in (REPOSITORY / folder).rglob("*.py")
    }
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


# On either side of the wall there is one, for the same.
ON_BOTH_SIDES = {"TimeLimit", "Translator"}


def test_each_name_of_a_class_is_the_name_of_one_thing():
    found = Counter(
        name
        for folder in ("autograder", "course_lib")
        for path in (REPOSITORY / folder).rglob("*.py")
        for name in re.findall(r"^class ([A-Z]\w*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {name for name, count in found.items() if count > 1} == ON_BOTH_SIDES
