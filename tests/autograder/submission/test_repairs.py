from autograder.submission.repairs import Repair, Repairs


def told(names, repair=Repair.FOUND_BY_TEXT, **words):
    repairs = Repairs()
    for name in names:
        repairs.add(repair, name, **words)
    return repairs.sentences()


def test_one_cell_has_a_sentence_of_its_own():
    assert told(["a"]) == ("Cell a had lost its name and was found by its text.",)
    assert told(["a", "a"]) == told(["a"])
    assert told(["a"], Repair.STANDS_SEVERAL_TIMES, times=3) == (
        "Cell a stands 3 times; the last edited one counts.",
    )


def test_several_cells_share_one_and_the_first_are_named():
    assert told("ab") == ("2 cells had lost their names and were found by their text: a and b.",)
    assert told(range(61)) == (
        "61 cells had lost their names and were found by their text: 0, 1, 2 and 58 more.",
    )


def test_a_name_is_printed_as_it_is_safe_to_print():
    assert told(["a\x1b[2J\n"]) == ("Cell a�[2J� had lost its name and was found by its text.",)


def test_every_kind_can_be_told_of_one_and_of_several():
    for repair in Repair:
        words = {"times": 2, "kind": "raw", "own": "code"}
        assert len(told(["a"], repair, **words)) == len(told("ab", repair, **words)) == 1
