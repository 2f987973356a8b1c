"""A hostile class looked at in a browser, on every page that shows its names, words, outputs: nothing runs.

Payloads name a variable, PAYLOAD, which reports to the browser's console whenever a script in whatever frame
reads it. Formulas are set by a MathJax whose safe mode is taken out.
"""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from browser.conftest import PATIENCE, REPOSITORY, running_lab
from browser.mathjax import MathJax, find_archive

from autograder.authoring.build import build
from autograder.course import CONFIG, Course
from autograder.grading.warm import close_graders
from autograder.report import write_report
from autograder.sources.markers import without_markers

sys.path.insert(0, str(Path(__file__).parents[1] / "submissions"))
from hostile_class import ASSIGNMENT, SOURCE, hand_in, load_attacks, right

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

# Those with something to run, and formulas, which the browser sets: test_hostile.py reads the pages of all.
ATTACKS = {
    attack.name: attack
    for attack in load_attacks()
    if attack.name.startswith(("html_in", "a_page"))
    and ("PAYLOAD" in str(attack) or attack.name in ("a_page_of_definitions", "a_page_of_open_formulas"))
}
HONEST = ["o'brien (josé);b=c,d", "x+y 李", "anna-lena.{{7*7}}$x$"]
HOSTILE = [
    "<img src=x onerror=PAYLOAD>",
    '";PAYLOAD;"',
    "&lt;svg onload=PAYLOAD&gt;",
    'a\\";PAYLOAD',
    "%22;PAYLOAD",
]
WORDS = "<img src=x onerror=PAYLOAD>"
LISTS = [
    "manage_assignments",
    "manage_submissions/wall",
    "gradebook",
    "gradebook/wall",
    "gradebook/wall/wall",
]
LISTS += ["manage_students"]
REPORTS = """
Object.defineProperty(window, "PAYLOAD", {get() { console.log("A PAYLOAD RAN"); return "ran"; }});
"""
WOULD_RUN = """
() => [...document.querySelectorAll("*")].flatMap(element => [...element.attributes].filter(attribute =>
    /^on/i.test(attribute.name) && /PAYLOAD/.test(attribute.value)
    || /^(href|src|action|formaction|srcdoc|data|xlink:href|content)$/i.test(attribute.name)
       && /^[\\s\\0]*(javascript|vbscript|data:(?!image)|.*url=(javascript|data))/i.test(attribute.value)
    ).map(attribute => element.outerHTML.slice(0, 200)))
"""


@pytest.fixture(scope="module")
def hostile_course(tmp_path_factory):
    """A graded class with feedback and a report: attacks, honest and hostile names, in the gradebook too."""
    root = tmp_path_factory.mktemp("hostile")
    (root / CONFIG).write_bytes((REPOSITORY / CONFIG).read_bytes())
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    (root / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py").write_bytes(SOURCE.read_bytes())
    course = Course(root)
    (release,) = build(course, [ASSIGNMENT], checked=False)
    blank = nbformat.reads(release.content, as_version=4)
    answers = {cell.grade_id: cell for cell in release.source.cells if cell.role == "answer"}
    solution = {name: without_markers(cell.cell.source) for name, cell in answers.items()}
    for name, attack in ATTACKS.items():
        hand_in(attack, blank, solution, course.submitted / name / ASSIGNMENT, {})
    for name in [*HONEST, *HOSTILE]:
        folder = course.submitted / name / ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(right(blank, solution), folder / f"{ASSIGNMENT}.ipynb")
    assert course.api(GradeApart={"limits": {"memory_mb": 512}}).autograde(ASSIGNMENT, "*")["success"]
    close_graders()
    with course.api().gradebook as gradebook:
        called = {"first_name": WORDS, "last_name": f'"{WORDS}', "email": WORDS}
        gradebook.update_or_create_student(HONEST[0], **called)
    assert course.api().generate_feedback(ASSIGNMENT, "*")["success"]
    write_report(course, ASSIGNMENT, None, as_json=False, anonymous=False)
    return course


@pytest.fixture(scope="module")
def hostile_lab(hostile_course, tmp_path_factory):
    with running_lab(hostile_course, tmp_path_factory.mktemp("hostile-jupyter")) as running:
        yield running


@pytest.fixture(scope="module")
def mathjax():
    archive = find_archive()
    return MathJax(archive) if archive else None


@pytest.fixture(scope="module")
def visit(chromium, hostile_lab, mathjax):
    """Opens a page, waits for what it loads, and says what ran there and what would run at a click."""
    context = chromium.new_context()
    context.set_default_timeout(1000 * PATIENCE)
    context.request.get(f"{hostile_lab.url}/lab", params={"token": hostile_lab.token})
    context.add_init_script(REPORTS)
    if mathjax:
        context.route(re.compile("^https:"), mathjax.serve)
    window = context.new_page()
    said = []
    window.on("console", lambda message: said.append(message.text))
    window.on("dialog", lambda dialog: (said.append(f"A PAYLOAD RAN: {dialog.message}"), dialog.dismiss()))

    def look(address, follow=None):
        """The page at this address, or the one that ``follow`` goes to from there."""
        said.clear()
        if follow is None:
            window.goto(address)
        else:
            follow.click()
            window.wait_for_url(address)
        window.wait_for_function("() => !document.body.innerText.includes('Loading, please wait')")
        window.wait_for_load_state("networkidle")
        if window.evaluate("() => Boolean(window.MathJax?.Hub?.Queue(() => window.formulas_are_set = true))"):
            window.wait_for_function("() => window.formulas_are_set")
        return [*(text for text in said if "PAYLOAD RAN" in text), *window.evaluate(WOULD_RUN)]

    look.window = window
    yield look
    context.close()


def submission_of(course, student):
    with course.api().gradebook as gradebook:
        return gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student).id


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_formgrader_runs_nothing(hostile_lab, visit, path):
    assert visit(f"{hostile_lab.url}/formgrader/{path}") == []
    assert len(visit.window.locator("#main-table tr").all()) >= 1


@pytest.mark.parametrize("student", HONEST)
def test_a_students_own_pages_show_the_name_and_run_nothing(hostile_course, hostile_lab, visit, student):
    base = f"{hostile_lab.url}/formgrader"
    assert visit(f"{base}/manage_students") == []
    row = visit.window.locator("#main-table tr", has_text=student)
    assert visit("**/manage_students/*", follow=row.locator(".name a").first) == []
    work = visit.window.locator("#main-table a", has_text=ASSIGNMENT).first
    assert visit(f"**/manage_students/*/{ASSIGNMENT}", follow=work) == []
    assert visit.window.locator(".breadcrumb li").nth(1).inner_text().strip() == student
    assert visit.window.locator("#main-table .score").first.inner_text().startswith("80 / ")
    assert visit(f"{base}/submissions/{submission_of(hostile_course, student)}/") == []


@pytest.mark.parametrize("student", ATTACKS)
def test_a_submissions_page_runs_nothing(hostile_course, hostile_lab, visit, mathjax, student):
    address = f"{hostile_lab.url}/formgrader/submissions/{submission_of(hostile_course, student)}/"
    assert visit(address) == []
    assert visit.window.locator("input.score").count() == 5
    if mathjax:
        assert visit.window.evaluate("() => window.MathJax.isReady")


@pytest.mark.parametrize("student", [*ATTACKS, *HONEST])
def test_a_feedback_page_runs_nothing(hostile_course, visit, student):
    page = hostile_course.feedback / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert visit(page.as_uri()) == []


def test_the_report_runs_nothing(hostile_course, visit):
    assert visit((hostile_course.root / "reports" / f"{ASSIGNMENT}.html").as_uri()) == []


def test_a_name_that_no_page_can_show_is_nobodys(hostile_course):
    with hostile_course.api().gradebook as gradebook:
        assert {student.id for student in gradebook.students} == {*ATTACKS, *HONEST}


def test_what_reports_a_payload_would_see_one(hostile_lab, visit, tmp_path):
    page = tmp_path / "page.html"
    for attack in [
        WORDS,
        "<iframe srcdoc='<script>PAYLOAD</script>'></iframe>",
        "<a href=' javascript:x'>x</a>",
    ]:
        page.write_text(f"<body>{attack}</body>")
        assert visit(page.as_uri())


def test_mathjax_without_its_safe_mode_would_make_a_link_that_runs(hostile_lab, visit, mathjax, tmp_path):
    if mathjax is None:
        pytest.skip("needs MathJax 2.7.7: npm, and a registry to fetch it from")
    source = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/latest.js?config=TeX-AMS_CHTML-full,Safe"
    page = tmp_path / "page.html"
    page.write_text(f"<script src='{source}'></script><p>\\(\\href{{javascript:PAYLOAD}}{{x}}\\)</p>")
    assert any("javascript:PAYLOAD" in element for element in visit(page.as_uri()))
