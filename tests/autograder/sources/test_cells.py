"""A file in percent format is read into cells and their lines, or refused with file, line and reason."""

import pytest

from autograder.errors import CourseError
from autograder.sources.cells import read_cells


def read(tmp_path, text):
    path = tmp_path / "cells.py"
    path.write_text(text, encoding="utf-8")
    return [(line, cell.cell_type, cell.source) for line, cell in read_cells(path)]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("# %%\nx = 1\n#%%\ny = 2\n", 3, "a header begins with `# %%` and a space, not with `#%%`"),
        ("# %%\nif x:\n    # %% y\n    y = 2\n", 3, "and a space, not with `    # %% y`"),
        ("# %%\nx = 1\n# %%% y\n", 3, "and a space, not with `# %%% y`"),
        ("# %%\nx = 1\n\n# In[2]:\ny = 2\n", 4, "and a space, not with `# In[2]:`"),
        ('# %%\nx = 1\n\n# %%graded="01-x" points=2\n', 4, 'not with `# %%graded="01-x" po`'),
        ("# %%\nx = 1\n\n# %%[markdown]\n# Text.\n", 4, "not with `# %%[markdown]`"),
        ('# %%\nx = 1\n\n# % answer="01_x"\n', 4, 'not with `# % answer="01_x"`'),
        ('# %%\nx = 1\n\n%% answer="01_x"\n', 4, 'not with `%% answer="01_x"`'),
        ("# %%\nx = 1\n\n# % [markdown]\n# Text.\n", 4, "not with `# % [markdown]`"),
        ('# %% readonly="01_x" title\nx = 1\n', 1, "'title' in a header is neither [markdown] nor a key"),
        ("\n# Copyright\n\n# %%\nx = 1\n", 2, "text before the first `# %%` header belongs to no cell"),
        ("x = 1\n", 1, "text before the first `# %%` header belongs to no cell"),
        ("# %% [markdown]\n# Text.\n\nx = 1\n", 4, "'x = 1' in a text cell does not begin with `# `"),
        ("# %% [markdown]\n# Text.\nx = 1", 3, "'x = 1' in a text cell does not begin with `# `"),
        ('# %% [markdown]\n# Text.\n"""\n\n# %%\nx = 1\n', 3, "in a text cell does not begin with `# `"),
        (
            "# %% [markdwon]\n# Text.\n",
            1,
            "'[markdwon]' in a header is neither [markdown] nor a key and value",
        ),
        ("# %% [markdown]\n# a\0b\n", 2, "this line has a NUL character in it"),
        ("# %%\nx = 'a\u2028b'\n", 2, r"'\u2028' breaks this line in two"),
        ("# -*- coding: latin-1 -*-\n# %%\nx = 1\n", 1, "Encodings other than utf-8 are not supported"),
        ("# ---\n# jupyter:\n#   x: [\n# ---\n# %%\nx = 1\n", 1, "while parsing a flow node expected"),
    ],
)
def test_what_would_be_lost_or_taken_for_something_else_is_refused(tmp_path, text, line, reason):
    with pytest.raises(CourseError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'cells.py'}:{line}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_source_in_another_encoding_is_refused_with_its_line_and_what_to_do(tmp_path, encoding):
    (path := tmp_path / "cells.py").write_bytes("# %%\nx = 1\ny = 'ä'\n".encode(encoding))
    with pytest.raises(CourseError) as caught:
        read_cells(path)
    assert str(caught.value) == (
        f"{path}:3: not UTF-8 text (invalid continuation byte at byte 16); save it as that"
    )


@pytest.mark.parametrize(
    ("first", "kind", "source"),
    [
        ('# %%\nx = """\n# %% a\n"""\n', "code", 'x = """\n# %% a\n"""'),
        ('# %%\nx = """\n```\n"""\n', "code", 'x = """\n```\n"""'),
        ("# %%\n%time\n# %matplotlib inline\n", "code", "%time\n%matplotlib inline"),
        ("# %% [markdown]\n# ```\n# %% a\n# ```\n", "markdown", "```\n%% a\n```"),
        ('# %% [markdown]\n"""\nText.\n# %% a\n"""\n', "markdown", "Text.\n# %% a"),
        ("\n\n# %%\n%time\n", "code", "%time"),
        ("# %% [markdown]\n#\n\n# Text.\n", "markdown", "\n\nText."),
    ],
)
def test_lines_are_told_right_after_what_only_looks_like_a_header(tmp_path, first, kind, source):
    place = 1 + len(first) - len(first.lstrip())
    assert read(tmp_path, f"{first}# %%\ny = 2\n") == [
        (place, kind, source),
        (1 + first.count("\n"), "code", "y = 2"),
    ]


def test_an_empty_file_has_no_cells(tmp_path):
    assert read(tmp_path, "\n") == []
