import sys
import traceback

from course_lib.gradcheck.exits import Exit, as_error


def test_an_exit_becomes_an_exception_that_says_the_same_of_the_same_lines():
    try:
        sys.exit("bye")
    except SystemExit as ended:
        error = as_error(ended)
    assert (str(error), type(error).__name__, isinstance(error, Exception)) == ("bye", "SystemExit", True)
    assert [line.line for line in traceback.extract_tb(error.__traceback__)] == ['sys.exit("bye")']
    assert not issubclass(Exit, SystemExit)
