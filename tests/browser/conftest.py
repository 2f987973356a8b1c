"""A course, one JupyterLab serving it on loopback, and one headless Chromium that looks at it.

Everything that a user's own Jupyter would read or write (settings, workspaces, kernels' run-time files) is in
a scratch directory. Chromium can reach the loopback address and nothing else.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from browser.lab_settings import put_settings

from autograder.authoring.build import build
from autograder.course import CONFIG, Course
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import Composer
from autograder.rehearsal.demo import hand_in

REPOSITORY = Path(__file__).parents[2]
ASSIGNMENT = "01_flat_backprop"
NOTEBOOK = "flat_backprop.ipynb"
STUDENT = "ada"
PATIENCE = 120  # seconds for a condition to come true; a loaded machine needs many of them, a free one few
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items):
    if CHROMIUM or os.environ.get("CI"):
        return
    missing = pytest.mark.skip(reason="needs Chromium: apt-get install chromium")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(missing)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: the course at its root, its address, and what lets a browser in."""

    course: Course
    url: str
    token: str


@pytest.fixture(scope="session")
def served_course(tmp_path_factory):
    """A course as after `course build`: a student's copy of assignment 1, and one perfect submission."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(REPOSITORY / CONFIG, root)
    (root / "solutions").mkdir()
    ignored = shutil.ignore_patterns("*.ipynb", "__pycache__")
    shutil.copytree(REPOSITORY / "solutions" / ASSIGNMENT, root / "solutions" / ASSIGNMENT, ignore=ignored)
    course = Course(root)
    (release,) = build(course, [ASSIGNMENT], checked=False)
    composer = Composer(
        release.source, nbformat.reads(release.content, as_version=4), load_answers(release.source)
    )
    hand_in(course, ASSIGNMENT, NOTEBOOK, composer.submission(STUDENT, "perfect"))
    (root / "mine").mkdir()
    (root / "mine" / NOTEBOOK).write_text(release.content, encoding="utf-8")
    return course


@pytest.fixture(scope="session")
def lab(served_course, tmp_path_factory):
    """JupyterLab with what our installation enables, for the whole session."""
    with running_lab(served_course, tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@contextlib.contextmanager
def running_lab(course, scratch):
    """JupyterLab at the root of ``course``, with all that is its own in the directory ``scratch``."""
    put_settings(scratch / "settings")
    (scratch / "config").mkdir()
    exchange = f"c = get_config()\nc.Exchange.root = {str(scratch / 'exchange')!r}\n"
    (scratch / "config" / "nbgrader_config.py").write_text(exchange, encoding="utf-8")
    (scratch / "exchange").mkdir(mode=0o777)
    (scratch / "exchange").chmod(0o777)  # nbgrader wants it writable by everyone, whatever the umask
    port, token = _free_port(), secrets.token_hex()
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", "--LabApp.news_url="]
    command += ["--LabApp.extension_manager=readonly"]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_DATA_DIR": str(scratch / "data"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
        "JUPYTER_TOKEN": token,
        "IPYTHONDIR": str(scratch / "ipython"),
    }
    log = scratch / "jupyter.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=course.root, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/api", server, log)
        yield Lab(course, url, token)
    finally:
        server.terminate()  # JupyterLab ends its kernels when it is asked to end
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, server, log):
    """Return when the server answers; fail with its log when it ends or stays silent."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE):
                return
        except urllib.error.HTTPError as answer:  # from a server that is not ready
            answer.close()
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Debian's Chromium, which finds no address but the loopback one."""
    if CHROMIUM is None:
        pytest.fail("needs Chromium, which .ci/system-packages installs: apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * PATIENCE)

    flags = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync"]
    flags += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=flags)
        yield browser
        browser.close()


@contextlib.contextmanager
def window_on(lab, chromium):
    """A window of somebody who may use this JupyterLab."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    context.request.get(f"{lab.url}/lab", params={"token": lab.token})  # leaves the cookie that lets us in
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def pictures():
    """Where the screenshots of this run are kept: out/browser."""
    folder = REPOSITORY / "out" / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
