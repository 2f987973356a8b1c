"""Why a gradient is wrong: simple hypotheses, tried in order against the numbers."""

from course_lib.gradcheck.diagnosis.evidence import Evidence
from course_lib.gradcheck.diagnosis.ranking import diagnose

__all__ = ["Evidence", "diagnose"]
