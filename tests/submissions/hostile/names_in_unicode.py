# %% [markdown] right=["03_counter"] says="of adding one"
# Names that are equal in a normal form, and characters that grow in it eighteenfold.

# %% made="'\ufb01' * 100_000 + ' = 1'"


# %% made="'n\u1d52rm = 1\\n\ud835\udc27\ud835\udc28\ud835\udc2b\ud835\udc26 = 2'"


# %% made="'# ' + '\ufdfa' * 300_000"


# %% made="'\u202e = 1'"


# %% made="'x' + '\u0301' * 100_000 + ' = 1'"


# %% made="'\\n'.join(f'v\u00e4{i} = {i}' for i in range(40_000))"
