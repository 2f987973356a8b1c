"""Which line: the first line of a hand-written backward whose gradient is wrong."""
