"""What an autograded notebook holds about its grade: the record, what is settled, and the last lock."""
