"""What `course grade` says: how the run is shown, what it came to, and with which exit status it ends."""

from __future__ import annotations

import sys

from rich.console import Console
from typer import echo

from autograder.batch.progress import Bar, Events, LogLines, Reporter, Summary
from autograder.batch.run import GradeOptions, grade_class
from autograder.course import Course

INTERRUPTED = 130
CHANGES_SHOWN = 40


def show_run(course: Course, assignment: str, options: GradeOptions, *, as_json: bool) -> int:
    """Grade, show, and return the exit status: 0, 1 when a submission failed, 130 when interrupted."""
    console = Console(stderr=as_json)
    events = Events(sys.stdout) if as_json else None
    if options.sandbox == "none":
        echo("NO SANDBOX: student code runs with your rights; every score is marked.", err=as_json)

    def reporter(total: int) -> Reporter:
        drawn = console.is_terminal and not console.is_dumb_terminal
        return events or (Bar(console, total) if drawn else LogLines(sys.stdout))

    try:
        summary = grade_class(course, assignment, options, reporter)
    except KeyboardInterrupt:
        said = "Stopped. What was graded is recorded; run the same command to grade the rest."
        echo(said, err=as_json)
        return INTERRUPTED
    if events:
        events.finish(summary)
    else:
        _print(summary, options)
    return 1 if summary.counts["failed"] else 0


def _print(summary: Summary, options: GradeOptions) -> None:
    lines = [summary.line()]
    if summary.changes:
        tense = "would change" if options.dry_run else "changed"
        lines += [f"Points that {tense}:", *(f"  {change}" for change in summary.changes[:CHANGES_SHOWN])]
        lines += [f"  ... and {len(summary.changes) - CHANGES_SHOWN} more"][
            : len(summary.changes) > CHANGES_SHOWN
        ]
    if summary.look:
        lines.append("To look at:")
        lines += [f"  {summary.of(student)}" for student in sorted(summary.look)]
    echo("\n".join(lines))  # by rich, nothing where COLUMNS=0
