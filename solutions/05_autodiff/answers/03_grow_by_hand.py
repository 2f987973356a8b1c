# %% right="the list holds the factors"
def grow_by_hand(balance, rate, threshold, target):
    steps = []
    while balance < target:
        times = 1 if balance < threshold else 2
        steps.append((times, balance))
        balance *= 1 + times * rate
    dbalance, drate = 1.0, 0.0
    for times, before in steps[::-1]:
        drate = drate + dbalance * times * before
        dbalance = dbalance * (1 + times * rate)
    return balance, dbalance, drate


# %% right="derivatives carried forward"
def grow_by_hand(balance, rate, threshold, target):
    dbalance, drate = 1.0, 0.0
    while balance < target:
        times = 1 if balance < threshold else 2
        drate = (1 + times * rate) * drate + times * balance
        dbalance = (1 + times * rate) * dbalance
        balance = (1 + times * rate) * balance
    return balance, dbalance, drate


# %% wrong="the rate keeps its last share only" of="solution" points={"03_grow_by_hand-values": 0.75, "03_grow_by_hand-elsewhere": 0.75} says="is wrong"
# -
# @
# ~         drate [-+-]= times * before * dbalance
# %% wrong="the list is walked forwards" of="solution" points={"03_grow_by_hand-values": 0.75, "03_grow_by_hand-elsewhere": 0.75} says="is wrong"
# -
# @
# ~     for before in [-reversed(-]seen[-)-]:
# %% wrong="the balance after the turn instead of before" of="solution" points={"03_grow_by_hand-values": 0.75, "03_grow_by_hand-elsewhere": 0.75} says="is wrong"
# ~         [-seen.append(-]{+times = 1 if +}balance[-)-]{+ < threshold else 2+}
# ~         balance = balance + [-(1 if balance < threshold else 2)-]{+times+} * rate * balance
# -
# +         seen.append((times, balance))
# ~     for [-before-]{+times, after+} in reversed(seen):
# -         times = 1 if before < threshold else 2
# @
# ~         drate += times * [-before-]{+after+} * dbalance
# %% wrong="the derivative by the rate is measured" points={"03_grow_by_hand-values": 0.75, "03_grow_by_hand-elsewhere": 0.75} says="is wrong"
def grow_by_hand(balance, rate, threshold, target):
    def final(rate):
        now = balance
        while now < target:
            now = now + (1 if now < threshold else 2) * rate * now
        return now

    h = 1e-4
    return final(rate), final(rate) / balance, (final(rate + h) - final(rate - h)) / (2 * h)
