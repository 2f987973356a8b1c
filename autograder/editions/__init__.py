"""What leaves the course as a package: wheels of a part of this project, and the student kit."""
