# %% [markdown] right="all" says="norm"
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
