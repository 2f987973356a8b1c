# %% [markdown] right=["03_counter"] says="Exceeds the limit|too large|of adding one"
# Numbers of more digits than Python converts, as integers, fractions and imaginary ones.

# %% made="'x = ' + '9' * 5000"


# %% made="'x = 1e' + '9' * 5000"


# %% made="'x = ' + '1' * 5000 + '.5'"


# %% made="'x = ' + '1' * 5000 + 'j'"


# %% made="'x = ' + '9' * 900_000"
