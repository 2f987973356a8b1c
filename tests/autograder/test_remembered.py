"""What is found out about texts is kept for a release, and forgotten of a submission."""

import pytest

from autograder.remembered import MOST, Memory, forget_the_rest, keep_what_is_known, remembered


def test_what_was_found_since_is_forgotten_and_what_was_known_is_not():
    asked = []
    memory = Memory(MOST)

    def find(text):
        asked.append(text)
        return len(text)

    memory.recall(("release",), find)
    memory.keep()
    assert memory.recall(("submission",), find) == memory.recall(("submission",), find) == 10
    memory.forget()
    memory.recall(("release",), find)
    memory.recall(("submission",), find)
    assert asked == ["release", "submission", "submission"]


def test_what_is_kept_is_there_again_although_it_had_to_make_room():
    memory = Memory(2)
    first = memory.recall(("release",), lambda text: [text])
    memory.keep()
    for number in range(5):
        memory.recall((str(number),), lambda text: [text])
    assert memory.recall(("release",), lambda text: None) is None
    memory.forget()
    assert memory.recall(("release",), lambda text: None) is first


def test_an_exception_is_not_remembered_and_all_functions_forget_together():
    answers = [MemoryError(), 3, 4]

    @remembered()
    def find(text):
        """What there is."""
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    keep_what_is_known()
    with pytest.raises(MemoryError):
        find("a")
    assert find("a") == find("a") == 3
    forget_the_rest()
    assert find("a") == 4
    assert find.__doc__ == "What there is."


def test_an_argument_by_name_is_refused_and_not_left_out():
    @remembered()
    def cut(text, longest=3):
        return text[:longest]

    assert cut("texts", 4) == "text"
    with pytest.raises(TypeError, match="cut is asked by position alone"):
        cut("texts", longest=4)
