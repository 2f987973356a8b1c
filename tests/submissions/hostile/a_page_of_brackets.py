# %% [markdown] right="all" says="norm"
# A written answer of brackets, ten times longer than renderers of Markdown bear.

# %% [markdown] answer="05_words" times=60000
# [[![a](
