"""The instructor's implementations, which hidden tests compare with. Students never receive this package."""
