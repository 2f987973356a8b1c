# %% [markdown] keeps={"03_counter-sums": 20} honest={"03_counter-sums": 20} says="of adding one"
# Declarations of encodings, known, unknown and fatal.

# %% made="'# -*- coding: rot13 -*-\\nvzcbeg bf'"


# %% made="'# coding: utf-16\\nx = 1'"


# %% made="'# coding: ' + 'a' * 10_000 + '\\nx = 1'"


# %% made="'\ufeff# coding: latin-1\\nx = 1'"


# %% made="'# vim: set fileencoding=undefined :\\nx = 1'"


# %% answer="03_counter"
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, n):
        self.total += n
        return self.total
