# %% [markdown] right=["03_counter"] says="took too long"
# A cell stays inside one call of the interpreter, which no signal interrupts.

# %%
int("9" * 4000) ** 10**9 if False else sum(range(10**13))
