"""Slips made automatically: ``operators`` changes a solution, ``trial`` grades what came of it."""
