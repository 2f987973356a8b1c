# %% [markdown] right=["03_counter"] says="of adding one"
# A number of 4,000 hexadecimal digits, which cannot be shown in decimal ones.

# %% made="'x = 0x' + 'f' * 4000"


# %% made="'y = ' + '0b' + '1' * 100000"


# %% answer="01_norm" made="'def norm(x):\\n    return 0x' + 'f' * 15000"
