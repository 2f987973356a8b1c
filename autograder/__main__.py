"""The ``course`` command, also as ``python -m autograder``; worker processes import this too, and no more."""

import contextlib
import importlib.util
import os
import sys

from autograder.interrupted import end_once


def have_standard_streams() -> None:
    """Have input, output and error lead nowhere where somebody closed them, as some schedulers do.

    What is opened next would take their numbers else, and get what somebody means to print.
    """
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free number is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def have_utf8() -> None:
    """Begin again in Python's UTF-8 mode where the locale has names of files in another encoding.

    The folder of `josé` would be read as of another student there, and go into the gradebook as such.
    """
    if sys.getfilesystemencoding() != "utf-8" and sys.executable:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def have_a_home() -> None:
    """Have a home where neither the environment nor the system names one, as for any number in a container.

    It is the root of the file system: what is read there (Jupyter's settings, say) nobody else may write.
    """
    if os.path.expanduser("~") == "~":
        os.environ["HOME"] = "/"


def main() -> None:
    """Run the command; without what only instructors install, one sentence."""
    have_standard_streams()
    have_utf8()
    end_once()
    try:
        _run()
    except KeyboardInterrupt:  # while it imports, which takes a while
        sys.exit(130)


def _run() -> None:
    have_a_home()
    if importlib.util.find_spec("typer") is None or importlib.util.find_spec("nbgrader") is None:
        print(
            "course: needs what instructors install: pip install 'backprop-course[instructors]'",
            file=sys.stderr,
        )
        sys.exit(2)
    if sys.argv[1:2] == ["grade"] and not any(option.startswith("--scheduler") for option in sys.argv):
        from autograder.workers import local

        with contextlib.suppress(OSError):  # said where the command wants the workers
            local.prepare()  # while this process reads its command line, which takes a quarter of a second
    from autograder.cli import main as run

    run()


if __name__ == "__main__":
    main()
