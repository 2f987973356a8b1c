"""The student's side of the wall: a warm server in a sandbox, and one forked child for each notebook.

Nothing here is secret and nothing here is trusted: once a cell of the student's has run, every byte that
leaves the child may be forged. The package runs alone inside the sandbox, and so imports only the standard
library, NumPy, IPython and msgpack.
"""
