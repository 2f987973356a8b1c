"""Who does nothing earns nothing: every stub of a notebook filled with the same idle body."""

import pytest
from idle import BODIES, idle
from inprocess import ASSIGNMENTS, composer_of, grade_in_process

from autograder.submission.copying import copied

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # what idle code makes of numbers
    pytest.mark.usefixtures("verdicts_alone"),
]


def filled(composer, body):
    """The released notebook, with every stub replaced by this body."""
    notebook = copied(composer.release)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in composer.solution:
            cell.source = idle(cell.source, body)
    return notebook


CONSTANT_NET = """
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {
            "W1": np.zeros((input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": np.zeros((hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        if y is None:
            return np.zeros((len(X), len(self.params["b2"])))
        return 5.0, {name: np.zeros_like(value) for name, value in self.params.items()}

    def predict(self, X):
        return np.zeros(len(X), dtype=int)

    def train(self, X, y, X_val, y_val, num_iters=100, batch_size=200, **settings):
        epochs = [0.5] * (num_iters // max(len(X) // batch_size, 1))
        return {"loss_history": [5.0] * num_iters, "train_acc_history": epochs, "val_acc_history": epochs}
"""


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_stub_is_replaced_in_every_answer(assignment):
    composer, _ = composer_of(assignment)
    cells = filled(composer, "nothing").cells
    left = [
        cell.id for cell in cells if cell.cell_type == "code" and 'Error("not written yet")' in cell.source
    ]
    assert left == []


@pytest.mark.parametrize("body", ["a value error", "nothing"])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_run_all_goes_on_below_an_answer_that_is_wrong(assignment, body):
    composer, _ = composer_of(assignment)
    namespace, stopped = {"__name__": "__main__", "display": print}, []
    for cell in filled(composer, body).cells:
        role = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or role.get("grade"):
            continue  # a graded cell's Checks see to that
        try:
            exec(compile(cell.source, "<cell>", "exec"), namespace)
        except Exception as error:
            stopped.append((role.get("grade_id"), error))
    assert stopped == []


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_notebook_that_does_nothing_earns_nothing(assignment, body):
    composer, source = composer_of(assignment)
    graded = grade_in_process(source, filled(composer, body))
    earned = [(cell, each.name) for cell, checks in graded.items() for each in checks.outcomes if each.points]
    assert earned == []


def test_a_network_of_a_constant_loss_that_never_moves_earns_what_any_list_of_losses_does():
    composer, source = composer_of("04_two_layer_net")
    notebook = copied(composer.release)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "06_TwoLayerNet":
            cell.source = CONSTANT_NET
    graded = grade_in_process(source, notebook)
    earned = {each.name: each.points for checks in graded.values() for each in checks.outcomes if each.points}
    assert earned == {"loss_history has one loss for each step, from before the step": 1}
