"""``python -m autograder.student_side``: the warm server; its standard input is a socket to the grader's."""

from autograder.student_side.server import main

if __name__ == "__main__":
    main()
