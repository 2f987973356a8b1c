"""``python -m autograder.student_side``: the warm server; its standard input is a socket to the grader's.

Directories that are named after it are removed when it ends.
"""

from autograder.student_side.server import main

if __name__ == "__main__":
    main()
