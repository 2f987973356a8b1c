"""Coverage-guided fuzzing of what reads hostile bytes, for as long as one likes. Not part of the test run.

    uv run --group fuzz python tests/fuzzing.py --seconds 300             # each target for five minutes
    uv run --group fuzz python tests/fuzzing.py --seconds 300 intake wire

An exception that a target does not allow ends the run with its traceback and the input that caused it. The
targets are the properties that pytest checks with hypothesis, and the same on bytes, from honest beginnings.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris
from hypothesis import given
from hypothesis import strategies as st

HERE = Path(__file__).parent

with atheris.instrument_imports(include=["autograder"]):
    import nbformat

    from autograder.student_side.frames import Frames, WireError, frame
    from autograder.student_side.wire import Decoder, Encoder, Plain
    from autograder.submission import harmless_markdown, rebuild
    from autograder.submission.parse import BadNotebookError, parse_notebook


def module(path):
    """A test module, or a conftest with its helpers."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_"), HERE / f"{path}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


SUBMISSION = module("autograder/submission/conftest")
PROPERTIES = module("autograder/submission/test_fuzz")
RELEASED = nbformat.v4.new_notebook(cells=SUBMISSION.released_cells())


def wire(data):
    """Bytes from a student's process: messages of values, or a WireError."""
    frames = Frames()
    try:
        frames.feed(data)
        while (message := frames.next()) is not None:
            decoder = Decoder(message, Plain())
            while True:  # until nothing is left, which is a WireError, too
                Encoder(Plain()).put(decoder.value())
    except WireError:
        return


def intake(data):
    """A file's bytes: a valid notebook that can be written, or a reason."""
    try:
        notebook = parse_notebook(data).notebook
    except BadNotebookError:
        return
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()


def rebuilding(data):
    """A file's bytes, rebuilt: every locked cell is the released one, and twice is once."""
    try:
        notebook = parse_notebook(data).notebook
    except BadNotebookError:
        return
    once = rebuild(RELEASED, notebook).notebook
    nbformat.validate(once)
    locked = [
        [cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("locked")]
        for book in (once, RELEASED)
    ]
    assert locked[0] == locked[1]
    again = rebuild(RELEASED, parse_notebook(nbformat.writes(once).encode()).notebook).notebook
    assert [cell.source for cell in again.cells] == [cell.source for cell in once.cells]


def words(data):
    """A student's Markdown: harmless, and harmless twice is harmless once."""
    once = harmless_markdown(data.decode("utf-8", "replace"))
    assert harmless_markdown(once) == once


@given(found=st.lists(PROPERTIES.cells, max_size=14))
def cells(found):
    """Cells of every kind, rebuilt: see the property of the same name."""
    test = PROPERTIES.test_whatever_is_submitted_the_graded_cells_are_the_released_ones
    test.hypothesis.inner_test(RELEASED, found)


DOCUMENTS = PROPERTIES.test_any_document_is_a_valid_notebook_or_refused_and_can_be_written
TARGETS = {
    "wire": wire,
    "intake": intake,
    "rebuilding": rebuilding,
    "words": words,
    "documents": DOCUMENTS.hypothesis.fuzz_one_input,
    "cells": cells.hypothesis.fuzz_one_input,
}


def beginnings(target):
    """Inputs to start from: honest ones."""
    notebook = nbformat.writes(RELEASED).encode()
    old = json.dumps({"nbformat": 2, "worksheets": [{"cells": [{"cell_type": "code", "input": "f(1)"}]}]})
    array = [b"a", "float64 C", 1, 2]
    value = [b"d", 4, "x", *array, "y", b"t", 4, 1, 2.5, None, b"s", "int64", bytes(8)]
    return {
        "wire": [
            frame(["done", 1, *value, b"t", 0], [bytes(16)]),
            frame(["raise", 2, 0, b"l", 1, "ValueError", "no", "f(x)", None, b"t", 0], []),
        ],
        "words": [b"$a < b$ [x](y) <script>", b"```\n<b>\n```\n![x](attachment:y.png)"],
    }.get(target, [notebook, old.encode()])


def fuzz(target, seconds):
    """Run one target in this process, which ends with it."""
    corpus = Path(tempfile.mkdtemp(prefix="fuzzing-"))
    for number, data in enumerate(beginnings(target)):
        (corpus / str(number)).write_bytes(data)
    options = [f"-max_total_time={seconds}", "-max_len=8192", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={corpus}/", str(corpus)], TARGETS[target])
    atheris.Fuzz()


def main():
    """Run each target in a process of its own; the exit code is 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all by default")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--only", choices=TARGETS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    if options.only:
        fuzz(options.only, options.seconds)
    failed = []
    for target in options.targets or TARGETS:
        line = [sys.executable, __file__, "--only", target, "--seconds", str(options.seconds)]
        print(f"== {target}", flush=True)
        if subprocess.run(line, check=False).returncode:
            failed.append(target)
    print(f"failed: {', '.join(failed)}" if failed else "nothing found")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
