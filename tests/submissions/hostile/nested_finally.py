# %% [markdown] right=["03_counter"] honest={"01_norm-values": 5} says="of adding one"
# Eight levels of finally, of which a compiler makes code for minutes, in an answer and in a cell.

# %% answer="01_norm" made="'def norm(x):\\n' + nested(8)"


# %% made="'def f(x):\\n' + nested(8)"
