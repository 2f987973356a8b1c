"""Answers are written as edits where that is shorter, and mean what they meant."""

import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from shorter_answers import edit_between, main

from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.edits import edited
from autograder.sources.source import read_source

LINES = st.lists(
    st.sampled_from(["a = 1", "a = x[-1]", "    b = 2", "", "return a + b", "return a", "    if b:"]),
    min_size=1,
    max_size=12,
)


@given(LINES, LINES)
def test_the_edit_between_two_texts_makes_one_of_the_other(old, new):
    base, target = "\n".join(old), "\n".join(new)
    edit = edit_between(base, target)
    if edit.strip():
        assert edited(base, edit) == target
    else:
        assert base == target


@pytest.mark.parametrize(
    ("new", "edit"),
    [
        ("y = 2 * x\nreturn np.sum(y)", "# ~ return np.[-mean-]{+sum+}(y)"),
        ("y = 2 * x\nreturn 7", "# - return np.mean(y)\n# + return 7"),
        ("y = x\nreturn np.mean(y, 0)", "# ~ y = [-2 * -]x\n# ~ return np.mean(y{+, 0+})"),
        ("y = 2 * x\ny += 1\nreturn np.mean(y)", "#   y = 2 * x\n# + y += 1"),
        ("x = x + 1\ny = 2 * x\nreturn np.mean(y)", "# - y = 2 * x\n# + x = x + 1\n# + y = 2 * x"),
    ],
)
def test_a_line_shows_its_change_where_most_of_it_stays(new, edit):
    assert edit_between("y = 2 * x\nreturn np.mean(y)", new) == edit


WRONG = """
# %% wrong="{title}" points={{"05_l1-values": 0}} says="value"
def l1(W, lam):
    size = np.abs(W) / 2
    return {value} * size.sum(), lam * np.sign(W)
"""


def test_a_file_is_shortened_with_its_headers_order_and_answers(tmp_path, capsys):
    folder = Path(__file__).parents[2] / "solutions" / "04_two_layer_net"
    copy = shutil.copy(next(folder.glob("*.py")), tmp_path)
    path = tmp_path / "answers" / "05_l1.py"
    path.parent.mkdir()
    path.write_text(WRONG.format(title="halved", value="lam") + WRONG.format(title="twice", value="lam * 2"))
    source = read_source(Path(copy))
    before = load_answers(source)
    main([str(path)])
    assert load_answers(source) == before
    text = path.read_text(encoding="utf-8")
    assert '# %% wrong="twice" of="halved" points=' in text
    assert "# ~     return lam{+ * 2+} * size.sum(), lam * np.sign(W)" in text
    assert "lines" in capsys.readouterr().out
    main([str(path)])
    assert path.read_text(encoding="utf-8") == text
