import re
from pathlib import Path

import pytest

from autograder.submission import repairs
from autograder.submission.repairs import Repair, Repairs


def told(names, repair=Repair.FOUND_BY_TEXT, **words):
    made = Repairs()
    for name in names:
        made.add(repair, name, **words)
    return made.sentences()


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


def test_up_to_four_are_all_named():
    assert told("abcd")[0].endswith(": a, b, c and d.")
    assert told("abcde")[0].endswith(": a, b, c and 2 more.")


def test_every_kind_is_made_somewhere_and_every_kind_that_is_made_can_be_told():
    sources = Path(repairs.__file__).parent.glob("*.py")
    made = {name for path in sources for name in re.findall(r"\bRepair\.([A-Z_]+)", path.read_text())}
    assert made == set(Repair.__members__)


@pytest.mark.parametrize("repair", [repair for repair in Repair if repair is not Repair.MOVED])
def test_a_sentence_on_one_names_it_first_and_one_on_several_names_them_last(repair):
    words = {"times": 2, "kind": "raw", "own": "code"}
    assert re.fullmatch(r"Cell a [^{}:]+(: [^{}]+)?\.", told("a", repair, **words)[0])
    assert re.fullmatch(r"2 cells [^{}]+: a and b\.", told("ab", repair, **words)[0])


def test_what_has_no_name_is_told_without():
    assert told([""], Repair.MOVED) == ("Cells stood in another order; the released order was used.",)


def test_every_kind_can_be_told_of_one_and_of_several():
    for repair in Repair:
        words = {"times": 2, "kind": "raw", "own": "code"}
        assert len(told(["a"], repair, **words)) == len(told("ab", repair, **words)) == 1
