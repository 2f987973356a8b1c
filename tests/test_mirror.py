"""Each source file has a test file of its own beside it, but for those listed here: the list only shrinks.

A new file comes with its tests. One that has none yet is held by the tests of its folder and of the whole
system; mutants of the project's own code (``benchmarks/own_mutants.py``) say which of them notice what.
"""

from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PACKAGES = ("autograder", "course_lib")

# What has no test file of its own, by the reason why.
HELD_ELSEWHERE = {
