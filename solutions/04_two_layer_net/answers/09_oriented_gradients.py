# %% base="as most write it"
def oriented_gradients(image, cell=8, directions=9):
    dy, dx = np.gradient(image)
    parts = (np.arctan2(dy, dx) % np.pi * directions / np.pi).astype(int)
    rows, columns = np.indices(image.shape) // cell
    out = np.zeros((image.shape[0] // cell, image.shape[1] // cell, directions))
    np.add.at(out, (rows, columns, parts), np.hypot(dy, dx))
    return out


# %% right="cell by cell, with weights"
def oriented_gradients(image, cell=8, directions=9):
    dy, dx = np.gradient(image)
    angle = np.degrees(np.arctan2(dy, dx)) % 180
    strength = np.sqrt(dx**2 + dy**2)
    height, width = image.shape
    out = np.empty((height // cell, width // cell, directions))
    for i in range(height // cell):
        for j in range(width // cell):
            here = slice(i * cell, i * cell + cell), slice(j * cell, j * cell + cell)
            out[i, j] = np.histogram(angle[here], directions, (0, 180), weights=strength[here])[0]
    return out


# %% right="one mask for each direction"
def oriented_gradients(image, cell=8, directions=9):
    dy, dx = np.gradient(image)
    angle = np.mod(np.arctan2(dy, dx), np.pi)
    strength, shape = np.hypot(dx, dy), (image.shape[0] // cell, cell, image.shape[1] // cell, cell)
    parts = []
    for k in range(directions):
        mask = (angle >= k * np.pi / directions) & (angle < (k + 1) * np.pi / directions)
        parts.append(np.where(mask, strength, 0.0).reshape(shape).sum(axis=(1, 3)))
    return np.stack(parts, axis=-1)


# %% wrong="the sign of an edge counts" of="as most write it" points={"09_oriented_gradients-values": 0} says="negative"
# -     parts = (np.arctan2(dy, dx) % np.pi * directions / np.pi).astype(int)
# +     parts = (np.arctan2(dy, dx) % (2 * np.pi) * directions / (2 * np.pi)).astype(int) % directions
# %% wrong="the two changes exchanged" of="as most write it" points={"09_oriented_gradients-values": 0} says="for the ramp"
# ~     [-dy, dx-]{+dx, dy+} = np.gradient(image)
# %% wrong="additions at the same place are lost" of="as most write it" points={"09_oriented_gradients-values": 0} says="for the ramp"
# -     np.add.at(out, (rows, columns, parts), np.hypot(dy, dx))
# +     out[rows, columns, parts] += np.hypot(dy, dx)
# %% wrong="edges are counted, not weighed" of="as most write it" points={"09_oriented_gradients-values": 0.25} says="strengths is wrong"
# ~     np.add.at(out, (rows, columns, parts), [-np.hypot(dy, dx))-]{+1)+}
# %% wrong="the mean of a cell" of="as most write it" points={"09_oriented_gradients-values": 0} says="for the ramp"
# ~     np.add.at(out, (rows, columns, parts), np.hypot(dy, dx){+ / cell**2+})
# %% wrong="nine directions, always" of="as most write it" points={"09_oriented_gradients-values": 0.25} says="strengths should have shape"
# ~     parts = (np.arctan2(dy, dx) % np.pi * [-directions-]{+9+} / np.pi).astype(int)
# ~     out = np.zeros((image.shape[0] // cell, image.shape[1] // cell, [-directions-]{+9+}))
# %% wrong="the squared strength" of="as most write it" points={"09_oriented_gradients-values": 0.25} says="strengths is wrong"
# ~     np.add.at(out, (rows, columns, parts), [-np.hypot(dy,-]{+dy**2 ++} dx[-))-]{+**2)+}
# %% wrong="the angle is not taken modulo pi" of="solution" warned="4.9" points={"09_oriented_gradients-values": 0.25} says="strengths is wrong"
# ~     parts = (np.arctan2(down, right) [-% np.pi -]* directions / np.pi).astype(int)
# %% wrong="rounded, not cut off" of="solution" warned="4.9" points={"09_oriented_gradients-values": 0.25} says="strengths is wrong"
# ~     parts = [-(-]{+np.round(+}np.arctan2(down, right) % np.pi * directions / np.pi).astype(int)
