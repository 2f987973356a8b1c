"""The grader's side of the wall: starts the sandbox, runs graded cells here, and never any student code.

``docs/security.md`` says what is promised. In short: the student's process may send anything; what comes
of it here is an exact plain value, a handle or an error, and points come only from a
graded cell's last expression.
"""
