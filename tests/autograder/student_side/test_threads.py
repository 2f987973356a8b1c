"""One thread, whichever library computes."""

from autograder.student_side.threads import ONE_THREAD


def test_each_numerical_library_is_told_to_use_one_thread():
    libraries = ("OMP", "OPENBLAS", "MKL", "VECLIB")
    assert set(ONE_THREAD) == {
        f"{library}_{'MAXIMUM' if library == 'VECLIB' else 'NUM'}_THREADS" for library in libraries
    }
    assert set(ONE_THREAD.values()) == {"1"}
