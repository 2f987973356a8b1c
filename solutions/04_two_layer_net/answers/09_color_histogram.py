# %% right="by histogramdd"
def color_histogram(image, bins=4):
    counts, _ = np.histogramdd(image.reshape(-1, 3), bins=(bins,) * 3, range=[(0, 1)] * 3)
    return counts / len(image.reshape(-1, 3))


# %% right="pixel by pixel"
def color_histogram(image, bins=4):
    shares = np.zeros((bins, bins, bins))
    pixels = [pixel for row in image for pixel in row]
    for pixel in pixels:
        r, g, b = (min(int(value * bins), bins - 1) for value in pixel)
        shares[r, g, b] += 1 / len(pixels)
    return shares


# %% wrong="counts, no shares" of="by histogramdd" points={"09_color_histogram-values": 0} says="shares is wrong"
# ~     [-counts, _ =-]{+return+} np.histogramdd(image.reshape(-1, 3), bins=(bins,) * 3, range=[(0, 1)] * 3){+[0]+}
# -     return counts / len(image.reshape(-1, 3))
# %% wrong="the value 1 gets a box of its own" points={"09_color_histogram-values": 0} says="out of bounds"
def color_histogram(image, bins=4):
    shares = np.zeros((bins, bins, bins))
    np.add.at(shares, tuple((image.reshape(-1, 3) * bins).astype(int).T), 1)
    return shares / shares.sum()


# %% wrong="equal pixels are counted once" of="the value 1 gets a box of its own" points={"09_color_histogram-values": 0.25} says="shares is wrong"
# -     np.add.at(shares, tuple((image.reshape(-1, 3) * bins).astype(int).T), 1)
# +     shares[tuple(np.minimum((image.reshape(-1, 3) * bins).astype(int), bins - 1).T)] += 1
# %% wrong="three histograms, one for each colour" points={"09_color_histogram-values": 0} says="shares should have shape"
def color_histogram(image, bins=4):
    return np.array([np.histogram(image[..., k], bins, (0, 1))[0] for k in range(3)]) / image[..., 0].size


# %% wrong="blue, green, red" points={"09_color_histogram-values": 0.25} says="shares is wrong"
def color_histogram(image, bins=4):
    pixels = image.reshape(-1, 3)[:, ::-1]
    return np.histogramdd(pixels, bins=(bins,) * 3, range=[(0, 1)] * 3)[0] / len(pixels)


# %% wrong="the range is that of the picture" of="three histograms, one for each colour" points={"09_color_histogram-values": 0.25} says="shares is wrong"
# -     return np.array([np.histogram(image[..., k], bins, (0, 1))[0] for k in range(3)]) / image[..., 0].size
# +     return np.histogramdd(image.reshape(-1, 3), bins=(bins,) * 3)[0] / image[..., 0].size
