"""A check as a small page for a notebook, readable in light and dark themes."""

import html

from course_lib.gradcheck.report import text_report
from course_lib.gradcheck.results import GradientCheck


def html_report(check: GradientCheck) -> str:
    """Return the report of a check as an HTML fragment; everything a student controls is escaped."""
    return f'<pre style="margin:0">{html.escape(text_report(check))}</pre>'
