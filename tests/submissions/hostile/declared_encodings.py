# %% [markdown] right=["03_counter"] says="of adding one"
# Declarations of encodings, known, unknown and fatal.

# %% made="'# -*- coding: rot13 -*-\\nvzcbeg bf'"


# %% made="'# coding: utf-16\\nx = 1'"


# %% made="'# coding: ' + 'a' * 10_000 + '\\nx = 1'"


# %% made="'\ufeff# coding: latin-1\\nx = 1'"


# %% made="'# vim: set fileencoding=undefined :\\nx = 1'"
