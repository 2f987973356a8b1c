"""MathJax as a page asks a CDN for it, from a package on this machine, and without its safe mode.

What Formgrader's pages say about safe mode rests on what a CDN delivers; here it delivers the least safe.
"""

import mimetypes
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

VERSION = "2.7.7"
CACHE = Path(__file__).parents[2] / "out" / "mathjax"
_ADDRESS = re.compile(r"https://[^/]+/ajax/libs/mathjax/[^/]+/([^?]*)")
_NOT_SAFE = 'MathJax.Ajax.loadComplete("[MathJax]/config/Safe.js");'


class MathJax:
    """The files of the package; `serve` answers a page's requests to any address but the server's."""

    def __init__(self, archive):
        self._archive = tarfile.open(archive)  # noqa: SIM115 (open as long as pages ask)
        self._members = {member.name: member for member in self._archive}
        self.served = []

    def serve(self, route):
        """Answer with a file of MathJax, or with nothing at all."""
        found = _ADDRESS.match(route.request.url)
        member = self._members.get(f"package/{found[1]}") if found else None
        if found and found[1].endswith("config/Safe.js"):
            route.fulfill(body=_NOT_SAFE, content_type="text/javascript")
        elif member:
            self.served.append(found[1])
            kind = mimetypes.guess_type(found[1])[0] or "application/octet-stream"
            headers = {"Access-Control-Allow-Origin": "*"}
            body = self._archive.extractfile(member).read()
            route.fulfill(body=body, content_type=kind, headers=headers)
        else:
            route.abort()


def find_archive():
    """The package, fetched once and kept in out/; None where that cannot be done."""
    archive = CACHE / f"mathjax-{VERSION}.tgz"
    if not archive.is_file() and shutil.which("npm"):
        CACHE.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", f"mathjax@{VERSION}"]
        subprocess.run(command, cwd=CACHE, capture_output=True, check=False, timeout=300)
    return archive if archive.is_file() else None
