"""A notebook's source text: read, judged (ids, points, hints, verdicts, exercises) and presented."""
