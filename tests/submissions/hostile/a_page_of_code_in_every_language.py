# %% [markdown] all="right" honest={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} keeps={"01_norm-values": 20.0, "02_cube-gradient": 20.0, "03_counter-sums": 20.0, "04_twice-calls": 20.0} says="norm"
# Fences that ask for lexers of languages with a way of their own to be slow.

# %% [markdown] answer="05_words"
# ```perl
# $a =~ s/((((((((
# ```
#
# ~~~html+django
# <!--<!--{{{{
# ~~~
#
# ```mermaid
# <img src=x onerror=PAYLOAD>
# ```

# %% [markdown] code=true times=20000
# %%html
# <!--

# %% [markdown] code=true times=20000
# %%perl
# <<a
