"""What leaves the course: wheels of a part of this project, the student kit, and worked solutions."""
