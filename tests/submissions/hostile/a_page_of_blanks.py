# %% [markdown] right="all" says="norm"
# Blanks, line feeds and entities without end.

# %% [markdown] answer="05_words" times=200000
#   	.

# %% [markdown] times=50000
# &amp;&#1

# %% [markdown] times=100000
# <!--
