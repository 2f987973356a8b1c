# %% [markdown] right=["03_counter"] says="MemoryError|Unable to allocate|memory|killed"
# Arrays of four gigabytes are asked for and written to.

# %%
hog = np.ones(2**29)

# %%
hoard = [bytearray(2**24) for _ in range(200)]
