"""The ``course`` command, also as ``python -m autograder``; worker processes import this too, and no more."""


def main() -> None:
    """Run the command."""
    from autograder.cli import main as run

    run()


if __name__ == "__main__":
    main()
