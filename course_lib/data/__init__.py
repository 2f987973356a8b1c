"""Data for the notebooks: bundled digits, toy problems drawn from a seed, and CIFAR-10 from local files."""

from course_lib.data.cifar import cifar10
from course_lib.data.digits import digits
from course_lib.data.split import Split
from course_lib.data.toys import circles, one_dimensional_curve, paws, spirals, xor

__all__ = ["Split", "cifar10", "circles", "digits", "one_dimensional_curve", "paws", "spirals", "xor"]
