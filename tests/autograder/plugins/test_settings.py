from importlib import import_module

import pytest
from traitlets.config import Config

from autograder.plugins.settings import SETTINGS, Setting, configure, lacking

LIST = Setting("Autograde", "preprocessors", ("ours.A", "ours.B"), "it would be unprotected")
TEXT = Setting("Autograde", "exporter_class", "ours.E", "it would be unprotected")


def configured():
    c = Config()
    configure(c)
    return c


def test_a_configured_course_lacks_nothing_and_has_lists_of_its_own():
    c = configured()
    assert list(lacking(c)) == []
    for setting in SETTINGS:
        value = c[setting.section][setting.name]
        assert value == (list(setting.value) if isinstance(setting.value, tuple) else setting.value)
    c.Autograde.autograde_preprocessors.clear()
    c.Application.logging_config["formatters"].clear()
    assert list(lacking(configured())) == []


def test_every_class_that_is_set_can_be_imported():
    for setting in SETTINGS:
        if setting.section == "Application":
            continue  # not a class but what names one: test_printable.py
        for name in (setting.value,) if isinstance(setting.value, str) else setting.value:
            module, _, called = name.rpartition(".")
            assert isinstance(getattr(import_module(module), called), type)


def test_what_is_lacking_is_told_once_for_each_consequence_with_all_that_it_takes():
    c = configured()
    c.Autograde.exporter_class = "another.Exporter"
    del c["ExchangeFactory"]["collect"]
    c.Autograde.sanitize_preprocessors = []
    told = {without: [str(setting) for setting in missing] for without, missing in lacking(c)}
    assert list(told.values()) == [
        ["c.Autograde.exporter_class", "c.Autograde.sanitize_preprocessors"],
        ["c.ExchangeFactory.collect"],
    ]
    assert next(iter(told)) == "plain `nbgrader autograde` would run student code unprotected"
    everything = [setting for _, missing in lacking(Config()) for setting in missing]
    assert sorted(map(str, everything)) == sorted(map(str, SETTINGS))


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        (["ours.A", "ours.B"], True),
        (("ours.A", "ours.B"), True),
        (["before", "ours.A", "between", "ours.B", "after"], True),
        (["ours.B", "ours.A"], False),
        (["ours.A"], False),
        (["ours.B"], False),
        ([], False),
        ("ours.A ours.B", False),
        (None, False),
    ],
)
def test_a_list_has_to_have_all_of_ours_in_their_order(found, holds):
    assert LIST.holds_in({"Autograde": {"preprocessors": found}}) is holds


@pytest.mark.parametrize(
    ("config", "holds"),
    [
        ({"Autograde": {"exporter_class": "ours.E"}}, True),
        ({"Autograde": {"exporter_class": "ours.Else"}}, False),
        ({"Autograde": {}}, False),
        ({}, False),
    ],
)
def test_a_text_has_to_be_ours(config, holds):
    assert TEXT.holds_in(config) is holds
    assert LIST.holds_in({}) is False
