"""The `course` command: what it offers, and how it ends."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from autograder import cli
from autograder.batch.run import GradeOptions
from autograder.doctor import State
from autograder.errors import CourseError
from autograder.grading_settings import Settings


@pytest.fixture
def place(monkeypatch):
    """A course is where it is, and may replace nothing called `kept`."""

    class Place:
        def __init__(self, root):
            self.root, self.assignments = root, Path("assignments")

        def config(self):
            return {}

        def refuse_to_replace(self, path):
            assert path.name != "kept"

        def __eq__(self, other):
            return self.root == other.root

        __hash__ = None

    monkeypatch.setattr(cli, "Course", Place)
    monkeypatch.setattr(cli, "bundled", lambda: Place("ours"))
    return Place


def ran(line):
    """The exit status, what went out and what went aside."""
    result = CliRunner().invoke(cli.app, line.split(), catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_every_command_says_in_a_sentence_what_it_does():
    commands = {
        command.callback.__name__: command.callback.__doc__ for command in cli.app.registered_commands
    }
    assert {"grade", "build", "export", "gradescope"} <= set(commands)
    assert [name for name, words in commands.items() if not words.splitlines()[0].endswith(".")] == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "grades.csv"), "grades.csv: No space left on device"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("odd"), "odd"),
        (CourseError("there is no assignment '03'"), "there is no assignment '03'"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence_with_the_place(monkeypatch, capsys, error, said):
    def failing():
        raise error

    monkeypatch.setattr(cli, "app", failing)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"course: {said}\n"


@pytest.mark.parametrize(
    ("line", "options", "as_json"),
    [
        ("", {}, False),
        (
            "--jobs 2 --student ada --student bob --force",
            {"jobs": 2, "students": ["ada", "bob"], "force": True},
            False,
        ),
        ("--seed 7 --dry-run --json", {"seed": 7, "dry_run": True}, True),
        ("--unsafe-no-sandbox", {"sandbox": "none"}, False),
        ("--scheduler tcp://there", {"scheduler": "tcp://there"}, False),
        ("--scheduler-file s.json", {"scheduler_file": "s.json"}, False),
    ],
)
def test_grading_starts_workers_first_and_ends_those_nobody_came_for(
    place, monkeypatch, line, options, as_json
):
    did = []
    settings = lambda config, sandbox: Settings(sandbox=sandbox or "bubblewrap")  # noqa: E731
    monkeypatch.setattr("autograder.grading_settings.settings_of", settings)
    monkeypatch.setattr(
        "autograder.workers.local.start", lambda jobs, given: did.append((jobs, given.sandbox))
    )
    monkeypatch.setattr("autograder.workers.local.close", lambda: did.append("closed"))
    wake = lambda address, path, given: did.append((address, path, cli.pickle.loads(given).sandbox))  # noqa: E731
    monkeypatch.setattr("autograder.workers.connecting.wake", wake)

    def show_run(course, assignment, given, *, as_json):
        did.append((course, assignment, given, as_json))
        return 130

    monkeypatch.setattr("autograder.batch.show.show_run", show_run)
    assert ran(f"grade 01 --course there {line}") == (130, "", "")
    given, sandbox = GradeOptions(**options), options.get("sandbox", "bubblewrap")
    cluster = given.scheduler or given.scheduler_file
    first = (given.scheduler, given.scheduler_file, sandbox) if cluster else (given.jobs, sandbox)
    assert did == [first, (place(Path("there")), "01", given, as_json), "closed"]


@pytest.mark.parametrize(("tier", "well", "status"), [("apart", True, 0), ("inside", False, 1)])
def test_what_a_check_found_is_said_with_how_many_cells_are_apart(place, monkeypatch, tier, well, status):
    class Item(SimpleNamespace):
        def __str__(self):
            return f"{self.tier} {self.works}"

    found = [Item(works=True, tier="apart"), Item(works=True, tier=tier), Item(works=False, tier="apart")]
    monkeypatch.setattr(
        "autograder.protection.check.check",
        lambda *given: (given == (place(Path()), "01") and found, Path("x/tiers.json")),
    )
    monkeypatch.setattr("autograder.protection.check.is_all_well", lambda given: well and given is found)
    count = 2 if tier == "apart" else 1
    ended, out, _ = ran("check 01")
    assert (ended, out.splitlines()[:3]) == (status, ["apart True", f"{tier} True", "apart False"])
    assert out.endswith(f"{count} of 3 graded cells are graded apart; wrote tiers.json\n")


@pytest.mark.parametrize(
    ("states", "status", "says"),
    [
        ((State.OK, State.LOOK), 0, "Ready to grade."),
        ((State.REFUSED, State.OK), 1, "Not ready to grade"),
    ],
)
def test_the_doctor_ends_as_grading_would(monkeypatch, states, status, says):
    class Finding(SimpleNamespace):
        def __str__(self):
            return f"it is {self.state.value}"

    monkeypatch.setattr(
        "autograder.doctor.examine", lambda course: [Finding(state=state) for state in states]
    )
    ended, out, _ = ran("doctor")
    assert (ended, out.splitlines()[:2]) == (status, [f"it is {state.value}" for state in states])
    assert says in out


def test_a_report_goes_where_it_may_and_is_drawn_for_no_screen(place, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "webagg")
    given = []
    monkeypatch.setattr(cli.gc, "freeze", lambda: given.append("frozen"))

    def write_report(course, assignment, to, **options):
        given.append((course, assignment, to, options, cli.os.environ["MPLBACKEND"]))
        return "wrote it"

    monkeypatch.setattr("autograder.report.write_report", write_report)
    assert ran("report 01 --to out.json --json --anonymous") == (0, "wrote it\n", "")
    assert ran("report 01")[0] == 0
    both, neither = ({"as_json": one, "anonymous": one} for one in (True, False))
    here = place(Path())
    assert given[::2] == ["frozen"] * 2
    assert given[1::2] == [(here, "01", Path("out.json"), both, "agg"), (here, "01", None, neither, "agg")]
    with pytest.raises(AssertionError):
        ran("report 01 --to kept")


def test_a_demo_grades_our_course_unless_it_is_told_of_another_or_stands_in_one(place, monkeypatch, tmp_path):
    given = []
    monkeypatch.setattr("autograder.rehearsal.demo.run", lambda *what: given.append(what) or len(given) > 1)
    monkeypatch.chdir(tmp_path)
    assert ran("demo") == (1, "", "")
    assert ran("demo --course there --students 3 --into demo --assignment 02") == (0, "", "")
    Path(cli.CONFIG).touch()
    ran("demo")
    assert given == [
        (place("ours"), Path("demo-course"), 12, ""),
        (place(Path("there")), Path("demo"), 3, "02"),
        (place(Path()), Path("demo-course"), 12, ""),
    ]


@pytest.fixture
def released(place, monkeypatch):
    """Two releases, of which the second may be stale; what was asked of the builder."""
    asked = []
    releases = [
        SimpleNamespace(
            path=name, source=name, is_current=lambda now=name: now == "one", difference=lambda: "- x"
        )
        for name in ("one", "two")
    ]

    def build(course, assignments, *, checked, tell):
        asked.append((course, assignments, checked))
        return [one for one in releases if not assignments or one.path in assignments]

    def stage(course, assignments):
        return build(course, assignments, checked=None, tell=None)

    monkeypatch.setattr("autograder.authoring.build.build", build)
    monkeypatch.setattr("autograder.authoring.build.stage", stage)
    monkeypatch.setattr("autograder.sources.exercises.exercises", lambda source: [source])
    monkeypatch.setattr("autograder.sources.exercises.transcription", lambda every: f"of {every}")
    return asked


def test_exercises_are_listed_or_put_into_a_page(place, monkeypatch, tmp_path):
    monkeypatch.setattr(place, "assignment_names", lambda self: ["01", "02"], raising=False)
    monkeypatch.setattr(place, "source_of", lambda self, name: f"{name}.py", raising=False)
    monkeypatch.setattr("autograder.sources.source.read_source", lambda path: path)
    monkeypatch.setattr("autograder.sources.exercises.exercises", lambda source: [f"of {source}"])
    monkeypatch.setattr("autograder.sources.exercises.table", lambda every: f"table {' and '.join(every)}")
    monkeypatch.setattr("autograder.sources.exercises.transcription", lambda every: f"{len(every)}")
    assert ran("exercises 02") == (0, "table of 02.py\n\n1.\n", "")
    put = []
    monkeypatch.setattr("autograder.sources.exercises.put_into", lambda *given: put.append(given))
    assert ran("exercises --into page.md") == (0, "wrote 2 exercises into page.md\n", "")
    assert put == [(Path("page.md"), "table of 01.py and of 02.py\n\n2.")]


def test_what_was_built_is_said_one_by_one_and_in_all(place, released):
    one, two = "built one: of ['one']\n", "built two: of ['two']\n"
    assert ran("build") == (0, f"{one}{two}in all: of ['one', 'two']\n", "")
    assert ran("build two --unchecked --course there") == (0, two, "")
    assert released == [(place(Path()), (), True), (place(Path("there")), ["two"], False)]


def test_stale_releases_are_named_with_what_differs(released):
    assert ran("build --check one") == (0, "assignments/ is up to date\n", "")
    assert ran("build --check") == (1, "", "stale: two (run `course build`)\n- x\n")
