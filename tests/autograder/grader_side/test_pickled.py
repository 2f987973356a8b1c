"""What a pickle may ask for while a graded cell runs."""

import datetime
import pickle
from fractions import Fraction

import numpy as np
import pytest

from autograder.grader_side.audited import audited
from autograder.grader_side.pickled import look_at_pickles


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_makes_plain_data_and_arrays_there_and_anything_elsewhere(protocol):
    plain = [{1, 2}, 1j, np.float64(2.0), datetime.date(2020, 1, 2), bytearray(b"x"), "é"]
    allowed = pickle.dumps([np.arange(3.0), *plain], protocol)
    other = pickle.dumps(Fraction(1, 2), protocol)
    with audited(look_at_pickles):
        assert pickle.loads(allowed)[1:] == plain
        with pytest.raises(PermissionError, match="could run code"):
            pickle.loads(other)
    assert pickle.loads(other) == Fraction(1, 2)


@pytest.mark.parametrize(
    "name", ["builtins.eval", "os.system", "numpy.f2py.compile", "builtins.setattr", "datetime.sys"]
)
def test_a_name_that_could_run_code_is_refused(name):
    asked = tuple(name.split(".", 1))
    with pytest.raises(PermissionError):
        look_at_pickles("pickle.find_class", asked)
    look_at_pickles("open", asked)
    look_at_pickles("pickle.find_class", ("builtins", "set", "and more"))
