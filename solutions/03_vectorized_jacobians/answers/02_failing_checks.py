# %% right="read off from a list"
def failing_checks():
    listed = "float32", "step too large", "kink", "wrong derivative", "step too small"
    return dict(zip("ABCDE", listed, strict=True))


# %% right="one after the other"
def failing_checks():
    reasons = {"D": "wrong derivative", "C": "kink", "A": "float32"}
    for case, size in (("B", "large"), ("E", "small")):
        reasons[case] = "step too " + size
    return reasons


# %% wrong="a derivative is blamed that is right" of="solution" points={"02_failing_checks-reasons": 0.75} says="you say C"
# ~         "C": "[-kink-]{+wrong derivative+}",
# ~         "D": "[-wrong derivative-]{+kink+}",
# %% wrong="the two steps exchanged" of="solution" points={"02_failing_checks-reasons": 1.25} says="a smaller step cures it"
# ~         "B": "step too [-large-]{+small+}",
# ~         "E": "step too [-small-]{+large+}",
# %% wrong="every derivative is wrong" points={"02_failing_checks-reasons": 0} says="you say A and B and C and D and E" warned="3.2"
def failing_checks():
    return dict.fromkeys("ABCDE", "wrong derivative")


# %% wrong="letters of its own" of="solution" points={"02_failing_checks-reasons": 0} says="KeyError" warned="3.2"
# ~         "[-A-]{+a+}": "float32",
# ~         "[-B-]{+b+}": "step too large",
# ~         "[-C-]{+c+}": "kink",
# ~         "[-D-]{+d+}": "wrong derivative",
# ~         "[-E-]{+e+}": "step too small",
