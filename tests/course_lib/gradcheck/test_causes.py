from course_lib import Cause


def test_every_cause_has_a_short_name_of_its_own():
    names = [str(cause) for cause in Cause]
    assert len(set(names)) == len(names) > 30
    assert all(name and len(name) <= 45 and "Cause" not in name for name in names)


def test_two_causes_are_both_named():
    both = Cause.DROPPED_PATH | Cause.OVERWRITTEN
    assert str(both) == "overwritten or dropped path"
    assert Cause.DROPPED_PATH in both
