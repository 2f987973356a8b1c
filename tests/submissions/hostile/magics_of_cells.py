# %% [markdown] right=["03_counter"] says="of adding one"
# Cells that are magics as a whole, in one another.

# %% made="'%%capture\\n' * 100 + '1'"


# %% made="'%%time\\n%%timeit -n1 -r1\\n%%prun\\n1'"


# %% made="'%%writefile /tmp/hostile-file\\n' + 'a' * 100_000"


# %% made="'%%bash\\nsleep 0'"


# %% made="'%%javascript\\nalert(1)'"


# %% answer="01_norm" made="'%%capture x\\ndef norm(x):\\n    return x'"


# %% made="'np' + '?' * 10_000"


# %% made="'%run ' * 1000"


# %% made="'%alias ' + 'a ' * 10_000"
