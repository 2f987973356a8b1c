"""Grading one submission: what was handed in and a release in, an executed notebook and scores out."""
