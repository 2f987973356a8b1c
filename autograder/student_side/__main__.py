"""``python -m autograder.student_side PACKAGES``: the warm server, with a socket to the grader's side.

That is its standard input. Directories that are named after PACKAGES are removed when it ends.
"""

from autograder.student_side.server import main

if __name__ == "__main__":
    main()
