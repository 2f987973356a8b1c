"""Time of a training step and of an epoch: the reference net against torch and scikit-learn.

    python benchmarks/training.py [--threads 2] [--rounds 7]

Needs torch and scikit-learn besides the course. The net has N = 256, D = 3072, H = 512, C = 10. A step is
loss with L2 penalty, gradients and plain gradient descent; an epoch is 20 steps over shuffled rows. torch
runs in the two ways that people write it: with the penalty in the loss, or as weight decay in
torch.optim.SGD (less work, as the loss then lacks the penalty). scikit-learn trains by its own minibatch SGD
without momentum.

Contenders take turns in bursts, so that a slow spell of the machine meets them all, and rest in between, so
that the waiting threads of one library do not slow down the next. Goals: a step takes at most 1.3 times its
matrix products alone and 1.0 times torch's faster way.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from course_lib.reference.net import TwoLayerNet

N, D, H, C = 256, 3072, 512, 10
STEPS = 20
RATE, REG = 1e-3, 1e-3
BURST = 6
REST = 0.1
Contender = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time training against torch and scikit-learn.")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"N = {N}, D = {D}, H = {H}, C = {C}; {options.threads} threads; median of {options.rounds} rounds")
    with threadpool_limits(options.threads):
        for dtype in (np.float64, np.float32):
            X, y = draw_data(dtype)
            report(f"one step, {dtype.__name__}", steps(X[:N], y[:N]), options.rounds, BURST)
            report(f"one epoch of {STEPS} steps, {dtype.__name__}", epochs(X, y), options.rounds, 1)


def draw_data(dtype: type) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(N * STEPS, D)).astype(dtype), rng.integers(0, C, size=N * STEPS)


def make_net(dtype: np.dtype) -> TwoLayerNet:
    net = TwoLayerNet(D, H, C, std=0.01)
    net.params = {name: p.astype(dtype) for name, p in net.params.items()}
    return net


class TorchNet:
    """The same net in torch; ``decay`` moves the penalty from the loss into the optimizer."""

    def __init__(self, dtype: np.dtype, *, decay: bool) -> None:
        params = make_net(dtype).params
        self.params = W1, b1, W2, b2 = [torch.tensor(p, requires_grad=True) for p in params.values()]
        groups = [{"params": [W1, W2], "weight_decay": 2 * REG * decay}, {"params": [b1, b2]}]
        self.optimizer = torch.optim.SGD(groups, lr=RATE)
        self.reg = 0.0 if decay else REG

    def step(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        W1, b1, W2, b2 = self.params
        self.optimizer.zero_grad()
        scores = torch.addmm(b2, torch.relu(torch.addmm(b1, X, W1)), W2)
        loss = torch.nn.functional.cross_entropy(scores, y)
        if self.reg:
            loss = loss + self.reg * (W1.square().sum() + W2.square().sum())
        loss.backward()
        self.optimizer.step()
        return loss.detach()


def steps(X: np.ndarray, y: np.ndarray) -> dict[str, Contender]:
    net, in_loss, decay = make_net(X.dtype), TorchNet(X.dtype, decay=False), TorchNet(X.dtype, decay=True)
    tensors = torch.tensor(X), torch.tensor(y)
    np.testing.assert_allclose(net.step(X, y, RATE, REG), in_loss.step(*tensors).item(), rtol=1e-4)
    return {
        "matrix products": matrix_products(X),
        "reference": lambda: net.step(X, y, RATE, REG),
        "torch, penalty in loss": lambda: in_loss.step(*tensors),
        "torch, weight decay": lambda: decay.step(*tensors),
    }


def matrix_products(X: np.ndarray) -> Contender:
    """The five products of a step and nothing else, written into arrays that are there already."""
    W1, _, W2, _ = make_net(X.dtype).params.values()
    hidden, scores, dhidden = X @ W1, X @ W1 @ W2, X @ W1
    dW1, dW2 = np.empty_like(W1), np.empty_like(W2)

    def multiply() -> None:
        np.matmul(X, W1, out=hidden)
        np.matmul(hidden, W2, out=scores)
        np.matmul(hidden.T, scores, out=dW2)
        np.matmul(scores, W2.T, out=dhidden)
        np.matmul(X.T, dhidden, out=dW1)

    return multiply


def epochs(X: np.ndarray, y: np.ndarray) -> dict[str, Contender]:
    net, torch_net = make_net(X.dtype), TorchNet(X.dtype, decay=True)
    tensors = torch.tensor(X), torch.tensor(y)
    few = slice(0, N)  # validation rows; torch and scikit-learn validate nothing here
    options = {"learning_rate_init": RATE, "alpha": 2 * REG * N, "momentum": 0.0, "batch_size": N}
    sklearn_net = MLPClassifier((H,), solver="sgd", **options)
    sklearn_net.partial_fit(X[few], y[few], classes=np.arange(C))

    def torch_epoch() -> None:
        for rows in torch.randperm(len(y)).split(N):
            torch_net.step(tensors[0][rows], tensors[1][rows])

    return {
        "reference": lambda: net.train(X, y, X[few], y[few], RATE, reg=REG, num_iters=STEPS, batch_size=N),
        "torch, weight decay": torch_epoch,
        "scikit-learn": lambda: sklearn_net.partial_fit(X, y),
    }


def report(title: str, contenders: dict[str, Contender], rounds: int, burst: int) -> None:
    times = take_turns(contenders, rounds, burst)
    print(f"\n{title:32} {'median':>8}   {'fastest':>8}   reference takes")
    for name, seconds in times.items():
        median, fastest = 1e3 * statistics.median(seconds), 1e3 * min(seconds)
        ratio = statistics.median(a / b for a, b in zip(times["reference"], seconds, strict=True))
        print(f"{name:32} {median:8.1f} ms {fastest:8.1f} ms {ratio:9.2f} x")


def take_turns(contenders: dict[str, Contender], rounds: int, burst: int) -> dict[str, list[float]]:
    """Return for each contender its median time in each round."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            time.sleep(REST)
            run()  # warm up
            times[name].append(statistics.median(seconds_of(run) for _ in range(burst)))
    return times


def seconds_of(run: Contender) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
