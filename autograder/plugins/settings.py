"""What a course sets in nbgrader's configuration to be graded here: one table, which the doctor reads too."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Setting:
    """One setting: its section and name, its value, and what happens without it."""

    section: str
    name: str
    value: str | tuple[str, ...] | dict[str, Any]
    without: str

    def __str__(self) -> str:
        return f"c.{self.section}.{self.name}"

    def holds_in(self, config: Any) -> bool:
        """Whether a configuration has the value, or a list with all of ours in their order."""
        found = config.get(self.section, {}).get(self.name)
        if not isinstance(self.value, tuple):
            return bool(found == self.value)
        steps = iter(found if isinstance(found, list | tuple) else ())
        return all(any(step == ours for step in steps) for ours in self.value)


_UNPROTECTED = "plain `nbgrader autograde` would run student code unprotected"
SETTINGS = (
    # Submissions are read and rebuilt before anything of them runs; student code runs behind a wall, and the
    # graded cells outside it (docs/security.md).
    Setting("Autograde", "exporter_class", "autograder.plugins.SubmissionExporter", _UNPROTECTED),
    Setting("Autograde", "sanitize_preprocessors", ("autograder.plugins.Rebuild",), _UNPROTECTED),
    Setting(
        "Autograde",
        "autograde_preprocessors",
        (
            "autograder.plugins.GradeApart",
            "autograder.plugins.SaveScores",
            "nbgrader.preprocessors.AssignLatePenalties",
        ),
        _UNPROTECTED,
    ),
    # The page that a student gets back: points, reports and where to read on, without the hidden tests.
    Setting(
        "GenerateFeedback",
        "exporter_class",
        "autograder.plugins.FeedbackExporter",
        "`nbgrader generate_feedback` would show hidden tests",
    ),
    Setting(
        "GenerateFeedback",
        "preprocessors",
        ("autograder.plugins.Grades",),
        "feedback would take what nobody has graded yet for 0 points",
    ),
    # Formgrader's page of one submission inserts names as they stand, whatever a roster has brought.
    Setting(
        "HTMLExporter",
        "preprocessors",
        ("autograder.plugins.EscapedNames",),
        "Formgrader would take markup in a student's name for its own",
    ),
    # Of what a learning management system lets one download, archives that students packed stay closed.
    Setting(
        "ZipCollectApp",
        "extractor_plugin",
        "autograder.plugins.OuterExtractor",
        "`nbgrader zip_collect` would open students' own archives, whose files may have another's name",
    ),
    # Files from a learning management system become folders of students whose names every page can show.
    Setting(
        "ZipCollectApp",
        "collector_plugin",
        "autograder.plugins.NamedCollector",
        "`nbgrader zip_collect` would make folders of names that no page can show",
    ),
    # Fetches out of nbgrader's exchange what is a student's own, and follows no link there.
    Setting(
        "ExchangeFactory",
        "collect",
        "autograder.exchange.Collect",
        "`nbgrader collect` would copy what links in a submission lead to, another's work or a solution",
    ),
    # Lists what lies there, whatever one student put where a notebook should be.
    Setting(
        "ExchangeFactory",
        "list",
        "autograder.exchange.List",
        "`nbgrader list --inbound` would wait for ever at a pipe that is called as a notebook",
    ),
    # All commands log with it.
    Setting(
        "Application",
        "logging_config",
        {"formatters": {"console": {"class": "autograder.plugins.PrintableFormatter"}}},
        "a file's name could drive the terminal in which nbgrader logs it",
    ),
    # Releases it through nbgrader's exchange to all who handed in there.
    Setting(
        "ExchangeFactory",
        "release_feedback",
        "autograder.exchange.ReleaseFeedback",
        "`nbgrader release_feedback` would end at the first submission that was not handed in there",
    ),
)


def configure(c: Any) -> None:
    """Set all of it in a configuration: the line of an ``nbgrader_config.py`` that grades behind the wall.

    What a course wants otherwise it sets after this.
    """
    for setting in SETTINGS:
        value = list(setting.value) if isinstance(setting.value, tuple) else setting.value
        c[setting.section][setting.name] = copy.deepcopy(value)


def lacking(config: Any) -> Iterator[tuple[str, list[Setting]]]:
    """What a configuration lacks: each consequence, with the settings for want of which it would come."""
    missing = [setting for setting in SETTINGS if not setting.holds_in(config)]
    for without in dict.fromkeys(setting.without for setting in missing):
        yield without, [setting for setting in missing if setting.without == without]
