"""The tests beside a file are run on small changes of it: `python benchmarks/own_mutants.py`."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from mutation.changed_code import load
from mutation.own import RAN, instrumented, mutants_of

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SOURCE = '''
LIMIT = 4


def clipped(x: float = 1.0) -> float:
    """Not changed: 1 + 1."""
    if x > LIMIT:
        return max(LIMIT, abs(-x) - x)
    return x * 2


class Box:
    def size(self):
        return [self.side for _ in range(3)]
'''


def changes(source=SOURCE):
    return {(change.kind, change.before, change.after) for change, _ in mutants_of(source)}


def test_constants_are_halved_and_doubled_and_annotations_and_docstrings_left():
    found = changes()
    assert {("constant halved", "4", "2"), ("constant doubled", "4", "8")} <= found
    assert {("comparison changed", "x > LIMIT", "x >= LIMIT"), ("term dropped", "x * 2", "x")} <= found
    assert not any("Not changed" in before or before == "float" for _, before, _ in found)


def test_what_nobody_can_see_is_no_mutant():
    kinds = {kind for kind, before, _ in changes("def f(a, b): return max(a, b) + abs(a - b)")}
    assert "arguments swapped" not in kinds
    assert "operands swapped" not in kinds
    assert ("sign flipped", "f(a)", "-f(a)") not in changes("def g(a):\n    if f(a): return 1")
    assert ("sign flipped", "f(a)", "-f(a)") not in changes("def g(a):\n    if not (a or f(a)): return 1")
    assert ("sign flipped", "f(a)", "-f(a)") in changes("def g(a):\n    return a or f(a)")
    for unsigned in ("a.any()", "a**2", "a.shape", "np.abs(np.sum(a[0] * b))", "a != 0", "abs(a.sum())"):
        assert ("sign flipped", "a", "-a") not in changes(f"def f(a, b):\n    return {unsigned}")
    for signed in ("a.max()", "a**3", "2**a", "np.exp(a)", "b[a].any()", "abs(a + b)", "a != 1", "a.sum()"):
        assert ("sign flipped", "a", "-a") in changes(f"def f(a, b):\n    return {signed}")
    assert not {c for c in changes("def f(a, b): return zip(a, b, strict=True)") if "keyword" in c[0]}
    asked = ("a in (1, 2)", "a not in [1, 2]", "isinstance(a, (int, str))", "a.startswith(('x', 'y'))")
    for only_asked in (*asked, "any(a == b for b in (1, 2))", "{a + b for b in (1, 2)}"):
        assert "neighbours swapped" not in {c[0] for c in changes(f"def f(a):\n    return {only_asked}")}
    for in_order in ("(1, 2) == a", "[a for a in (1, 2)]", "sum(a for a in (1, 2))"):
        assert "neighbours swapped" in {c[0] for c in changes(f"def f(a):\n    return {in_order}")}
    handler = "def f():\n    try: pass\n    except (KeyError, ValueError): pass"
    assert "neighbours swapped" not in {c[0] for c in changes(handler)}
    assert "flag flipped" not in {c[0] for c in changes("@dataclass(frozen=True)\nclass A: pass")}


def test_the_order_of_slots_decides_nothing():
    kinds = {c[0] for c in changes("class A:\n    __slots__ = (*('a', 'b'), 'c')\n    names = ('a', 'b')")}
    assert "neighbours swapped" in kinds
    assert "neighbours swapped" not in {c[0] for c in changes("class A:\n    __slots__ = (*('a', 'b'), 'c')")}


def test_the_order_of_what_a_module_names_matters_where_it_is_used_for_more_than_what_is_in_it():
    for asked, swapped in (("a in KINDS", False), ("KINDS[a]", True), ("a", True)):
        source = f"KINDS = (1, 2)\n\ndef f(a):\n    return {asked}"
        assert ("neighbours swapped" in {c[0] for c in changes(source) if c[1] == "(1, 2)"}) is swapped


def test_a_type_that_has_a_name_is_no_behaviour():
    for made in ("tuple[int, str]", "npt.NDArray[np.intp]", "TypeVar('Kind', bound=int)"):
        assert not changes(f"Kind = {made}")
    assert changes("Kind = table[0]")
    assert changes("def f(): Kind = tuple[int]")


def test_a_package_of_tests_that_is_called_like_a_script_of_ours_loads_nothing():
    """`tests/**/lines` is a package, and `benchmarks/lines.py` would bring the unchanged files along."""
    loaded = set(sys.modules)
    load(["lines.functions", "autograder.site"])
    assert set(sys.modules) == loaded


def test_each_mutant_is_a_module_of_its_own_that_knows_its_piece():
    mutants = list(mutants_of(SOURCE))
    texts = [text for _, text in mutants]
    assert len(set(texts)) == len(texts)
    pieces = {change.before: change.piece for change, _ in mutants}
    assert (pieces["4"], pieces["x > LIMIT"], pieces["x * 2"]) == (0, 1, 1)
    assert pieces["max(LIMIT, abs(-x) - x)"] == 2
    assert pieces["range(3)"] == 3


def test_an_instrumented_module_says_which_pieces_run():
    tree, pieces = instrumented(SOURCE)
    ran = []
    namespace = {RAN: ran.append}
    exec(compile(tree, "instrumented", "exec"), namespace)
    assert (ran, pieces) == ([], 4)
    assert (namespace["clipped"](3), namespace["clipped"](5)) == (6, 4)
    assert ran == [1, 1, 2]
    assert namespace["clipped"].__doc__ == "Not changed: 1 + 1."


WELL = """from functools import cache

FEW = 3


def few(x):
    return x < FEW


def lost(x):
    return x + 1


@cache
def known():
    return 5


def times(factor):
    return lambda x: factor * x


twice = times(2)
"""


@pytest.fixture
def project(tmp_path):
    """A file that is tested well in one function, and another in no function."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "well.py").write_text(WELL)
    test = """
        from well import few, known, twice

        def test_what_is_known_is_asked_for():
            known()

        def test_what_is_known():
            assert known() == 5

        def test_few():
            assert few(2) and not few(3) and few(-1) is True

        def test_what_was_made_at_the_import():
            assert twice(3) == 6
        """
    (tmp_path / "tests" / "test_well.py").write_text(textwrap.dedent(test))
    freezes = "import gc\n\ndef pytest_collection_finish():\n    gc.freeze()\n"  # as ours does
    (tmp_path / "tests" / "conftest.py").write_text(freezes)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    return tmp_path


def test_mutants_are_noticed_by_a_test_that_fails_and_survive_where_none_runs(project):
    script = f"""
        import sys
        sys.path.insert(0, {str(BENCHMARKS)!r})
        from pathlib import Path
        from mutation.beside import Beside
        from mutation.own import mutants_of
        root = Path({str(project)!r})
        beside = Beside(root, root / "well.py", [root / "tests" / "test_well.py"])
        mutants = list(mutants_of(beside.path.read_text()))
        assert beside.learn(60)
        for (change, _), noticed in zip(mutants, beside.notice(mutants, 2)):
            print(noticed, change.line, change.before, "->", change.after)
        """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    said = subprocess.run(
        command, cwd=project, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {"True 3 3 -> 4", "True 3 3 -> 1", "True 7 x < FEW -> x <= FEW"} <= set(said)
    assert all(line.startswith("True") for line in said if line.split()[1] in ("3", "7", "16", "20"))
    assert {"16", "20"} <= {line.split()[1] for line in said}
    assert all(line.startswith("False") for line in said if line.split()[1] == "11")
