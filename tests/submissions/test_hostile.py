"""The hostile class: what is promised of every attack, and of everyone else."""

import json
import re

import pytest
from conftest import COURSE, LIMITS, RUNG, neighbour
from hostile_class import FULL, load_attacks

needed = pytest.mark.landlock if RUNG == "landlock" else pytest.mark.sandbox
pytestmark = [needed, pytest.mark.slow]
ATTACKS = load_attacks()
of_every_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


def honest(attack):
    """The most points per graded cell; of a cell of asserts, which earns all or nothing, all or nothing."""
    if COURSE == "inside":  # where student code may forge what a cell of its own earns
        return FULL
    whole = {name: points if points == FULL[name] else 0.0 for name, points in attack.honest.items()}
    return attack.honest if COURSE == "ours" else whole


@of_every_attack
def test_an_attack_earns_no_more_than_its_honest_part_and_that_part_is_kept(graded, attack):
    scores = {name: graded.scores[attack.name][name] for name in FULL}
    assert all(0 <= scores[name] <= honest(attack)[name] for name in FULL), scores
    if COURSE == "ours":
        assert {name: scores[name] for name in attack.keeps} == attack.keeps


@of_every_attack
def test_the_neighbour_of_an_attack_has_full_points(graded, attack):
    assert {name: graded.scores[neighbour(attack.name)][name] for name in FULL} == FULL
    assert graded.record(neighbour(attack.name))["status"] == "graded"


@of_every_attack
def test_an_attack_ends_in_time(graded, attack):
    assert graded.record(attack.name)["seconds"] <= LIMITS["notebook_seconds"] + 1.0


@pytest.mark.skipif(COURSE != "ours", reason="says what our own checks say")
@of_every_attack
def test_what_happened_is_shown(graded, attack):
    shown = json.dumps(graded.notebook(attack.name), ensure_ascii=False)
    assert re.search(attack.options["says"], shown)


@pytest.mark.skipif(COURSE == "inside", reason="a cell inside can be read by that student's code")
@of_every_attack
def test_no_secret_is_found(graded, attack):
    outputs = [output for cell in graded.notebook(attack.name).cells for output in cell.get("outputs", [])]
    # A traceback shows lines of the attack itself.
    said = [{key: value for key, value in output.items() if key != "traceback"} for output in outputs]
    assert "FOUND" not in json.dumps(said)


def test_the_whole_class_is_graded_in_one_run(graded):
    assert graded.success, graded.log[-3000:]
    assert "Traceback" not in graded.log


def test_no_process_outlives_the_grading(graded):
    assert graded.processes == []


def test_no_file_and_no_socket_is_left(graded):
    assert graded.left == []


def test_nothing_of_the_course_is_changed(graded):
    assert graded.changed == []


def test_nobody_reaches_the_network(graded):
    assert graded.visits == []


def test_the_grader_stays_within_its_memory(graded):
    a_fresh_grader = 150  # MB, before anything is handed in
    assert max(graded.peaks) <= 512 - a_fresh_grader, graded.peaks
