"""The translator of plain messages refuses whatever is not plain."""

import pytest

from autograder.student_side.frames import WireError
from autograder.student_side.translator import Plain
from autograder.student_side.wire import Encoder
from tests.autograder.student_side.crossing import received


def test_what_is_not_plain_is_refused_by_its_type():
    encoder = Encoder(Plain())
    with pytest.raises(WireError, match="a value of type complex is not plain data"):
        Plain().encode(1j, encoder, 0)
    with pytest.raises(WireError, match="a value is not plain data"):
        Plain().decode(b"h", received(1), 0)


def test_nothing_is_marked():
    encoder = Encoder(Plain())
    Plain().mark([], encoder)
    assert encoder.items == []
    assert not Plain.marks
    assert Plain.deepest == 32
