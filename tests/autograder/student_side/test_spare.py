"""Memory kept back until student code has taken all the rest."""

import gc
import resource
import sys
import weakref

import pytest
from forks import found_in_a_fork

from autograder.student_side import spare
from autograder.student_side.spare import BYTES, Spare

if sys.platform != "linux":
    pytest.skip("address space is limited on Linux", allow_module_level=True)


def in_use():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def test_what_is_given_up_is_there_for_others_and_can_be_kept_again():
    def measured():
        gc.collect()
        sizes = [in_use()]
        one = Spare()
        for change in (lambda: None, one.keep, one.give_up, one.give_up, one.keep):
            change()
            sizes.append(in_use())
        return [size - sizes[0] for size in sizes]

    assert BYTES == 16 * 2**20
    assert found_in_a_fork(measured) == [0, BYTES, BYTES, 0, 0, BYTES]


def test_what_is_rubbish_is_collected_when_it_is_given_up():
    class Rubbish:
        pass

    gc.disable()
    try:
        rubbish = Rubbish()
        rubbish.itself, seen = rubbish, weakref.ref(rubbish)
        del rubbish
        Spare().give_up()
        assert seen() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("error", [OSError, MemoryError])
def test_where_there_is_no_room_nothing_is_kept(monkeypatch, error):
    def refuses(number, size):
        raise error

    one = Spare()
    one.give_up()
    with monkeypatch.context() as patched:
        patched.setattr(spare.mmap, "mmap", refuses)
        one.keep()
        assert one._kept is None
    one.keep()
    assert len(one._kept) == BYTES
    one.give_up()
