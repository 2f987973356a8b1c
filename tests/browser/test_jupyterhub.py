"""A class on a JupyterHub: docs/jupyterhub's own configuration, an instructor and a student, in Chromium."""

import contextlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.conftest import wait_for
from browser.lab_settings import put_settings
from browser.open_notebook import OpenNotebook
from playwright.sync_api import expect

from autograder.authoring.build import build
from autograder.course import CONFIG, Course

REPOSITORY = Path(__file__).parents[2]
HUB = REPOSITORY / "docs" / "jupyterhub" / "jupyterhub_config.py"
ASSIGNMENT = "01_flat_backprop"
STUB = "raise NotImplementedError"
STUDENT = "ada"
ANSWER = 'q = x + y\n    return q * z, {"x": z, "y": z, "z": q}'
PATIENCE = 180
MISSING = [
    what
    for what, there in (
        ("JupyterHub: uv sync --group hub", importlib.util.find_spec("jupyterhub") is not None),
        (
            "its proxy: npm install -g configurable-http-proxy",
            shutil.which("configurable-http-proxy") is not None,
        ),
    )
    if not there
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {' and '.join(MISSING)}"),
]


@dataclass(frozen=True)
class Hub:
    """A running JupyterHub: its address, everybody's password, the course, and where the homes are."""

    url: str
    password: str
    course: Path
    place: Path

    @contextlib.contextmanager
    def signed_in(self, chromium, name):
        """A window in which ``name`` has signed in, and whose server runs."""
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(1000 * PATIENCE)
        page = context.new_page()
        page.goto(f"{self.url}/hub/login")
        page.fill("#username_input", name)
        page.fill("#password_input", self.password)
        page.click("#login_submit")
        page.locator(".lm-MenuBar-item", has_text="Nbgrader").wait_for()
        yield page
        context.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A course with assignment 1, and a hub that serves it to whoever has the password."""
    root = tmp_path_factory.mktemp("hub")
    course, place = root / "course", root / "place"
    course.mkdir()
    place.mkdir()
    shutil.copy(REPOSITORY / CONFIG, course)
    ignored = shutil.ignore_patterns("*.ipynb", "__pycache__")
    shutil.copytree(REPOSITORY / "solutions" / ASSIGNMENT, course / "solutions" / ASSIGNMENT, ignore=ignored)
    build(Course(course), [ASSIGNMENT], checked=False)
    for name in ("instructor", STUDENT):
        put_settings(place / "homes" / name / ".jupyter" / "lab" / "user-settings")
    port, password = _three_free_ports(), secrets.token_hex()
    environment = {
        **os.environ,
        "HUB_PLACE": str(place),
        "HUB_COURSE": str(course),
        "HUB_PORT": str(port),
        "HUB_PASSWORD": password,
    }
    log = root / "hub.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", str(HUB)],
            cwd=root,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal ends the test, which ends the hub
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/hub/login", process, log)
        yield Hub(f"http://127.0.0.1:{port}", password, course, place)
    finally:
        process.send_signal(signal.SIGTERM)  # on which it ends the servers and the proxy
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _three_free_ports():
    """The first of three ports in a row that nobody listens on: the hub's page, its own, the proxy's."""
    for _ in range(100):
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            first = probes.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            for further in (1, 2):
                probes.enter_context(socket.create_server(("127.0.0.1", first + further)))
            return first
    raise AssertionError("no three free ports in a row")


def _assignment_list(page):
    """The three lists of nbgrader's tab for students: released, downloaded, submitted."""
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    page.locator(".lm-Menu-item", has_text="Assignment List").first.click()
    return [page.locator(f"#{which}_assignments_list") for which in ("released", "fetched", "submitted")]


def _formgrader(page):
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    page.locator(".lm-Menu-item", has_text="Formgrader").first.click()
    return page.frame_locator("iframe")


def _press(desk, button, said):
    """Press the assignment's symbol for this and wait until Formgrader says that the work is done."""
    desk.locator("#main-table tr", has_text=ASSIGNMENT).locator(f".{button} a").click()
    done = desk.locator("#success-modal")
    expect(done).to_contain_text(said)
    done.get_by_role("button", name="OK").click()
    expect(done).to_have_count(0)


def test_a_class_from_release_to_feedback(hub, chromium, pictures):
    # Everybody's window stays open: to load a JupyterLab takes longest.
    with hub.signed_in(chromium, "instructor") as office, hub.signed_in(chromium, STUDENT) as page:
        desk = _formgrader(office)
        _press(desk, "release", "Successfully released")
        office.screenshot(path=pictures / "hub-released.png")

        released, fetched, _ = _assignment_list(page)
        released.get_by_role("button", name="Fetch").click()
        expect(fetched).to_contain_text(ASSIGNMENT)
        path = f"{ASSIGNMENT}/flat_backprop.ipynb"
        notebook = OpenNotebook(page, f"{hub.url}/user/{STUDENT}", path)
        cell = notebook.code_cell("def product_of_sum(x, y, z)")
        notebook.type_over(cell, STUB, ANSWER)
        notebook.save()
        _, fetched, submitted = _assignment_list(page)
        fetched.get_by_role("button", name="Submit").click()
        expect(submitted).to_contain_text(ASSIGNMENT)
        page.screenshot(path=pictures / "hub-submitted.png")

        _press(desk, "collect", "Successfully collected")
        row = desk.locator("#main-table tr", has_text=ASSIGNMENT)
        expect(row.locator(".num-submissions")).to_have_text("1")
        said = _course(hub, "grade", ASSIGNMENT)
        assert "1 graded" in said, said
        desk.locator("body").evaluate("body => { body.dataset.old = 'yes'; location.reload(); }")
        expect(desk.locator("body[data-old]")).to_have_count(0)
        _press(desk, "generate-feedback", "Successfully generated feedback")
        _press(desk, "release-feedback", "Successfully released feedback")
        office.screenshot(path=pictures / "hub-feedback-released.png")

        page.locator("#refresh_assignments_list").click()
        submitted.get_by_role("button", name="Fetch Feedback").click()
        expect(submitted).to_contain_text("view feedback")
        page.screenshot(path=pictures / "hub-feedback.png")
    (feedback,) = (hub.place / "homes" / STUDENT / ASSIGNMENT / "feedback").rglob("*.html")
    assert "5 of 100 points" in re.sub(r"<[^>]*>", "", feedback.read_text(encoding="utf-8"))


def _course(hub, *arguments):
    """What `course ...` says in the instructor's terminal."""
    home = hub.place / "homes" / "instructor"
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=hub.course,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
