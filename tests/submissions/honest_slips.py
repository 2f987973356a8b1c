"""What honest students do to a notebook without meaning any harm, and what of it may cost them.

A slip edits the cells of a notebook in which every answer is right, or the bytes of its file. ``lost`` are
the exercises that it may cost, ``says`` is a pattern of what must be said, "" when nothing needs to be.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from submissions.notebook_edits import (
    after,
    all_of,
    at,
    at_end,
    bare,
    before,
    blank,
    cell,
    delete,
    duplicate,
    every_cell,
    merge,
    move,
    no_ids,
    nothing,
    old_format,
    outputs,
    prefix,
    retype,
    split,
    suffix,
    swap,
    write,
)

ANSWERS = {
    "01_norm": "def norm(x):\n    return np.sqrt(np.sum(x**2))",
    "02_cube": "def cube(x):\n    return x**3\n\n\ndef cube_backward(dout, x):\n    return 3 * dout * x**2",
    "03_counter": (
        "class Counter:\n    def __init__(self):\n        self.total = 0.0\n\n"
        "    def add(self, n):\n        self.total += n\n        return self.total"
    ),
    "04_rate": "rate = 0.5",
    "05_words": "Both paths carry a change, and changes add up.",
}
CODE = [name for name in ANSWERS if name != "05_words"]
CUBE, CUBE_BACKWARD = ANSWERS["02_cube"].split("\n\n\n")


@dataclass(frozen=True)
class Slip:
    """One slip: its name, what it does to a notebook, what it costs and what is said of it."""

    name: str
    edit: Callable[[nbformat.NotebookNode], object] = nothing
    lost: tuple[str, ...] = ()
    says: str = ""
    file: Callable[[bytes], bytes] = lambda data: data
    filenames: tuple[str, ...] = ("honest.ipynb",)


def in_own_cell(name, place):
    """The answer in a cell of the student's own, the released cell left as it was."""
    return all_of(blank(name), place(ANSWERS[name]))


LOST = "lost (its name|their names)"
SLIPS = [
    Slip("nothing at all"),
    # Copies, moves, deletions
    Slip("an answer twice", duplicate("01_norm"), says="stands 2 times"),
    Slip("a graded cell twice", duplicate("01_norm-values"), says="stands 2 times"),
    Slip("a graded cell deleted", delete("01_norm-values"), says="the released one stands"),
    Slip(
        "all graded cells deleted",
        delete("01_norm-values", "02_cube-values", "03_counter-sums"),
        says="3 cells",
    ),
    Slip("the imports deleted", delete("imports"), says="the released one stands"),
    Slip("an answer moved to the top", move("03_counter", 0), says="another order"),
    Slip("an answer moved to the end", lambda n: n.cells.append(n.cells.pop(at(n, "01_norm"))), says="order"),
    Slip("all cells in reverse", lambda n: n.cells.reverse(), says="another order"),
    Slip("an answer deleted", delete("02_cube"), ("02_cube",), "not handed in"),
    Slip("an answer emptied", write("02_cube", ""), ("02_cube",)),
    Slip("prose deleted", delete("The end.")),
    Slip("an untouched copy of the release below", duplicate("imports"), says="stands 2 times"),
    # Graded and read-only cells edited
    Slip("a graded cell edited", suffix("01_norm-values", "\nprint(1)"), says="released one was used"),
    Slip("a graded cell emptied", write("01_norm-values", ""), says="released one was used"),
    Slip("a graded cell with a wrong score", write("01_norm-values", "5.0"), says="released one was used"),
    Slip(
        "an import added to the read-only imports, and needed",
        all_of(
            suffix("imports", "\nimport math"), write("01_norm", "def norm(x):\n    return math.hypot(*x)")
        ),
        says="what it says besides runs before it",
    ),
    Slip(
        "a helper written into a graded cell, and needed below",
        all_of(
            prefix("01_norm-values", "def third(x):\n    return x * x * x\n\n\n"),
            write("02_cube", ANSWERS["02_cube"].replace("x**3", "third(x)")),
        ),
        says="what it says besides runs before it",
    ),
    Slip(
        "an answer written into the graded cell below it",
        all_of(blank("01_norm"), prefix("01_norm-values", ANSWERS["01_norm"] + "\n\n\n")),
        says="written in the cell of another",
    ),
    # Names lost
    *[
        Slip(f"{name} without its name", lambda n, name=name: bare(cell(n, name)), says=LOST)
        for name in ANSWERS
    ],
    Slip("every name lost, ids kept", every_cell(lambda each: each.update(metadata={})), says=LOST),
    Slip("every name and id lost", every_cell(bare), says=LOST),
    Slip(
        "every name and id lost, prose wrapped anew",
        all_of(
            every_cell(bare), every_cell(lambda each: each.update(source=each.source.replace(". ", ".\n")))
        ),
        says=LOST,
    ),
    Slip(
        "names lost, and an experiment at the end",
        all_of(every_cell(bare), at_end("def norm(x):\n    return 0.0"), at_end("rate = 7")),
        says=LOST,
    ),
    Slip(
        "names lost, and an experiment below each check",
        all_of(after("01_norm-values", "norm = 3"), after("04_rate-value", "rate = 7"), every_cell(bare)),
        says=LOST,
    ),
    Slip(
        "names lost, two functions in two cells",
        all_of(split("02_cube", CUBE, CUBE_BACKWARD), every_cell(bare)),
        says=LOST,
    ),
    Slip("names lost, retyped as raw", all_of(retype("01_norm", new_raw_cell), every_cell(bare)), says=LOST),
    Slip("no ids (nbformat 4.0)", file=no_ids),
    Slip("no ids and no names", every_cell(lambda each: each.update(metadata={})), says=LOST, file=no_ids),
    Slip("nbformat 3", says="was nbformat 3", file=old_format),
    # Answers in cells of one's own
    *[
        Slip(f"norm in a cell of its own {where}", in_own_cell("01_norm", place), says="own")
        for where, place in {
            "above": lambda source: before("01_norm", source),
            "below": lambda source: after("01_norm", source),
            "at the end": at_end,
            "at the top": lambda source: before("imports", source),
        }.items()
    ],
    Slip(
        "a class in a cell of its own",
        in_own_cell("03_counter", lambda s: before("03_counter", s)),
        says="own",
    ),
    Slip("a number in a cell of its own", in_own_cell("04_rate", lambda s: before("04_rate", s)), says="own"),
    Slip(
        "words in a cell of their own",
        lambda n: (
            blank("05_words")(n),
            n.cells.insert(at(n, "The end."), new_markdown_cell(ANSWERS["05_words"])),
        ),
        says="own",
    ),
    Slip(
        "two functions in two cells of their own",
        all_of(blank("02_cube"), before("02_cube", CUBE), before("02_cube", CUBE_BACKWARD)),
        says="own",
    ),
    Slip(
        "a helper in a cell above",
        all_of(
            before("01_norm", "def square(x):\n    return x * x"),
            write("01_norm", "def norm(x):\n    return np.sqrt(np.sum(square(x)))"),
        ),
    ),
    Slip(
        "a helper in a cell below",
        all_of(
            after("01_norm", "def square(x):\n    return x * x"),
            write("01_norm", "def norm(x):\n    return np.sqrt(np.sum(square(x)))"),
        ),
    ),
    # Split, merged, in the wrong cell
    *[
        Slip(f"split between functions, {named} named", split("02_cube", CUBE, CUBE_BACKWARD, named=named))
        for named in ("both", "first", "second")
    ],
    *[
        Slip(
            f"split inside a function, {named} named",
            split("02_cube", "def cube(x):\n    y = x", "    return y**3\n\n\n" + CUBE_BACKWARD, named=named),
            ("02_cube",),
            "seems to be split inside a function" if named != "second" else "",
        )
        for named in ("both", "first", "second")
    ],
    Slip(
        "two answers merged, the first name kept",
        merge("01_norm", "02_cube"),
        says="written in the cell of another",
    ),
    Slip(
        "two answers merged, the last name kept",
        merge("01_norm", "02_cube", keep="last"),
        says="cell of another",
    ),
    Slip("an answer merged with its check", merge("01_norm", "01_norm-values"), says="released one stands"),
    Slip("all answers merged into one cell", merge(*CODE), says="written in the cells of other"),
    Slip("two answers swapped", swap("01_norm", "02_cube"), says="written in the cells of other"),
    Slip(
        "an answer pasted below another",
        all_of(blank("01_norm"), suffix("03_counter", "\n\n\n" + ANSWERS["01_norm"])),
        says="written in the cell of another",
    ),
    # Types of cells
    Slip("an answer as Markdown", retype("01_norm", new_markdown_cell), says="is code again"),
    Slip("an answer as raw text", retype("02_cube", new_raw_cell), says="is code again"),
    Slip("words as code", retype("05_words", new_code_cell), says="is markdown again"),
    Slip("prose as code", retype("The end.", new_code_cell)),
    # What is in the cells
    Slip("%%time on an answer", prefix("01_norm", "%%time\n")),
    Slip("%%capture on an answer", prefix("01_norm", "%%capture\n")),
    Slip(
        "%%time on an answer without a name",
        all_of(prefix("01_norm", "%%time\n"), lambda n: bare(cell(n, "01_norm"))),
        says=LOST,
    ),
    Slip("tabs", write("01_norm", ANSWERS["01_norm"].replace("    ", "\t"))),
    Slip("a whole answer indented", write("01_norm", "  " + ANSWERS["01_norm"].replace("\n", "\n  "))),
    Slip("Windows line ends", every_cell(lambda each: each.update(source=each.source.replace("\n", "\r\n")))),
    Slip(
        "old Macintosh line ends",
        every_cell(lambda each: each.update(source=each.source.replace("\n", "\r"))),
    ),
    Slip("a mark of byte order in a cell", prefix("01_norm", "\ufeff")),
    Slip("blanks that do not break, in a comment", prefix("01_norm", "# a\u00a0b\n")),
    Slip(
        "blanks that do not break, in code", write("01_norm", "def norm(x):\n\u00a0   return 1"), ("01_norm",)
    ),
    Slip("curly quotes", prefix("01_norm", "print(“hi”)\n"), ("01_norm",)),
    Slip("a syntax error", suffix("02_cube", "\n)"), ("02_cube",)),
    Slip(
        "a syntax error, and no name",
        all_of(suffix("02_cube", "\n)"), lambda n: bare(cell(n, "02_cube"))),
        ("02_cube",),
        LOST,
    ),
    Slip("an exception after the answer", suffix("01_norm", "\n1 / 0")),
    Slip(
        "imports in an answer",
        all_of(write("01_norm", "import math\n\n\ndef norm(x):\n    return math.hypot(*x)")),
    ),
    Slip("from __future__", prefix("01_norm", "from __future__ import annotations\n")),
    Slip("top-level await", prefix("01_norm", "import asyncio\nawait asyncio.sleep(0)\n")),
    Slip("input() in a cell of one's own", before("02_cube", "name = input('name? ')")),
    Slip("input() above an answer", prefix("02_cube", "name = input('name? ')\n"), ("02_cube",)),
    Slip("!pip install", before("01_norm", "!pip install numpy")),
    Slip("an unknown magic in a cell of one's own", before("01_norm", "%load_ext nothing_here")),
    Slip("%matplotlib inline", prefix("01_norm", "%matplotlib inline\n")),
    Slip("%matplotlib in a cell of one's own", before("01_norm", "%matplotlib notebook")),
    Slip("a backend in a cell of one's own", before("01_norm", "import matplotlib\nmatplotlib.use('TkAgg')")),
    Slip("%matplotlib widget above an answer", prefix("01_norm", "%matplotlib widget\n")),
    Slip("an empty cell", before("01_norm", "")),
    Slip("a cell of questions", before("01_norm", "np.sum?")),
    # Names bound anew
    Slip("np = None at the end", at_end("np = None")),
    Slip("sum = 0 between", after("01_norm-values", "sum = 0")),
    Slip("a function bound anew below its check", after("01_norm-values", "norm = 3")),
    Slip("a number bound anew below its check", after("04_rate-value", "rate = 7")),
    Slip("checks bound anew", before("02_cube", "checks = expect_close = 3")),
    Slip("an old version above", before("01_norm", "def norm(x):\n    return 0.0")),
    Slip("del np at the end", at_end("del np")),
    # The file
    Slip("outputs that are large", outputs(new_output("stream", text="x" * 2_000_000))),
    Slip(
        "an output that is an error", outputs(new_output("error", ename="E", evalue="e", traceback=["E: e"]))
    ),
    Slip(
        "2 million numbers as an output",
        file=lambda data: data.replace(
            b'"outputs":[]', b'"outputs":[[' + b"0.125," * 2_000_000 + b"NaN]]", 1
        ),
    ),
    Slip("UTF-16", file=lambda data: data.decode().encode("utf-16")),
    Slip("UTF-8 with a mark", file=lambda data: b"\xef\xbb\xbf" + data),
    Slip(
        "Windows-1252",
        write("05_words", "Größe"),
        file=lambda d: json.dumps(json.loads(d), ensure_ascii=False).encode("cp1252"),
        says="read as Windows-1252",
    ),
    Slip("text after the end", file=lambda data: data + b"\n\n}", says="goes on after its end"),
    Slip("another kernel", lambda n: n.metadata.update(kernelspec={"name": "my-env", "display_name": "My"})),
    Slip(
        "another language",
        lambda n: n.metadata.update(kernelspec={"name": "ir", "display_name": "R", "language": "R"}),
        says="run as Python",
    ),
    Slip(
        "tags and metadata of an editor",
        every_cell(lambda each: each.metadata.update(tags=["a"], colab={"x": 1})),
        says="other tags",
    ),
    Slip("another name of the file", filenames=("Honest (1).ipynb",), says="was taken for"),
    Slip("two equal copies", filenames=("honest (1).ipynb", "honest (2).ipynb"), says="copies say the same"),
    Slip("in a folder", filenames=("work/honest.ipynb",), says="was taken for"),
]
