"""The ``course`` command, also as ``python -m autograder``; worker processes import this too, and no more."""

import importlib.util
import sys


def main() -> None:
    """Run the command; without what only instructors install, one sentence."""
    if importlib.util.find_spec("typer") is None or importlib.util.find_spec("nbgrader") is None:
        print(
            "course: needs what instructors install: pip install 'backprop-course[instructors]'",
            file=sys.stderr,
        )
        sys.exit(2)
    if sys.argv[1:2] == ["grade"] and not any(option.startswith("--scheduler") for option in sys.argv):
        from autograder.workers import local

        local.prepare()  # while this process reads its command line, which takes a quarter of a second
    from autograder.cli import main as run

    run()


if __name__ == "__main__":
    main()
