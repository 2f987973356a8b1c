"""A source's exercises are listed with their effort, and with what typing a printed formula would earn."""

import pytest

from autograder.errors import CourseError
from autograder.sources.exercises import BEGIN, END, exercises, put_into, table, transcription
from autograder.sources.source import read_source

SOURCE = """# %% [markdown]
# # The lot
#
# | exercise | what you do |
# |---|---|
# | 1.1 | a pair |

# %% [markdown]
# ## 1.1 Pairs (60 points, ★★, 15 minutes)

# %% answer="01_first" formula="given"
### BEGIN SOLUTION
first = 1
### END SOLUTION

# %% answer="01_second" formula="withheld"
### BEGIN SOLUTION
second = 2
### END SOLUTION

# %% graded="01_first-values" points=20
checks = Checks()
with checks("one", points=20):
    assert first == 1
checks.score()

# %% graded="01_both" points=40
checks = Checks()
with checks("both", points=40):
    assert first < second
checks.score()

# %% [markdown]
# ## 1.2 In words (40 points)

# %% [markdown] written="02_words" points=40
# ### BEGIN SOLUTION
# So.
# ### END SOLUTION
"""


def read(source_path, text):
    source_path.write_text(text, encoding="utf-8")
    return exercises(read_source(source_path))


def test_what_a_heading_says_and_what_an_answer_says_stand_in_one_row(source_path):
    pairs, words = read(source_path, SOURCE)
    assert (pairs.number, pairs.title, pairs.trains) == ("1.1", "Pairs", "a pair")
    assert (pairs.points, pairs.stars, pairs.minutes, pairs.formula) == (60.0, 2, 15, "given: `first`")
    assert (words.number, words.points, words.stars, words.minutes, words.formula) == ("1.2", 40.0, 0, 0, "")
    assert "| 1.1 Pairs | a pair | 60 | ★★ | 15 | given: `first` |" in table([pairs, words]).splitlines()


def test_a_cell_on_several_answers_counts_by_their_share(source_path):
    found = read(source_path, SOURCE)
    assert found[0].given == 20 + 40 / 2
    assert transcription(found) == "40 of 60 automatic points type a printed formula (67 %)"
    unsaid = read(source_path, SOURCE.replace(' formula="withheld"', ""))
    assert transcription(unsaid).endswith("(67 %); answers worth 20 do not say (formula=)")


def test_where_no_heading_has_a_number_no_share_is_told():
    assert transcription([]) == "no exercise with automatic points has a heading with its number"


def test_a_table_is_put_between_the_comments_of_a_page_and_nowhere_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"Before\n\n{BEGIN}\n\nold\n\n{END}\nafter\n", encoding="utf-8")
    put_into(page, "new")
    once = page.read_text(encoding="utf-8")
    assert once == f"Before\n\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    put_into(page, "new")
    assert page.read_text(encoding="utf-8") == once
    page.write_text(f"{END}{BEGIN}", encoding="utf-8")
    with pytest.raises(CourseError, match="once each and in this order"):
        put_into(page, "new")
