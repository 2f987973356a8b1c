# %% [markdown] right=["03_counter"] says="no Unicode text" raw="surrogates"
# Halves of characters in sources, names and ids.
