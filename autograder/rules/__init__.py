"""What a source has to keep to, or nothing of it is released: points, verdicts, hints, names, no leaks."""
