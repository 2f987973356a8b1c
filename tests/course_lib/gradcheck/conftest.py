import sys
from pathlib import Path

# `pairs_under_test` is shared by the tests of this directory; importlib mode puts no directory on the path.
sys.path.insert(0, str(Path(__file__).parent))
