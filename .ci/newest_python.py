"""The quick part of the suite on a Python that this machine does not have, and Debian's testing has.

    python .ci/newest_python.py 3.15

Root, bubblewrap and mmdebstrap are needed; the tree takes half a minute, and is gone afterwards. Exits with 2
where no such tree can be made.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from containerfile import Tree

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("ca-certificates", "git", "bubblewrap", "libseccomp2", "python3-venv")
# What a mirror has of testing may be a snapshot.
MAKE = ("mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--aptopt=Acquire::Check-Valid-Until no")


def main() -> int:
    """Run the nox session of that Python and the newest libraries in a fresh clone."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(Path(scratch) / "tree")
        try:
            make(tree, sys.argv[1])
        except (AssertionError, OSError, subprocess.CalledProcessError) as error:
            print(f"no tree of Debian's testing: {error}")
            return 2
        line = tree.line(["nox", "--session", f"newest-{sys.argv[1]}"], proc="open")
        return min(1, subprocess.run(line, check=False).returncode)


def make(tree: Tree, python: str) -> None:
    """Make the tree, with that Python, this repository and what runs its sessions."""
    packages = ",".join([*PACKAGES, f"python{python}-venv"])
    subprocess.run([*MAKE, f"--include={packages}", "testing", tree.root], check=True)
    (tree.root / "src").mkdir()
    subprocess.run(["git", "clone", "--quiet", REPOSITORY, tree.root / "src"], check=True)
    tree.place = "/src"
    tree.run(["python3", "-m", "venv", "/uv"])
    tree.run(["/uv/bin/pip", "install", "--quiet", "uv", "nox"])
    tree.variables["PATH"] = f"/uv/bin:{tree.variables['PATH']}"


if __name__ == "__main__":
    sys.exit(main())
