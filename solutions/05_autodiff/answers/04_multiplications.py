# %% right="counted in loops"
def multiplications(n):
    value = reverse = 0
    for _ in range(n - 1):
        value += 1
        reverse += 1 + 2
    return value, n * reverse, reverse


# %% right="pass by pass, on fingers"
def multiplications(n):
    value = forward = reverse = 0
    for _ in range(n - 1):
        value, reverse = value + 1, reverse + 3
    for _ in range(n):
        for _ in range(n - 1):
            forward += 3
    return value, forward, reverse


# %% right="from the cost of one step"
def multiplications(n):
    dual_step = 3
    return [n - 1, n * (n - 1) * dual_step, (n - 1) + 2 * (n - 1)]


# %% wrong="n steps instead of n - 1" points={"04_multiplications-values": 0} says="is wrong"
def multiplications(n):
    return n, 3 * n * n, 3 * n


# %% wrong="the values are left out" of="n steps instead of n - 1" points={"04_multiplications-values": 1} says="is wrong"
# ~     return n[-, 3-]{+ - 1, 2+} * n * [-n, 3-]{+(n - 1), 2+} * [-n-]{+(n - 1)+}
# %% wrong="one pass in forward mode" of="n steps instead of n - 1" points={"04_multiplications-values": 2} says="is wrong"
# ~     return n{+ - 1+}, 3 * [-n * n-]{+(n - 1)+}, 3 * [-n-]{+(n - 1)+}
# %% wrong="a reverse pass for each input" of="n steps instead of n - 1" points={"04_multiplications-values": 2} says="is wrong"
# ~     return n{+ - 1+}, 3 * n * [-n, 3-]{+(n - 1), (n - 1) + 2+} * n{+ * (n - 1)+}
