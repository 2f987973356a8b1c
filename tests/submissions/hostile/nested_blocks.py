# %% [markdown] right=["03_counter"] says="too many statically nested blocks|IndentationError"
# Loops, conditions, with and try, as deep as Python indents and deeper.

# %% made="ladder('while 0:\\n', 19)"


# %% made="ladder('if 0:\\n', 99)"


# %% made="ladder('for x in y:\\n', 150)"


# %% made="ladder('with (a as b, c as d):\\n', 90)"


# %% made="ladder('try:\\n', 80)"
