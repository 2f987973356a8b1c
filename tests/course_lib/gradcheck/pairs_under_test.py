"""Functions with their right gradients, shared by the checker's tests."""

import numpy as np

SEED = 7


def rng():
    return np.random.default_rng(SEED)


def affine_forward(x, w, b):
    return x @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def affine_inputs(n=6, d=3, m=4):
    r = rng()
    return r.normal(size=(n, d)), r.normal(size=(d, m)), r.normal(size=m)


def affine_with(**changes):
    """Return affine's backward with some gradients changed: `affine_with(b=lambda g: -g)`."""

    def affine_backward_changed(dout, cache):
        gradients = dict(zip("xwb", affine_backward(dout, cache), strict=True))
        for name, change in changes.items():
            gradients[name] = change(gradients[name])
        return tuple(gradients.values())

    return affine_backward_changed


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, x):
    return dout * (x > 0)


def left_in_memory(*values):
    """What np.empty gives, with these numbers in it at the first calls."""
    left = iter(values)

    def empty(x):
        value = next(left, None)
        return np.empty_like(x) if value is None else np.full_like(x, value)

    return empty


class Product:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return self.y * dz, self.x * dz
