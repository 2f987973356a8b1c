"""The quick part of the suite on Pythons that this machine does not have and Debian's testing does.

Root and bubblewrap are needed, and mmdebstrap; the tree takes half a minute, and is gone afterwards.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

from containerfile import Tree

PYTHONS = sys.argv[1:]  # as 3.14
PACKAGES = ["ca-certificates", "git", "bubblewrap", "libseccomp2", "python3-venv"]
# The mirror of testing that a machine uses may be a snapshot.
MADE = ["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--aptopt=Acquire::Check-Valid-Until no"]


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(Path(scratch) / "tree")
        packages = ",".join([*PACKAGES, *(f"python{python}-venv" for python in PYTHONS)])
        subprocess.run([*MADE, f"--include={packages}", "testing", tree.root], check=True)
        (tree.root / "src").mkdir()
        subprocess.run(["git", "clone", "--quiet", REPOSITORY, tree.root / "src"], check=True)
        tree.place = "/src"
        tree.run(["python3", "-m", "venv", "/uv"])
        tree.run(["/uv/bin/pip", "install", "--quiet", "uv", "nox"])
        tree.variables["PATH"] = f"/uv/bin:{tree.variables['PATH']}"
        failed = [
            python
            for python in PYTHONS
            if subprocess.run(tree.line(["nox", "--session", f"newest-{python}"], proc="open")).returncode
        ]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
