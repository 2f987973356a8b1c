# %% [markdown] right="all" says="norm"
# Emphasis and code that begin and never end.

# %% [markdown] answer="05_words" times=30000
# ***a**b _c `` d ~~
