"""A notebook in JupyterLab as a person handles it: find a cell, type into it, run it, read below it."""

import contextlib
import re

from playwright.sync_api import expect

HAS_RUN = re.compile(r"\[\d+\]")


class OpenNotebook:
    """The notebook at `path` under the server's root, opened in `page`; its kernel is ready."""

    def __init__(self, page, url, path):
        self.page = page
        page.goto(f"{url}/lab/tree/{path}?reset")
        self.panel = page.locator(".jp-NotebookPanel")
        cells = page.request.get(f"{url}/api/contents/{path}").json()["content"]["cells"]
        expect(self.panel.locator(".jp-Cell")).to_have_count(len(cells))  # they come one by one
        self.wait_until_idle()
        self.menu("View", "Expand All Code")  # machinery comes collapsed

    def wait_until_idle(self):
        """Wait for the kernel to be there and no cell to be running or waiting."""
        expect(self.panel.locator(".jp-InputPrompt", has_text="*")).to_have_count(0)
        self.panel.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()

    def code_cell(self, text):
        """The first code cell with `text` in its source; the same one still when that has been typed over."""
        cells = self.panel.locator(".jp-CodeCell")
        cells.filter(has=self.page.locator(".jp-InputArea", has_text=text)).first.wait_for()
        sources = cells.locator(".jp-InputArea").all_text_contents()
        return cells.nth(next(index for index, source in enumerate(sources) if text in source))

    def menu(self, *path):
        """Go through the menus, one label after the other."""
        self.page.locator(".lm-MenuBar-item", has_text=path[0]).first.click()
        for label in path[1:]:
            self.page.locator(".lm-Menu-item", has_text=label).first.click()

    def save(self):
        """Save it; what a busy server did not take the first time is sent again."""
        unsaved = self.page.locator(".lm-TabBar-tab.jp-mod-dirty")
        for _ in range(2):
            self.menu("File", "Save Notebook")
            with contextlib.suppress(AssertionError):
                return expect(unsaved).to_have_count(0, timeout=30_000)
        self.menu("File", "Save Notebook")
        return expect(unsaved).to_have_count(0)

    def run_above(self, cell):
        """Run all cells before this one."""
        cell.locator(".cm-content").click()
        self.menu("Run", "Run All Above Selected Cell")
        expect(self.panel.locator(".jp-CodeCell .jp-InputPrompt").first).to_have_text(HAS_RUN)
        self.wait_until_idle()

    def type_over(self, cell, line, text):
        """Select what the cell's line that holds `line` says, but for its indent, and type `text` instead."""
        cell.locator(".cm-line", has_text=line).click()
        self.page.keyboard.press("End")
        self.page.keyboard.press("Shift+Home")
        self.page.keyboard.insert_text(text)

    def write(self, cell, text):
        """Type `text` over all that the cell says."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def own_cell_below(self, cell, text):
        """Add a cell below this one, and type `text` into it."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        own = self.panel.locator(".jp-CodeCell.jp-mod-active .cm-content")
        expect(own).to_have_text("")
        own.click()
        self.page.keyboard.insert_text(text)
        return self.code_cell(text)

    def run(self, cell):
        """Press Shift-Enter in the cell, wait until it has run, and return its outputs."""
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(HAS_RUN)
        return cell.locator(".jp-OutputArea-output")

    def photograph(self, top, path):
        """Scroll `top` to the top of the window and keep what is seen from there on."""
        top.evaluate("element => element.scrollIntoView(true)")
        self.page.screenshot(path=path)
