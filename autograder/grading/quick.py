"""Imported first by `course grade` and its workers, which start a second sooner for it.

nbformat imports jsonschema, and that, where it is installed, rfc3987_syntax, which builds the grammar of
internationalised addresses at once. No notebook's schema has such addresses, and jsonschema does without.
Not for other commands: a Jupyter server may want the grammar.
"""

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_modules.setdefault("rfc3987_syntax", None)
