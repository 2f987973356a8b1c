"""What goes through nbgrader's exchange, where students may lay what they like: in, and back out to them."""

from autograder.exchange.collecting import Collect
from autograder.exchange.listing import List
from autograder.exchange.returning import ReleaseFeedback

__all__ = ["Collect", "List", "ReleaseFeedback"]
