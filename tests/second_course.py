"""A second, tiny course: strings and lists, plain asserts, default ids, sources as notebooks, and files."""

from pathlib import Path

import nbformat
from commands import command
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.gradebook.opening import begin_gradebook

ASSIGNMENT = "Week-1.b (lists)"  # signs that mean something elsewhere
CONFIG = """\
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "second"
"""
HELPER = 'VOWELS = "aeiou"\n\n\ndef is_vowel(letter):\n    return letter in VOWELS\n'
POEM = "the rose is red\nthe violet is blue\n"


def answer(number, stub, solution, points=None):
    """An answer with a default id, as nbgrader's toolbar makes it; with points, it is graded by a person."""
    indent = solution[: len(solution) - len(solution.lstrip())]
    source = f"{stub}\n{indent}### BEGIN SOLUTION\n{solution}\n{indent}### END SOLUTION"
    role = {"solution": True, "grade": points is not None, "locked": False}
    return _with_role(new_code_cell(source), number, points, role)


def test(number, source, points):
    """A graded cell."""
    return _with_role(
        new_code_cell(source), number, points, {"solution": False, "grade": True, "locked": True}
    )


def locked(number, source):
    """A read-only cell."""
    role = {"solution": False, "grade": False, "locked": True}
    return _with_role(new_code_cell(source), number, None, role)


def _with_role(cell, number, points, role):
    name = f"cell-{number:016x}"  # what nbgrader calls it
    cell.metadata.nbgrader = {"grade_id": name, "schema_version": 3, "task": False, **role}
    if points is not None:
        cell.metadata.nbgrader["points"] = points
    cell["id"] = f"c{number}"
    return cell


def letters():
    """The first notebook."""
    return [
        new_markdown_cell("# Letters", id="title"),
        new_code_cell("%matplotlib inline\nimport string\nfrom helper import is_vowel", id="imports"),
        locked(1, "def same(given, expected):\n    assert given == expected, f'{given} is not {expected}'"),
        new_markdown_cell("## Vowels", id="h1"),
        answer(2, "def vowels(word):", "    return [letter for letter in word if is_vowel(letter)]"),
        test(
            3,
            "same(vowels('rose'), ['o', 'e'])\n### BEGIN HIDDEN TESTS\nsame(vowels('xyz'), [])\n"
            "### END HIDDEN TESTS",
            2,
        ),
        new_markdown_cell("## Counting", id="h2"),
        answer(4, "def count(word):", "    return {letter: word.count(letter) for letter in word}"),
        test(5, "expected = {'a': 2, 'n': 1}\nassert count('ana') == expected", 1),
        test(
            6,
            "score = 0\nif count('ana') == expected:\n    score += 1\n"
            "if count('') == {}:\n    score += 1\nscore",
            2,
        ),
        new_markdown_cell("## Poems", id="h3"),
        answer(7, "def longest(path):", "    return max(open(path).read().split(), key=len)"),
        test(8, "assert longest('data/poem.txt') == max(open('data/poem.txt').read().split(), key=len)", 1),
        answer(9, "def keep(words, path):", "    open(path, 'w').write(' '.join(words))"),
        test(10, "keep(['a', 'b'], 'kept.txt')\nassert open('kept.txt').read() == 'a b'", 1),
    ]


def classes():
    """The second notebook, in which default ids of the first recur."""
    return [
        new_markdown_cell("# Classes", id="title"),
        new_markdown_cell("## A stack", id="h1"),
        answer(2, "class Stack(list):\n    def top(self):", "        return self[-1]"),
        test(3, "class Tall(Stack):\n    pass\ntall = Tall([1, 2])\nassert tall.top() == 2", 2),
        new_markdown_cell("## In your own words", id="h2"),
        answer(4, "def essay():", "    return 'words'", points=3),
    ]


NOTEBOOKS = {"letters": letters, "classes": classes}
MOST = 12


def make(root, config=CONFIG, behind_the_wall=True):
    """The course's directory with its sources."""
    wall = "from autograder import plugins\n\nplugins.configure(c)\n" if behind_the_wall else ""
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(config + wall, encoding="utf-8")
    folder = root / "source" / ASSIGNMENT
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "poem.txt").write_text(POEM, encoding="utf-8")
    (folder / "helper.py").write_text(HELPER, encoding="utf-8")
    for name, cells in NOTEBOOKS.items():
        nbformat.write(_notebook(cells()), folder / f"{name}.ipynb")
    return root


def _notebook(cells):
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def release(root):
    """Release the assignment, as nbgrader does it, but for a second that it takes to begin a gradebook."""
    begin_gradebook(f"sqlite:///{root / 'gradebook.db'}")
    command(root, "nbgrader", "generate_assignment", ASSIGNMENT)


def hand_in(root, student, notebook_from=None, edit=lambda name, notebook: notebook):
    """Hand in the release, or what ``notebook_from`` (a directory of notebooks) has, edited."""
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    for name in NOTEBOOKS:
        path = Path(notebook_from or root / "release" / ASSIGNMENT, f"{name}.ipynb")
        nbformat.write(edit(name, nbformat.read(path, as_version=4)), folder / f"{name}.ipynb")


def with_answers(answers):
    """An edit that writes answers into cells, by notebook and number of the default id."""

    def edit(name, notebook):
        for cell in notebook.cells:
            number = int(cell.metadata.get("nbgrader", {}).get("grade_id", "cell--1").partition("-")[2], 16)
            if (name, number) in answers:
                cell.source = answers[name, number]
        return notebook

    return edit
