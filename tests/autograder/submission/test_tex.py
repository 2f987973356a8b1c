import pytest

from autograder.submission.tex import delimiters, is_tangled, reaches_beyond, within_formulas


@pytest.mark.parametrize(
    "command", ["href", "url", "require", "class", "style", "def", "newcommand", "csname", "bbox"]
)
def test_commands_that_reach_beyond_a_formula_show_and_do_nothing(command):
    text = rf"$a \{command}{{x}} b$"
    assert reaches_beyond(text)
    assert within_formulas(text) == rf"$a \ {command}{{x}} b$"
    assert not reaches_beyond(within_formulas(text))


@pytest.mark.parametrize("text", [r"\frac{a}{b}", r"\definitely", r"\classic", r"def \ def", r"\left( \urls"])
def test_other_commands_and_longer_names_stay(text):
    assert not reaches_beyond(text)
    assert within_formulas(text) == text


def test_every_sign_at_which_a_formula_may_begin_or_end_is_counted():
    assert delimiters(r"$a$ \(b\) \[c\] \begin{x}\end{x} $$d$$ \\( \{") == 2 + 1 + 1 + 1 + 4 + 1


@pytest.mark.parametrize(
    ("at_most", "one_more"),
    [
        (r"\\(" * 100, r"\\("),
        (r"\\[" * 100, r"\\["),
        (r"\begin{a}" * 100, r"\begin{a}"),
        ("$" * 1000, "$"),
        ("{" * 40, "{"),
        ("{" * 40 + "}" * 40, "{" * 41),
        ("{" * 40 + "}" * 40, "{" * 41 + "}" * 41),
        ("}" * 50 + "{" * 40, "{"),
        ("{}" * 500, "{" * 41),
        ("{}{{{}}}" + "{" * 40 + "}" * 3 + "{" * 3, "{"),
        ("}" + "{" * 40, "{"),
        ("{}" + "}}" + "{" * 40, "{"),
    ],
)
def test_a_hundred_formulas_a_thousand_signs_and_forty_braces_are_what_a_person_writes(at_most, one_more):
    assert not is_tangled(at_most)
    assert is_tangled(at_most + one_more)
