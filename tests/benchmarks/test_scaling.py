"""The simulation of a large course keeps to what can be worked out by hand."""

import numpy as np
import pytest
from scaling import WEEK, Timings, arrive, put_between, replay

TIMINGS = Timings(execution=np.array([0.5]), bookkeeping=np.array([0.02]), reading=0.005, skipping=0.001)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_one_worker_and_one_writer_take_turns(rng):
    recorded = replay(np.zeros(10), 1, TIMINGS, rng)
    np.testing.assert_allclose(recorded, np.arange(1, 11) * (0.005 + 0.5 + 0.02))


def test_a_submission_that_comes_alone_waits_for_nobody(rng):
    arrivals = np.arange(1.0, 100.0, 10.0)
    np.testing.assert_allclose(replay(arrivals, 4, TIMINGS, rng) - arrivals, 0.525)


@pytest.mark.parametrize("workers", [50, 500])
def test_with_many_workers_the_writer_is_busy_all_the_time(rng, workers):
    size = 4000
    seconds = replay(np.zeros(size), workers, TIMINGS, rng).max()
    assert 0.999 * size / TIMINGS.ceiling <= seconds <= size / TIMINGS.ceiling + 0.5 + workers * 0.025
    assert TIMINGS.ceiling == 40.0


def test_few_workers_are_busy_all_the_time(rng):
    seconds = replay(np.zeros(4000), 4, TIMINGS, rng).max()
    assert 4000 * 0.5 / 4 <= seconds <= 4000 * (0.5 + 4 * 0.025) / 4


def test_more_come_towards_the_deadline(rng):
    arrivals = arrive(100_000, rng)
    assert (np.diff(arrivals) >= 0).all()
    assert arrivals.min() >= 0
    assert arrivals.max() <= WEEK
    last_day, first_day = (arrivals > WEEK * 6 / 7).mean(), (arrivals < WEEK / 7).mean()
    assert last_day > 0.6
    assert 0.02 < first_day < 0.04


def test_the_tables_take_the_place_of_the_last_ones(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures: by hand -->\n<!-- end of figures -->\nafter\n", encoding="utf-8")
    for text in ("new \\1", "newer"):
        put_between(page, text)
    assert page.read_text(encoding="utf-8") == (
        "before\n<!-- figures: by hand -->\n\nnewer\n\n<!-- end of figures -->\nafter\n"
    )
