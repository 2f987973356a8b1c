"""What people do to the cells of a notebook, or to the bytes of its file: each edit is a function of it."""

import copy
import json

from nbformat.v4 import new_code_cell


def at(notebook, name):
    """The place of the cell of this grade id or text."""
    return next(
        index
        for index, cell in enumerate(notebook.cells)
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name or name in (cell.id, cell.source)
    )


def cell(notebook, name):
    return notebook.cells[at(notebook, name)]


def write(name, source):
    return lambda notebook: cell(notebook, name).update(source=source)


def prefix(name, text):
    return lambda notebook: cell(notebook, name).update(source=text + cell(notebook, name).source)


def suffix(name, text):
    return lambda notebook: cell(notebook, name).update(source=cell(notebook, name).source + text)


def before(name, source):
    return lambda notebook: notebook.cells.insert(at(notebook, name), new_code_cell(source))


def after(name, source):
    return lambda notebook: notebook.cells.insert(at(notebook, name) + 1, new_code_cell(source))


def at_end(source):
    return lambda notebook: notebook.cells.append(new_code_cell(source))


def delete(*names):
    def edit(notebook):
        for name in names:
            del notebook.cells[at(notebook, name)]

    return edit


def all_of(*edits):
    def edit(notebook):
        for each in edits:
            each(notebook)

    return edit


def every_cell(change):
    def edit(notebook):
        for each in notebook.cells:
            change(each)

    return edit


def retype(name, make):
    def edit(notebook):
        index = at(notebook, name)
        old = notebook.cells[index]
        notebook.cells[index] = make(old.source, id=old.id, metadata=old.metadata)

    return edit


def blank(name):
    return lambda notebook: cell(notebook, name).update(source=notebook.metadata["stubs"][name])


def split(name, first, second, *, named="both", inside=""):
    def edit(notebook):
        index = at(notebook, name)
        notebook.cells[index].source = first
        half = copy.deepcopy(notebook.cells[index])
        half.update(id="half", source=second)
        if named == "first":
            half.metadata = {}
        if named == "second":
            notebook.cells[index].update(metadata={}, id="half-1")
        notebook.cells.insert(index + 1, half)

    return edit


def merge(first, *others, keep="first"):
    """Cells joined into one, as the editor's menu does it."""

    def edit(notebook):
        cells = [cell(notebook, name) for name in (first, *others)]
        source = "\n\n".join(each.source for each in cells)
        kept, *gone = cells if keep == "first" else reversed(cells)
        kept.source = source
        notebook.cells = [each for each in notebook.cells if all(each is not other for other in gone)]

    return edit


def swap(one, other):
    def edit(notebook):
        first, second = cell(notebook, one), cell(notebook, other)
        first.source, second.source = second.source, first.source

    return edit


def move(name, place):
    return lambda notebook: notebook.cells.insert(place, notebook.cells.pop(at(notebook, name)))


def duplicate(name):
    return lambda notebook: notebook.cells.insert(
        at(notebook, name) + 1, copy.deepcopy(cell(notebook, name)) | {"id": "twin"}
    )


def bare(each):
    """Without metadata and with another id, as many editors export."""
    each.metadata = {}
    each.id = f"x{abs(hash(each.id)) % 10**9}"


def no_ids(data):
    document = json.loads(data)
    document["nbformat_minor"] = 0
    for each in document["cells"]:
        each.pop("id")
    return json.dumps(document).encode()


def old_format(data):
    document = json.loads(data)
    cells = [
        {
            "cell_type": each["cell_type"],
            "metadata": each["metadata"],
            "input" if each["cell_type"] == "code" else "source": each["source"],
        }
        for each in document["cells"]
    ]
    return json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()


def outputs(*made):
    return every_cell(lambda each: each.update(outputs=list(made)) if each.cell_type == "code" else None)


def nothing(notebook):
    """Leave the notebook as it is."""
