"""A shell of its own in a fork of the test process: what cells show there, and how their text is read."""

import builtins
import functools
import os
import signal
import sys
import types
from types import SimpleNamespace

import pytest
from forks import found_in_a_fork
from IPython.core.interactiveshell import InteractiveShell

import course_lib.grading  # noqa: F401 (what forks of this process need not import)
from autograder.student_side import shell as module
from autograder.student_side.alarm import TimeLimit
from autograder.student_side.outputs import Outputs, Stream
from autograder.student_side.shell import StudentShell, use, warm_figures, warm_shell

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")


def made():
    """A shell, and what it sends."""
    shell, sent = StudentShell.instance(), []
    use(shell, Outputs(sent.append, 10_000, 100_000))
    return shell, sent


def shown(*cells):
    """Whether each cell ended without an error, and what they showed."""

    def work():
        shell, sent = made()
        return [[shell.run(cell) for cell in cells], sent]

    return found_in_a_fork(work)


def in_a_shell(ask):
    return found_in_a_fork(lambda: ask(made()[0]))


def text_of(events, name):
    return "".join(event[2] for event in events if event[:2] == ["stream", name])


def test_what_is_printed_is_all_there_when_a_cell_ends():
    succeeded, events = shown("import sys\nfor k in range(3):\n    print(k)\nprint('e', file=sys.stderr)")
    assert succeeded == [True]
    assert (text_of(events, "stdout"), text_of(events, "stderr")) == ("0\n1\n2\n", "e\n")
    assert {event[0] for event in events} == {"stream"}


def test_the_last_value_of_a_cell_is_a_result_unless_it_is_nothing():
    succeeded, events = shown("x = 2\nx + 1", "x;", "None", "x = 3")
    assert succeeded == [True] * 4
    assert events == [["rich", "execute_result", ["text/plain", "3"], "{}"]]


RICH = """
class Rich:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": "<b>"}, {"image/png": {"width": 3}}
    def __repr__(self):
        return "rich"
"""


def test_results_and_what_is_displayed_bring_their_metadata():
    _, events = shown(f"{RICH}\ndisplay(Rich())\nRich()")
    assert [event[1] for event in events] == ["display_data", "execute_result"]
    for _, _, parts, sizes in events:
        assert dict(zip(parts[::2], parts[1::2], strict=True)) == {"text/html": "<b>", "text/plain": "rich"}
        assert sizes == '{"image/png": {"width": 3}}'


def test_nothing_has_to_be_said_beside_a_bundle():
    def work():
        shell, sent = made()
        shell.displayhook.write_format_data({"text/plain": "1"})
        shell.display_pub.publish({"text/plain": "2"})
        shell.display_pub.publish({"text/plain": "3"}, None, transient={"display_id": "a"}, update=True)
        return sent

    kinds = ["execute_result", "display_data", "display_data"]
    expected = [["rich", kind, ["text/plain", str(k)], "{}"] for k, kind in enumerate(kinds, 1)]
    assert found_in_a_fork(work) == expected


def test_what_was_shown_can_be_taken_back():
    _, events = shown("from IPython.display import clear_output\nprint('a')\nclear_output()")
    assert events[-1] == ["clear"]
    assert text_of(events[:-1], "stdout") == "a\n"


def test_an_error_is_shown_with_its_traceback_and_the_next_cell_runs():
    succeeded, events = shown("print('a')\n1 / 0", "x =", "print('b')")
    assert succeeded == [False, False, True]
    first, second = [event for event in events if event[0] == "error"]
    assert first[1:3] == ["ZeroDivisionError", "division by zero"]
    assert any("1 / 0" in line or "ZeroDivisionError" in line for line in first[3])
    assert second[1] == "SyntaxError"
    assert text_of(events, "stdout") == "a\nb\n"


def test_an_indentation_that_no_parser_takes_is_shown_alone():
    _, events = shown("if 1:\n        a = 1\n    b = 2")
    assert events[-1][1] == "IndentationError"
    assert "During handling" not in "".join(events[-1][3])


def test_nobody_answers_a_question():
    succeeded, events = shown("input('name?')")
    assert succeeded == [False]
    assert events[-1][1:3] == ["EOFError", "nobody is there to answer input() while a notebook is graded"]
    with pytest.raises(EOFError):
        module._no_input()


def test_a_line_for_the_system_runs_without_a_terminal_and_without_an_input():
    cells = ("word = 'hi'\n!cat; printf \"{word}\\rho\"; echo e >&2; exit 3\n[_exit_code]", "!sleep 9 &")
    succeeded, events = shown(*cells)
    assert succeeded == [True, False]
    assert text_of(events, "stdout") == "hi\rhoe\n"
    assert [event[2] for event in events if event[0] == "rich"] == [["text/plain", "[3]"]]
    assert events[-1][2] == "Background processes not supported."


def test_a_program_ends_with_the_cell_that_is_stopped_while_it_runs():
    def work():
        class Stopped(Stream):
            def write(self, text):
                raise TimeLimit

        shell, _ = made()
        sys.stdout = Stopped(shell.outputs, "stdout")
        try:
            shell.system("echo $$; exec sleep 99")
        except TimeLimit:
            return os.WTERMSIG(os.wait()[1])

    assert found_in_a_fork(work) == signal.SIGKILL


def test_a_cell_that_is_stopped_when_its_figures_are_drawn_has_bound_its_names():
    def work():
        shell, sent = made()

        def draw():
            raise TimeLimit("stopped: this took longer than it may")

        shell.events.register("post_execute", draw)
        ended = shell.run("x = 2")
        shell.events.unregister("post_execute", draw)
        return ended, shell.shown, shell.run("assert x == 2"), [event[:3] for event in sent]

    stopped = "stopped: this took longer than it may"
    said = [["error", "TimeLimit", stopped]]
    assert found_in_a_fork(work) == [False, f"TimeLimit: {stopped}", True, said]


def test_nobody_leaves():
    assert shown("quit()\nprint('on')", "exit")[0] == [True, True]


def test_cells_are_numbered_and_kept_in_memory():
    def work():
        shell, sent = made()
        for cell in ("x = 1", "'a'", "In[1], Out[2]"):
            shell.run(cell)
        return [sent[-1][2], shell.execution_count, shell.history_manager.enabled]

    assert found_in_a_fork(work) == [["text/plain", "('x = 1', 'a')"], 4, False]


def test_the_value_of_a_cell_is_in_its_result_and_the_streams_come_back():
    def work():
        shell, _ = made()
        before = sys.stdout, sys.stderr
        value = shell.execute("import sys\nsys.stdout = sys.stderr = None\n6 * 7").result
        back = (sys.stdout, sys.stderr) == before
        shell.run_cell = lambda source, **options: 1 / 0
        with pytest.raises(ZeroDivisionError):
            shell.execute("1")
        return [value, back, (sys.stdout, sys.stderr) == before]

    assert found_in_a_fork(work) == [42, True, True]


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("x = 1\ny = 2", "x = 1\ny = 2\n"),
        ("x = 1\ny = 2\n", "x = 1\ny = 2\n"),
        ("pwd\nx = 1", "pwd\nx = 1\n"),
        ("x = 1", "x = 1\n"),
        ("\nx = 1\ny = 2", "x = 1\ny = 2\n"),
        ("    x = 1\n    y = 2", "x = 1\ny = 2\n"),
        ("In [1]: x = 1\nIn [2]: y = 2", "x = 1\ny = 2\n"),
        (">>> x = 1\n>>> y = 2", "x = 1\ny = 2\n"),
        ("%time\nx = 1", "get_ipython().run_line_magic('time', '')\nx = 1\n"),
        ("!ls\nx = 1", "get_ipython().system('ls')\nx = 1\n"),
        ("pwd", "get_ipython().run_line_magic('pwd', '')\n"),
        ("pwd\n", "get_ipython().run_line_magic('pwd', '')\n"),
        ("x =\ny", "x =\ny\n"),
        ("x\0\ny", "x\0\ny\n"),
    ],
)
def test_a_cell_is_read_as_ipython_reads_it(cell, python):
    assert in_a_shell(lambda shell: shell.transform_cell(cell)) == python


def test_what_no_parser_can_read_is_left_to_whoever_runs_it():
    cell = "x = " + "(" * 500 + "1" + ")" * 500 + "\ny = 1\n"
    assert in_a_shell(lambda shell: shell.transform_cell(cell)) == cell


def test_plain_python_is_not_looked_through_for_magics(monkeypatch):
    monkeypatch.setattr(InteractiveShell, "transform_cell", lambda self, cell: f"looked through: {cell}")
    cells = ["x = 1\ny = 2", "x = 1", " \nx = 1\ny = 2", "In [1]: x\ny = 2", "%time\nx = 1"]
    found = in_a_shell(lambda shell: [shell.transform_cell(cell) for cell in cells])
    assert [text.startswith("looked through: ") for text in found] == [False, True, True, True, True]


def test_only_what_awaits_something_runs_asynchronously():
    cells = ["await f()", "async with a:\n    pass", "x = 1", "'await'", "async def f():\n    await g()"]
    found = in_a_shell(lambda shell: [shell.should_run_async(cell, transformed_cell=cell) for cell in cells])
    assert found == [True, True, False, False, False]


def test_a_cell_without_such_a_word_is_not_compiled_to_find_out(monkeypatch):
    monkeypatch.setattr(InteractiveShell, "should_run_async", lambda self, cell, **others: others)
    cells = ["x = 1", "await f()", "async with a: pass"]
    found = in_a_shell(lambda shell: [shell.should_run_async(cell, transformed_cell="x") for cell in cells])
    assert found == [False, True, True]


def test_what_a_cell_awaits_is_shown():
    succeeded, events = shown("async def f():\n    return 5\nawait f()")
    assert (succeeded, events[-1][2]) == ([True], ["text/plain", "5"])


def test_there_are_no_windows_whichever_are_asked_for(monkeypatch):
    monkeypatch.setattr(InteractiveShell, "enable_matplotlib", lambda self, gui=None: [gui])
    assert in_a_shell(lambda s: [s.enable_gui("qt"), s.enable_matplotlib("widget")]) == [None, ["inline"]]


def test_a_shell_becomes_a_childs():
    def work():
        shell, sent = StudentShell.instance(), []
        before = shell.outputs
        use(shell, outputs := Outputs(sent.append, 10, 10))
        shell.user_ns["x"] = 5
        return [
            before is None,
            shell.outputs is outputs,
            sys.modules["__main__"] is shell.user_module,
            sys.modules["__main__"].x,
            builtins.input is module._no_input,
            sys.path[0] == os.getcwd(),
        ]

    assert found_in_a_fork(work) == [True, True, True, 5, True, True]


def test_a_warm_shell_has_checked_something_and_shown_an_error_and_looks_as_if_it_had_not(monkeypatch):
    run, ran = StudentShell.run, []

    def noted(self, source):
        ran.append(run(self, source))
        return ran[-1]

    monkeypatch.setattr(StudentShell, "run", noted)

    def work():
        imported = []
        shell = warm_shell(SimpleNamespace(import_plain=lambda: imported.append(1)))
        names = [name for name in ("np", "checks", "loss", "rng") if name in shell.user_ns]
        return [
            ran,
            imported,
            shell.execution_count,
            names,
            shell.user_ns["In"],
            shell is StudentShell.instance(),
            [shell.user_ns[name] for name in ("__name__", "__spec__", "__package__", "__doc__")],
        ]

    asked = ["__main__", None, None, None]
    assert found_in_a_fork(work) == [[True, True, False], [1], 1, [], [""], True, asked]


def test_figures_come_in_the_formats_that_pages_show(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "_select_formats", lambda *given, **more: asked.append((*given, more)))
    for formats in ("svg", "png", ["retina", "pdf"]):
        module.pylabtools.select_figure_formats("shell", formats, dpi=9)
    settings = {"dpi": 9}
    assert asked == [
        ("shell", {"png"}, settings),
        ("shell", {"png"}, settings),
        ("shell", {"retina", "png"}, settings),
    ]


def test_a_shell_is_warmed_with_a_figure_drawn_inline_and_keeps_nothing_of_it(monkeypatch):
    done = []

    class Shell:
        user_ns = {}  # noqa: RUF012 (there is one)

        def __getattr__(self, name):
            return lambda *args, **options: done.append((name, *args, *options.values()))

    packages = SimpleNamespace(import_figures=lambda: done.append(("imported",)))
    monkeypatch.setattr(module, "_empty_font_cache", lambda: done.append(("emptied",)))
    warm_figures(Shell(), packages)
    names = [name for name, *_ in done]
    assert names == ["enable_matplotlib", "imported", "run", "reset", "emptied"]
    assert (done[0][1:], done[3][1:]) == (("inline",), (True,))
    assert "plt.show()" in done[2][1]
    assert Shell.user_ns == vars(types.ModuleType("__main__"))


def test_fonts_are_forgotten_where_they_are_remembered(monkeypatch):
    @functools.cache
    def font(name):
        return name

    font("one")
    manager = types.ModuleType("font_manager")
    monkeypatch.setitem(sys.modules, "matplotlib.font_manager", manager)
    module._empty_font_cache()
    manager._get_font = len
    module._empty_font_cache()
    manager._get_font = font
    module._empty_font_cache()
    assert font.cache_info().currsize == 0
    monkeypatch.delitem(sys.modules, "matplotlib.font_manager")
    module._empty_font_cache()
