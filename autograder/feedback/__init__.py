"""The page that a student gets back: points, reports, where to read on; nothing of the hidden tests."""

from autograder.feedback.model import Feedback, read_feedback
from autograder.feedback.page import bounded_feedback_page, feedback_page

__all__ = ["Feedback", "bounded_feedback_page", "feedback_page", "read_feedback"]
