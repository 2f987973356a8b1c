"""What students and instructors do in a browser, done there: JupyterLab, Validate and Formgrader."""

import re

import pytest
from browser.conftest import window_on
from browser.open_notebook import OpenNotebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

ANSWER = "def product_of_sum(x, y, z)"
SELF_CHECK = "self_check(product_of_sum,"
GRADED = "the gradients there are -4, -4 and 3"
WRONG = 'q = x + y\n    return q * z, {"x": z, "y": z, "z": -q}'
RIGHT = 'return q * z, {"x": z, "y": z, "z": q}'


@pytest.fixture(scope="module")
def opened(chromium, lab):
    """A student's notebook, open in one window for the tests that use it: to load it takes longest."""
    with window_on(lab, chromium) as window:
        yield OpenNotebook(window, lab.url, "mine/flat_backprop.ipynb")


@pytest.fixture
def notebook(opened, request, pictures):
    """That notebook, as earlier tests left it; what it shows when the test ends is kept."""
    yield opened
    opened.page.screenshot(path=pictures / f"end-of-{request.node.name}.png")


def test_validate_says_which_cells_do_not_pass(notebook, pictures):
    notebook.panel.get_by_role("button", name="Validate").click()
    dialog = notebook.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("The following cell failed:")
    expect(dialog).to_contain_text('checks = Checks("1.3")')
    notebook.page.screenshot(path=pictures / "validate.png")
    dialog.locator(".jp-mod-accept").click()
    expect(dialog).to_have_count(0)


def test_a_student_is_told_what_is_wrong_and_sees_it_come_right(notebook, pictures):
    answer, self_check, graded = map(notebook.code_cell, (ANSWER, SELF_CHECK, GRADED))
    notebook.run_above(answer)
    picture = notebook.page.get_by_role("img", name="f = (x + y) z: x is an input, value −2, gradient −4;")
    expect(picture).to_be_visible()
    expect(notebook.page.locator(".jp-OutputArea img:not([alt])")).to_have_count(0)

    notebook.run(answer)
    expect(notebook.run(self_check).last).to_contain_text("product_of_sum: not written yet")

    notebook.type_over(answer, "raise NotImplementedError", WRONG)
    notebook.run(answer)
    report = notebook.run(self_check).last
    expect(report).to_contain_text("product_of_sum: gradient of `z` is wrong")
    expect(report).to_contain_text("yours -3, numerical 3")
    expect(report).to_contain_text("yours is the numerical gradient with the opposite sign")
    expect(notebook.run(graded).first).to_contain_text("✗ the gradients there are -4, -4 and 3")
    notebook.photograph(picture, pictures / "self-check-wrong.png")

    notebook.type_over(answer, '"z": -q', RIGHT)
    notebook.run(answer)
    expect(notebook.run(self_check).last).to_contain_text("product_of_sum: gradients of x, y, z are right")
    expect(notebook.run(graded).first).to_contain_text("✓ the gradients there are -4, -4 and 3  2 of 2")
    notebook.photograph(picture, pictures / "self-check-right.png")


def test_progress_and_figures_can_be_read_in_the_dark(notebook, pictures):
    notebook.menu("Settings", "Theme", "JupyterLab Dark")
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    answer, graded = notebook.code_cell(ANSWER), notebook.code_cell(GRADED)
    notebook.run_above(answer)
    notebook.write(answer, f"{ANSWER}:\n    {WRONG}")
    notebook.run(answer)
    notebook.run(graded)
    table = notebook.run(notebook.own_cell_below(graded, "import course_lib; course_lib.progress()"))
    expect(table.locator("tbody th")).to_have_text(["1.1", "1.2", "1.3"])
    expect(table).to_contain_text("7 checks: 1 passed, 1 failed, 5 not written yet")
    notebook.photograph(graded, pictures / "progress-dark.png")
    notebook.menu("Settings", "Theme", "JupyterLab Light")
    expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


def test_formgrader_generates_autogrades_and_takes_a_persons_points(notebook, pictures):
    page = notebook.page
    notebook.menu("Nbgrader", "Formgrader")
    desk = page.frame_locator("iframe")
    row = desk.locator("#main-table tr", has_text="01_flat_backprop")
    row.locator(".assign a").click()
    success = desk.locator("#success-modal")
    expect(success).to_contain_text("Successfully created")
    page.screenshot(path=pictures / "formgrader-generate.png")
    success.get_by_role("button", name="OK").click()
    expect(success).to_have_count(0)
    row.locator("xpath=ancestor::table").screenshot(path=pictures / "formgrader.png")

    row.locator(".num-submissions a").click()
    row = desk.locator("#main-table tr", has_text="ada")
    row.locator(".autograde a").click()
    expect(success).to_contain_text("Successfully autograded")
    expect(success).to_contain_text("Applying preprocessor: GradeApart")
    page.screenshot(path=pictures / "formgrader-autograde.png")
    success.get_by_role("button", name="OK").click()
    expect(success).to_have_count(0)
    expect(row.locator(".score")).to_have_text("90 / 100")
    row.locator("xpath=ancestor::table").screenshot(path=pictures / "formgrader-autograded.png")

    desk.get_by_role("link", name="Manual Grading").click()
    desk.locator("#main-table").get_by_role("link", name="01_flat_backprop").click()
    desk.locator("#main-table").get_by_role("link", name="flat_backprop").click()
    desk.locator("#main-table").get_by_role("link", name="Submission #1").click()
    score = desk.locator("input.score[id='12_written']")
    expect(score).to_have_class(re.compile("needs_manual_grade"))  # the page knows its grades now
    with page.expect_response(lambda response: "/formgrader/api/grade/" in response.url and response.ok):
        score.fill("8")
        score.press("Tab")
    page.screenshot(path=pictures / "formgrader-written.png")
    desk.locator(".breadcrumb, .navbar, nav").get_by_role(
        "link", name="flat_backprop", exact=True
    ).first.click()
    submission = desk.locator("#main-table tr", has_text="Submission #1")
    expect(submission.locator(".score")).to_have_text("98 / 100")
    expect(submission.locator(".written-score")).to_have_text("8 / 10")
    page.screenshot(path=pictures / "formgrader-total.png")
