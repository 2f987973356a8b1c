"""Curves over training: losses and accuracies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from course_lib.viz.picture import Picture
from course_lib.viz.style import INK, PALETTE, new_figure

STYLES = ("-", "--", "-.", ":")


def draw_losses(
    losses: Mapping[str, Sequence[float]], *, title: str = "Loss", logarithmic: bool = False
) -> Picture:
    """Draw one curve of losses over steps for each label of ``losses``; the loss axis may be logarithmic."""
    figure, axes = new_figure(width=6.0, height=3.0)
    told = _plot_losses(axes[0, 0], losses)
    axes[0, 0].set(title=title)
    if logarithmic:
        axes[0, 0].set_yscale("log")
    return Picture(figure, f"{title} over steps: {told}.")


def draw_training(history: Mapping[str, Sequence[float]]) -> Picture:
    """Draw what ``TwoLayerNet.train`` returns: the loss over steps and the accuracies over epochs.

    ``history`` has the keys ``loss_history``, ``train_acc_history`` and ``val_acc_history``.
    """
    figure, axes = new_figure(1, 2, height=3.0)
    told = [_plot_losses(axes[0, 0], {"": history["loss_history"]})]
    axes[0, 0].set(title="Loss of each minibatch")
    accuracies = {"training": history["train_acc_history"], "validation": history["val_acc_history"]}
    for (label, values), colour, style in zip(accuracies.items(), PALETTE, STYLES, strict=False):
        axes[0, 1].plot(np.arange(1, len(values) + 1), values, style, color=colour, label=label)
        told.append(f"{label} accuracy {values[-1]:.3f} after {len(values)} epochs" if len(values) else "")
    axes[0, 1].set(title="Accuracy after each epoch", xlabel="epoch", ylim=(0, 1.02))
    axes[0, 1].legend(frameon=False, loc="lower right")
    return Picture(figure, f"Training: {'; '.join(filter(None, told))}.")


def _plot_losses(ax: Axes, losses: Mapping[str, Sequence[float]]) -> str:
    told = []
    for i, (label, values) in enumerate(losses.items()):
        colour = PALETTE[i % len(PALETTE)]
        ax.plot(values, STYLES[i % len(STYLES)], color=colour, label=label, linewidth=1.5)
        name = f"{label} falls" if label else "the loss goes"
        told.append(f"{name} from {values[0]:.3g} to {values[-1]:.3g} in {len(values)} steps")
    ax.set(xlabel="step", ylabel="loss")
    if any(losses):
        ax.legend(frameon=False, labelcolor=INK)
    return "; ".join(told)
