"""The demo makes a course, grades a class and says so; it fails when a score is not what it must be."""

import json
import os
import re
import shutil

import pytest
from commands import course_here

from autograder.course import CONFIG, Course
from autograder.grading.tiers import FILE as TIERS

pytestmark = pytest.mark.sandbox


def demo(course, into, students=7):
    arguments = ["--course", course.root, "--into", into, "--assignment", "01_square", "--students", students]
    return course_here("demo", *arguments)


def test_a_class_is_graded_as_its_answers_must_be(course, tmp_path, monkeypatch, capsys):
    into = tmp_path / "a demo"
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")  # as `uv run course demo` sets it
    assert demo(course, into) == 0
    shown = capsys.readouterr().out
    assert f"uv run course export --course '{into}' --format csv" in shown
    assert f"cd '{into}' && uv run --project {os.getcwd()} jupyter lab" in shown
    for story in ("perfect", "blank", "right by other routes", "cells duplicated", "one slip: doubled"):
        assert story in shown
    assert (into / "feedback" / "student-07" / "01_square" / "square.html").is_file()
    copied = Course(shutil.copytree(into, tmp_path / "copy"))
    assert copied.directories().db_url == f"sqlite:///{tmp_path}/copy/gradebook.db"


def test_a_score_that_differs_and_a_sentence_that_is_missing_are_said_and_fail(course, tmp_path, capsys):
    answers = course.solutions / "01_square" / "answers" / "01_square.py"
    text = answers.read_text(encoding="utf-8").replace(": 30}", ": 60}")
    answers.write_text(re.sub(r'says=".*?"', 'says="never said"', text), encoding="utf-8")
    assert demo(course, tmp_path / "demo") == 1
    shown = capsys.readouterr().out
    assert "student-07: 01_square-values got 30, expected 60 (one slip: doubled)" in shown
    assert "student-07: 'doubled' is not told 'never said'" in shown


def test_what_the_record_does_not_keep_of_a_cell_inside_is_not_missed(course, tmp_path, capsys):
    facts = {"01_square": {"square": {"01_square-values": {"tier": "inside"}}}}
    (course.root / TIERS).write_text(json.dumps(facts), encoding="utf-8")
    assert demo(course, tmp_path / "demo") == 0, capsys.readouterr()


def test_what_a_cell_without_checks_raised_is_said(course, source_path, tmp_path, capsys):
    text = source_path.read_text(encoding="utf-8")
    asserts = 'points=90\nassert square(2) == 4\nassert square(3) == 9, "three times three"\n\n# %%\n[k'
    text = re.sub(r"points=90\n.*?\n# %%\n\[k", asserts, text, flags=re.DOTALL)
    source_path.write_text(text, encoding="utf-8")
    with (course.root / CONFIG).open("a") as config:
        config.write("c.CourseFacts.checks_in_every_cell = False\n")
    answers = course.solutions / "01_square" / "answers" / "01_square.py"
    text = answers.read_text(encoding="utf-8").replace(": 30}", ": 0}")
    answers.write_text(re.sub(r'says=".*?"', 'says="three times three"', text), encoding="utf-8")
    assert demo(course, tmp_path / "demo") == 0, capsys.readouterr()


def test_a_second_demo_replaces_the_first(course, tmp_path, monkeypatch, capsys):
    into = tmp_path / "demo"
    assert demo(course, into, students=1) == 0
    (into / "mine.txt").write_text("old", encoding="utf-8")
    monkeypatch.chdir(into)
    assert demo(course, ".", students=1) == 0
    assert not (into / "mine.txt").exists()


def test_a_directory_that_is_in_use_is_left_alone(course, tmp_path, capsys):
    into = tmp_path / "thesis"
    into.mkdir()
    (into / "chapter1.tex").write_text("important", encoding="utf-8")
    assert demo(course, into) == 2
    assert f"{into} is not empty and no demo course" in capsys.readouterr().err
    assert [path.name for path in into.iterdir()] == ["chapter1.tex"]


def test_a_missing_source_is_said_before_anything_is_made(course, tmp_path, capsys):
    shutil.rmtree(course.solutions / "01_square")
    assert demo(course, tmp_path / "demo") == 2
    assert "no assignment '01_square'" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()
