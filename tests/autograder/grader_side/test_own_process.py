"""What a graded cell asks of its own process, in which no answer runs, is named by its text."""

import pytest

from autograder.grader_side.own_process import asked_of_process


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("began = time.process_time()\nf()", "process_time"),
        ("timeit(f, timer=time.thread_time_ns)", "thread_time_ns"),
        ("from resource import getrusage", "getrusage"),
        ("tracemalloc.start()", "tracemalloc"),
        ("from weakref import ref\nassert ref(f())() is None", "weakref"),
        ("signal.alarm(2)\nf()", "signal.alarm"),
        ("signal.setitimer(signal.ITIMER_REAL, 1)", "setitimer"),
        ("sys.settrace(note)", "settrace"),
        ("sys.setprofile(note)", "setprofile"),
        ("assert 'numpy' not in sys.modules", "sys.modules"),
        ("psutil.Process().memory_info().rss", "memory_info"),
        ("assert threading.active_count() == 1", "active_count"),
        ("try:\n    text = inspect.getsource(f)\nexcept OSError:\n    text = ''", "getsource"),
        ("inspect.getsourcelines(f)", "getsourcelines"),
        ("assert os.getcwd() == before", "os.getcwd()"),
        ("assert 'HOME' not in os.environ", "os.environ"),
        ("before = os.getcwd()\nos.environ['HOME'] = before", ""),
        ("began = time.perf_counter()\nf()", ""),
        ("from time import perf_counter, process_time\nprocess_time()", "process_time"),
        ("assert(os.getcwd() == before)", "os.getcwd()"),
        ("process_time([3, 4])  # and not time.process_time, nor inspect.getsource", ""),
        ("%time assert active_count(users) == 3, 'without tracemalloc'", ""),
        ("clock.alarm()", ""),
        ("sys.modules['__main__']", ""),
    ],
)
def test_what_is_asked_of_a_process_or_stopped_there_is_named(text, what):
    assert asked_of_process(text) == what
