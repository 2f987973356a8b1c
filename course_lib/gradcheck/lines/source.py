"""A function's source as a syntax tree, or one reason why it cannot be followed line by line."""

import ast
import copy
import dis
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType
from typing import Any

from course_lib.gradcheck.lines.recursion import calls_itself

#: Longer functions are not followed: a hand-written backward has dozens of lines, not thousands.
LONGEST = 20_000


#: Brackets, and how much of a statement in brackets over several lines is told.
OPEN, CLOSED, TOLD = ("(", "[", "{"), (")", "]", "}"), 72

_PREPARING = ("PUSH_NULL", "PRECALL", "NOP", "CACHE", "RESUME", "EXTENDED_ARG")


class NotFollowed(Exception):  # noqa: N818 - what it says of a function, not an error of ours
    """No line can be named; the message is the reason, in a few words."""


@dataclass(frozen=True)
class Written:
    """The text of a function: `lines[0]` is the line of `def`, without indentation; `text` has it."""

    tree: ast.FunctionDef
    text: str
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """The function's name, as a report says it."""
        return self.tree.name

    def line(self, number: int) -> str:
        """Return the text of a line, numbered from 1 at `def`, without its indentation and comment.

        What is written over several lines, in brackets, is told with what follows, up to a length: the slip
        may be there.
        """
        text = self._bare(number)
        while (_depth(text) > 0 or text.endswith("\\")) and len(text) <= TOLD and number < len(self.lines):
            number += 1
            part, text = self._bare(number), text.rstrip("\\ ")
            text += part if text.endswith(OPEN) or part.startswith(CLOSED) else f" {part}"
        return f"{text} …" if _depth(text) > 0 else text

    def _bare(self, number: int) -> str:
        text = self.lines[number - 1].strip() if 1 <= number <= len(self.lines) else ""
        return text.split("  #")[0].rstrip()


@dataclass(frozen=True)
class FunctionSource(Written):
    """A plain function with its text; `bound` is a method's object.

    `prologue` are statements of ours that run before the function's own.
    """

    function: FunctionType
    bound: Any = None
    prologue: tuple[ast.stmt, ...] = ()


def _depth(text: str) -> int:
    """How many brackets are open at the end of a text; those inside of strings are counted, too."""
    return sum(map(text.count, OPEN)) - sum(map(text.count, CLOSED))


def written(text: str) -> Written:
    """Return a text as what a function is written like. Raises NotFollowed."""
    return Written(parsed(text), text, tuple(textwrap.dedent(text).splitlines()))


def read_source(function: Callable[..., Any]) -> FunctionSource:
    """Return the source of a function or method. Raises NotFollowed with the reason."""
    bound = function.__self__ if isinstance(function, MethodType) else None
    plain = function.__func__ if isinstance(function, MethodType) else function
    if not isinstance(plain, FunctionType):
        raise NotFollowed("it is not a function written in Python")
    if hasattr(plain, "__wrapped__"):
        raise NotFollowed("it is decorated, and what runs is not what is written")
    if plain.__name__ == "<lambda>":
        raise NotFollowed("a lambda has no lines of its own")
    if plain.__code__.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise NotFollowed("it is a generator or asynchronous")
    try:
        text = inspect.getsource(plain)
    except (OSError, TypeError, IndentationError, SyntaxError):
        raise NotFollowed("its source cannot be read") from None
    if len(text) > LONGEST:
        raise NotFollowed(f"its source is longer than {LONGEST} characters")
    text = _undecorated(text)
    lines = tuple(textwrap.dedent(text).splitlines())
    return FunctionSource(_definition(text, plain), text, lines, plain, bound)


def _undecorated(text: str) -> str:
    """Return the text of a function from its `def` on: what a decorator made of it is another function."""
    return "".join(text.splitlines(keepends=True)[parsed(text).lineno - 1 :])


def parsed(text: str) -> ast.FunctionDef:
    """Return the definition in a function's text, lines counted from 1 at `def`. Raises NotFollowed."""
    indented = text[:1].isspace()  # a method; its lines stay as they are, for there may be texts in them
    try:
        module = ast.parse("if True:\n" + text if indented else text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotFollowed("its source cannot be read") from None
    body = module.body[0].body if indented and isinstance(module.body[0], ast.If) else module.body
    tree = body[0] if body else None
    if not isinstance(tree, ast.FunctionDef):
        raise NotFollowed("its source cannot be read")
    if indented:
        ast.increment_lineno(tree, -1)
    return tree


def _definition(text: str, function: FunctionType) -> ast.FunctionDef:
    tree = parsed(text)
    if tree.name != function.__name__:
        raise NotFollowed("its source cannot be read")
    if calls_itself(tree, function):
        raise NotFollowed("it calls itself")
    if any(_hands_on(node, tree, function) for node in ast.walk(tree)):
        raise NotFollowed("it hands its arguments on to another function, as what a decorator makes does")
    if not same_code(code_of(tree, function), function.__code__):
        raise NotFollowed("its source has changed since it was defined")
    return tree


def _hands_on(node: ast.AST, tree: ast.FunctionDef, function: FunctionType) -> bool:
    """Whether a call gets all arguments of a function that names none, or that was made around another and
    returns what that returns.
    """
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    if tree.args.vararg is not None:
        starred = [part.value for part in node.args if isinstance(part, ast.Starred)]
        return any(isinstance(value, ast.Name) and value.id == tree.args.vararg.arg for value in starred)
    given = [part.id for part in node.args if isinstance(part, ast.Name)]
    taken = [argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args)]
    around = node.func.id in function.__code__.co_freevars
    return (
        around
        and bool(taken)
        and given == taken
        and len(given) == len(node.args)
        and _is_returned(node, tree)
    )


def _is_returned(call: ast.Call, tree: ast.FunctionDef) -> bool:
    """Whether what a call returns is returned as it is, at once or under a name."""
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    names = {value.id for value in returned if isinstance(value, ast.Name)}
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and node.value is call]
    targets = {target.id for node in named for target in node.targets if isinstance(target, ast.Name)}
    return call in returned or bool(names & targets)


def code_of(tree: ast.FunctionDef, function: FunctionType) -> CodeType:
    """Compile a definition as it stands inside whatever the function was defined in."""
    return _inner(_factory(tree, function.__code__.co_freevars), tree.name)


def _factory(tree: ast.FunctionDef, names: tuple[str, ...]) -> CodeType:
    """Compile a function of the names that the definition takes from around it, which returns it.

    Defaults and annotations are left out: names in them may be known only where the function was defined.
    Every node of the definition knows its place already: to look for those that do not takes longer than all
    else.
    """
    tree, arguments = copy.copy(tree), copy.copy(tree.args)
    tree.returns, tree.args = None, arguments
    arguments.defaults, arguments.kw_defaults = [], [None] * len(arguments.kwonlyargs)
    for kind in ("posonlyargs", "args", "kwonlyargs"):
        setattr(arguments, kind, [_bare(argument) for argument in getattr(arguments, kind)])
    arguments.vararg, arguments.kwarg = _bare(arguments.vararg), _bare(arguments.kwarg)
    module = ast.parse(f"def factory({', '.join(names)}):\n    pass\n    return {tree.name}")
    assert isinstance(module.body[0], ast.FunctionDef)
    module.body[0].body[0] = tree
    return compile(module, f"<{tree.name}, followed>", "exec", dont_inherit=True)


def _bare(argument: Any) -> Any:
    """Return a parameter without its annotation; None stays None."""
    if argument is not None:
        argument = copy.copy(argument)
        argument.annotation = None
    return argument


def _inner(code: CodeType, name: str) -> CodeType:
    factory = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return next(c for c in factory.co_consts if isinstance(c, CodeType) and c.co_name == name)


def same_code(a: CodeType, b: CodeType) -> bool:
    """Whether two functions do the same, wherever they were written."""
    names = ("co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount")
    if any(getattr(a, name) != getattr(b, name) for name in names):
        return False
    if a.co_code != b.co_code and _steps(a) != _steps(b):
        return False
    if len(a.co_consts) != len(b.co_consts):
        return False
    return all(_same_constant(x, y) for x, y in zip(a.co_consts, b.co_consts, strict=True))


def _steps(code: CodeType) -> list[tuple[str, object]]:
    """What a function does step by step, but for how a call is prepared.

    That depends on whether the compiler saw a name imported at the top of the same file.
    """
    return [
        (
            step.opname.replace("METHOD", "ATTR"),
            None if step.opcode in dis.hasjabs + dis.hasjrel else step.argval,
        )
        for step in dis.get_instructions(code)
        if step.opname not in _PREPARING and not isinstance(step.argval, CodeType)
    ]


def _same_constant(x: Any, y: Any) -> bool:
    if type(x) is not type(y):
        return False
    return same_code(x, y) if isinstance(x, CodeType) else repr(x) == repr(y)


def built(tree: ast.FunctionDef, source: FunctionSource, given: dict[str, Any]) -> Callable[..., Any]:
    """Return a changed definition as a function, with the globals and closure of the original.

    `given` are further names that the changed definition uses.
    """
    function = source.function
    cells = function.__closure__ or ()
    try:
        closure = {
            name: cell.cell_contents for name, cell in zip(function.__code__.co_freevars, cells, strict=True)
        }
    except ValueError:  # a cell that is still empty
        raise NotFollowed("a name that it takes from around it has no value yet") from None
    names = {**closure, **given}
    space = dict(function.__globals__)
    exec(_factory(tree, tuple(names)), space)
    made: FunctionType = space["factory"](*names.values())
    twin = FunctionType(
        made.__code__, function.__globals__, made.__name__, function.__defaults__, made.__closure__
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return MethodType(twin, source.bound) if source.bound is not None else twin


def plain(source: FunctionSource) -> Callable[..., Any]:
    """Return the function that a source's tree defines, after its prologue."""
    tree = copy.copy(source.tree)
    tree.body = [*source.prologue, *tree.body]
    return built(tree, source, {})


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, or another text that does nothing."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
