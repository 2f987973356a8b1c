import pytest

from autograder.grader_side.limits import Limits


@pytest.mark.parametrize("name", vars(Limits()))
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_each_limit_is_more_than_nothing(name, value):
    with pytest.raises(ValueError, match=f"limits: {name} should be more than 0, not"):
        Limits(**{name: value})
