"""What a source has to keep to, or nothing of it is released: Python, points, verdicts, hints, no leaks."""
