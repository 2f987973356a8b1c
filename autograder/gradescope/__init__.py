"""Grading on Gradescope: an archive to upload, and what runs in the container that is made of it.

Laid out as Gradescope's autograder specification says
(https://gradescope-autograders.readthedocs.io/en/latest/specs/): ``setup.sh`` and ``run_autograder`` at the
archive's root, the submission in ``submission/``, the outcome in ``results/results.json``.
"""
