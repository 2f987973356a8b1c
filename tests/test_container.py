"""The image: its Containerfile's own lines, followed in a fresh Debian tree, and what then works inside."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from containerfile import Tree, instructions

REPOSITORY = Path(__file__).parents[1]
TEXT = (REPOSITORY / "Containerfile").read_text(encoding="utf-8")
# Starts the command line that follows, asks what a browser would ask for these addresses, and ends it.
ASK = """
import subprocess, sys, time, urllib.error, urllib.request
server = subprocess.Popen(sys.argv[2:])
until = time.monotonic() + 120
for address in sys.argv[1].split():
    while True:
        try:
            print(urllib.request.urlopen(f"http://127.0.0.1:8888/{address}", timeout=60).read().decode())
            break
        except urllib.error.URLError as error:
            if server.poll() is not None or time.monotonic() > until or hasattr(error, "code"):
                raise
            time.sleep(0.2)
"""
STUDENTS = 3


def test_all_that_is_copied_is_there():
    copied = [word for name, rest in instructions(TEXT) if name == "COPY" for word in rest.split()[:-1]]
    assert copied
    assert [word for word in copied if not (REPOSITORY / word).exists()] == []


def test_whatever_the_image_runs_it_runs_as_an_ordinary_user():
    names = [name for name, _ in instructions(TEXT)]
    after = names[len(names) - names[::-1].index("USER") :]
    assert dict(instructions(TEXT))["USER"] != "root"
    assert "RUN" not in after


def test_no_instruction_is_followed_that_is_not_understood(tmp_path):
    with pytest.raises(NotImplementedError, match="HEALTHCHECK none"):
        Tree(tmp_path).follow("# one\nFROM debian\nHEALTHCHECK \\\n none\n", tmp_path)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A Debian of the suite that the Containerfile names, in which its lines were followed."""
    suite = re.fullmatch(r"debian:(\w+)-slim", dict(instructions(TEXT))["FROM"])[1]
    tree = Tree(tmp_path_factory.mktemp("image") / "tree")
    # With as many packages as debootstrap has, for half of what that costs.
    line = ["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", suite, tree.root]
    made = subprocess.run(line, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr
    tree.follow(TEXT, REPOSITORY)
    yield tree
    shutil.rmtree(tree.root)  # nearly a gigabyte


@pytest.mark.slow
@pytest.mark.debian
@pytest.mark.parametrize(("proc", "rung"), [("open", "bubblewrap"), ("masked", "Landlock")])
def test_the_doctor_finds_all_that_is_needed_and_names_the_rung(image, proc, rung):
    said = image.run(["course", "doctor"], proc=proc)
    assert re.search(rf"^ok +sandbox +{rung}.*, user 1000,.*system calls filtered", said, re.MULTILINE), said
    assert "Ready to grade." in said
    assert not re.search("^missing", said, re.MULTILINE)


@pytest.fixture(scope="module")
def demo(image):
    """What `course demo` says inside."""
    return image.run(["course", "demo", "--students", str(STUDENTS)], proc="open")


@pytest.mark.slow
@pytest.mark.debian
def test_every_score_of_the_demo_is_as_it_must_be(demo):
    rows = re.findall(r"^\s*student-\d+ .*?(\d+(?:\.\d+)?) +(\d+(?:\.\d+)?) +[a-z]", demo, re.MULTILINE)
    assert len(rows) == STUDENTS, demo
    assert all(total == expected for total, expected in rows)


@pytest.mark.slow
@pytest.mark.debian
@pytest.mark.usefixtures("demo")
def test_the_image_starts_a_jupyterlab_with_formgrader(image):
    asked = [f"{address}?token=secret" for address in ("formgrader/api/assignments", "lab")]
    server = ["env", "--chdir=demo-course", *image.entry, *image.command]
    line = ["python", "-c", ASK, " ".join(asked), *server]
    said = image.run(line, network=False, JUPYTER_TOKEN="secret")
    assert '"name": "01_flat_backprop"' in said
    assert "@jupyter/nbgrader" in said
