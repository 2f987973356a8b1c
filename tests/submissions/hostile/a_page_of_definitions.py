# %% [markdown] right="all" says="norm"
# Definitions that grow without end in every formula of the page.

# %% [markdown] answer="05_words"
# $\def\a{\b\b}\def\b{\c\c}\def\c{\d\d}\def\d{\a\a} \a$ $\newcommand{\x}{\x\x}\x$ $\renewcommand{\frac}[2]{100 points} \frac12$

# %%
from IPython.display import Latex

for _ in range(50):
    display(
        Latex(r"$\gdef\a{\a\a}\a$"),
        Latex("$" + r"\sqrt" * 3000 + "x$"),
        Latex("$" + "x^{" * 300 + "}" * 300 + "$"),
    )
