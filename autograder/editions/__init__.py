"""What leaves the course as a package: the student kit, and an autograder archive for Gradescope."""
