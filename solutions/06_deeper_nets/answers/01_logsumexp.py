# %% right="by np.logaddexp, and softmax anew"
def logsumexp(z):
    return np.logaddexp.reduce(z, axis=1), z


def logsumexp_backward(dvalue, cache):
    z = cache
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return p * dvalue.reshape(-1, 1)


# %% right="row by row"
def logsumexp(z):
    values, slopes = [], []
    for row in z:
        top = max(row)
        terms = [np.exp(number - top) for number in row]
        values.append(top + np.log(sum(terms)))
        slopes.append([term / sum(terms) for term in terms])
    return np.array(values), slopes


def logsumexp_backward(dvalue, cache):
    return np.array(
        [[upstream * slope for slope in row] for upstream, row in zip(dvalue, cache, strict=True)]
    )


# %% wrong="no shift: overflows at 1e4" of="solution" warned="6.1" points={"01_logsumexp-values": 4} cause="non-finite"
# ~     largest = [-z.max(axis=1)-]{+np.zeros(len(z))+}
# %% wrong="the gradient by exponentials without a shift" of="the gradient of a hard maximum" warned="6.1" points={"01_logsumexp-values": 4} cause="non-finite"
# ~     return dvalue[:, np.newaxis] * ([-z == z.max-]{+np.exp(z) / np.exp(z).sum+}(axis=1, keepdims=True))
# %% wrong="dvalue lines up with the columns" of="solution" warned="6.1" points={"01_logsumexp-values": 2} says="ValueError"
# ~     return dvalue[-[:, np.newaxis]-] * np.exp(z - value[:, np.newaxis])
# %% wrong="the largest is not added back" of="solution" points={"01_logsumexp-values": 0.5} says="value is wrong"
# ~     value =[- largest +-] np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
# %% wrong="ignores dvalue" of="solution" points={"01_logsumexp-values": 1.5} cause="upstream gradient ignored"
# ~     return[- dvalue[:, np.newaxis] *-] np.exp(z - value[:, np.newaxis])
# %% wrong="the gradient of a hard maximum" of="solution" points={"01_logsumexp-values": 1.5} cause="local derivative wrong"
# ~     z, [-value-]{+_value+} = cache
# ~     return dvalue[:, np.newaxis] * [-np.exp-](z [-- value[:, np.newaxis])-]{+== z.max(axis=1, keepdims=True))+}
# %% wrong="a mean of exponentials instead of their sum" of="solution" points={"01_logsumexp-values": 0.5} says="yours is 4 x the numerical gradient, and N = 4 is the length of axis 1"
# ~     value = largest + np.log(np.[-sum-]{+mean+}(np.exp(z - largest[:, np.newaxis]), axis=1))
# %% wrong="value of shape (N, 1)" of="solution" points={"01_logsumexp-values": 2} cause="wrong shape"
# ~     return value{+[:, np.newaxis]+}, (z, value)
# %% wrong="z is changed in place" of="solution" points={"01_logsumexp-values": 3.5} cause="mutated argument"
#       largest = z.max(axis=1)
# +     z -= largest[:, np.newaxis]
# ~     value =[- largest +-] np.log(np.sum(np.exp(z[- - largest[:, np.newaxis]-]), axis=1))
# ~     return{+ largest ++} value, (z, value)
# %% wrong="a small number inside the logarithm" of="solution" points={"01_logsumexp-values": 0.5} says="is a small constant, as against division by zero or in"
# ~     value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1){+ + 1e-6+})
