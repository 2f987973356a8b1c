"""``python -m autograder``: the ``course`` command where its script is not on the path."""

from autograder.cli import main

if __name__ == "__main__":  # worker processes import this module, too
    main()
