"""The gradebook: opened with care, written by one writer, and read."""
