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


# %% wrong="no shift: overflows at 1e4" warned="6.1" points={"01_logsumexp-values": 4} cause="non-finite"
def logsumexp(z):
    largest = np.zeros(len(z))
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])


# %% wrong="the gradient by exponentials without a shift" warned="6.1" points={"01_logsumexp-values": 4} cause="non-finite"
def logsumexp(z):
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, _value = cache
    return dvalue[:, np.newaxis] * (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))


# %% wrong="dvalue lines up with the columns" warned="6.1" points={"01_logsumexp-values": 2} says="ValueError"
def logsumexp(z):
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return dvalue * np.exp(z - value[:, np.newaxis])


# %% wrong="the largest is not added back" points={"01_logsumexp-values": 0.5} says="value is wrong"
def logsumexp(z):
    largest = z.max(axis=1)
    value = np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])


# %% wrong="ignores dvalue" points={"01_logsumexp-values": 1.5} cause="upstream gradient ignored"
def logsumexp(z):
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return np.exp(z - value[:, np.newaxis])


# %% wrong="the gradient of a hard maximum" points={"01_logsumexp-values": 1.5} cause="local derivative wrong"
def logsumexp(z):
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, _value = cache
    return dvalue[:, np.newaxis] * (z == z.max(axis=1, keepdims=True))


# %% wrong="a mean of exponentials instead of their sum" points={"01_logsumexp-values": 0.5} says="yours is 4 x the numerical gradient, and N = 4 is the length of axis 1"
def logsumexp(z):
    largest = z.max(axis=1)
    value = largest + np.log(np.mean(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])


# %% wrong="value of shape (N, 1)" points={"01_logsumexp-values": 2} cause="wrong shape"
def logsumexp(z):
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1))
    return value[:, np.newaxis], (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])


# %% wrong="z is changed in place" points={"01_logsumexp-values": 3.5} cause="mutated argument"
def logsumexp(z):
    largest = z.max(axis=1)
    z -= largest[:, np.newaxis]
    value = np.log(np.sum(np.exp(z), axis=1))
    return largest + value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])


# %% wrong="a small number inside the logarithm" points={"01_logsumexp-values": 0.5} says="nearly right, and off to the same side in every wrong entry: is a smal"
def logsumexp(z):
    largest = z.max(axis=1)
    value = largest + np.log(np.sum(np.exp(z - largest[:, np.newaxis]), axis=1) + 1e-6)
    return value, (z, value)


def logsumexp_backward(dvalue, cache):
    z, value = cache
    return dvalue[:, np.newaxis] * np.exp(z - value[:, np.newaxis])
