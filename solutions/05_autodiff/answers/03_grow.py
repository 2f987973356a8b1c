# %% base="as most write it"
def grow(balance, rate, threshold, target):
    while balance < target:
        balance = balance + rate * balance * (1 if balance < threshold else 2)
    return balance


# %% right="a factor, chosen each turn"
def grow(balance, rate, threshold, target):
    while True:
        if not balance < target:
            return balance
        balance = balance * (1 + rate if balance < threshold else 1 + rate + rate)


# %% right="two loops, one after the other" of="as most write it"
#   def grow(balance, rate, threshold, target):
# +     while balance < target and balance < threshold:
# +         balance = balance + balance * rate
# -         balance = balance + rate * balance * (1 if balance < threshold else 2)
# +         balance = balance + balance * rate * 2
# %% wrong="converted to floats" of="as most write it" warned="5.3" points={"03_grow-gradients": 0} says="is wrong"
#   def grow(balance, rate, threshold, target):
# +     balance, rate = getattr(balance, "value", balance), getattr(rate, "value", rate)
# +     balance, rate = float(getattr(balance, "data", balance)), float(getattr(rate, "data", rate))
# ~         balance [-= balance +-]{++=+} rate * balance * (1 if balance < threshold else 2)
# %% wrong="one turn too many" of="as most write it" points={"03_grow-numbers": 0, "03_grow-gradients": 0} says="is wrong"
# ~     return balance{+ + rate * balance * (1 if balance < threshold else 2)+}
# %% wrong="the bonus is forgotten" of="as most write it" points={"03_grow-numbers": 0, "03_grow-gradients": 0} says="is wrong"
# ~         balance = balance + rate * balance[- * (1 if balance < threshold else 2)-]
# %% wrong="the threshold itself gets no bonus" of="as most write it" points={"03_grow-numbers": 1} says="is wrong"
# ~         balance = balance + rate * balance * ([-1-]{+2+} if balance [-<-]{+>+} threshold else [-2-]{+1+})
