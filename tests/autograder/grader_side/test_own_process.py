"""What a graded cell asks of its own process, in which no answer runs, is named by its text."""

import pytest

from autograder.grader_side.own_process import measured_by


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("began = time.process_time()\nf()", "process_time"),
        ("timeit(f, timer=time.thread_time_ns)", "thread_time_ns"),
        ("from resource import getrusage", "getrusage"),
        ("tracemalloc.start()", "tracemalloc"),
        ("signal.alarm(2)\nf()", "signal.alarm"),
        ("signal.setitimer(signal.ITIMER_REAL, 1)", "setitimer"),
        ("sys.settrace(note)", "settrace"),
        ("sys.setprofile(note)", "setprofile"),
        ("assert 'numpy' not in sys.modules", "in sys.modules"),
        ("began = time.perf_counter()\nf()", ""),
        ("process_times()", ""),
        ("clock.alarm()", ""),
        ("sys.modules['__main__']", ""),
    ],
)
def test_what_tells_of_a_process_or_stops_it_is_named(text, what):
    assert measured_by(text) == what
