"""What a student's process may say of a wrong line and of its functions, without such a process."""

import json

from autograder.grader_side.line_search import asked
from autograder.grader_side.repair.statements import Change
from course_lib.gradcheck.lines.edited import Edit

SAID = {
    "line": 3,
    "function": "backward",
    "variable": "dx",
    "source": "dx = dout * x",
    "sentences": ["it is wrong", "by a factor"],
    "doubts": 1,
    "right": False,
}
TEXT = "def backward(dout, x):\n    pass\n    dx = dout * x\n    return dx"
THERE = {"drafts": [["backward", TEXT, {"x": [4, 3]}]], "suspects": [["backward", 3]]}
CHANGE = Change(Edit("backward", 1, "dx = dout"), 3, "dx = dout * x", "dx = dout", "without * x")


class Owner:
    """Stands for the student's process: it may ask for edits, and then says something."""

    def __init__(self, said, place=None, there=None):
        self.said, self.place, self.there = said, place, there
        self.repairs, self.asked, self.edits = {}, None, None

    def search(self, operation, *args):
        self.asked = (operation, *args)
        if self.there is not None:
            self.edits = json.loads(args[4](self.there))
        text = self.said if self.said is None or isinstance(self.said, str) else json.dumps(self.said)
        return None if text is None else [text, self.place]


def ask(owner, function=("thing", "backward"), seed=5):
    return asked(owner, list(function), ("x", 1), dout="dout", seed=seed)


def there(**said):
    return json.dumps({**THERE, **said})
