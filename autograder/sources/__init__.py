"""A source text, read into cells and their roles: its exercises, and the notebook that becomes of it."""
