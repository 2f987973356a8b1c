"""The page that a student gets back: points, reports, where to read on; nothing of the hidden tests."""

from autograder.feedback.maker import PageMaker
from autograder.feedback.model import Feedback, read_feedback
from autograder.feedback.page import feedback_page

__all__ = ["Feedback", "PageMaker", "feedback_page", "read_feedback"]
