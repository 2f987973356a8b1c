"""How well each graded cell is protected: apart from student code, or inside; found out by grading."""
