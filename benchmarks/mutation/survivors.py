"""Why a mutant that behaves differently may lose no points: the assignment allows what it does.

A reason holds for the mutants whose answer, line and new text match its three patterns (`fnmatch`).
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from mutation.mutants import Mutant

KINK = "At a kink either slope is right, and at a tie any shares that add up."
WEIGHTS = "The first weights are random: any seed and either sign will do."
ROWS = "The rows of a batch are random: in another order, with or without repetitions."
EPOCH = "Sizes that the batch does not divide are not used: public solutions divide with /, which is as good."
KEYS = "A dict may have more keys than it is asked for."
BY_HAND = "Any weights with the right scores are right, and lists are as good as arrays."
SIGN = "Only the cache differs: turned around on both occasions, the direction drops out of the gradient."
CACHE = "A cache is the student's own; checks run backward once for each forward."
SETTINGS = "Any settings within the limits that reach the accuracy are right."

REASONS = (
    ("*", "*> 0*", "* >= 0", KINK),
    ("02_max_gate", "self.cache = np.greater_equal(x, y)", "np.greater", KINK),
    ("03_maxout", "*first >= second*", "first > second", KINK),
    ("05_computational_graph", "return {name: gradients?name? for name in self.values*", "*", KEYS),
    ("06_TwoLayerNet", "rng = np.random.default_rng(0)", "*", WEIGHTS),
    ("06_TwoLayerNet", '"W[12]": std * rng.normal(*', "-*", WEIGHTS),
    ("06_TwoLayerNet", "steps_per_epoch = *", "len(X) + 1", EPOCH),
    ("06_TwoLayerNet", "rows = self.rng.choice(*", "*", ROWS),
    ("01_unit_vector", "return u, (u, length)", "-u", SIGN),
    ("06_attention", "dscores = weights [*] *", "if True: weights *= *", CACHE),
    ("07_DeepNet", "self.rng = np.random.default_rng(0)", "*", WEIGHTS),
    ("07_DeepNet", "std = *", "-*", WEIGHTS),
    ("07_DeepNet", "self.params[[]f*W{layer}*] = std *", "-*", WEIGHTS),
    ("07_DeepNet", "if len(X) > batch_size:", "len(X) *", ROWS),
    ("07_DeepNet", "rows = self.rng.choice(*", "-*", ROWS),
    ("08_*_network", "*", "*", BY_HAND),
    ("09_*_settings", "*", "*", SETTINGS),
)


def reason_for(answer: str, mutant: Mutant) -> str | None:
    """The reason why this mutant may keep its points; None if there is none."""
    for answers, where, after, reason in REASONS:
        if all(map(fnmatchcase, (answer, mutant.where, mutant.after), (answers, where, after))):
            return reason
    return None
