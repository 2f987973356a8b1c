"""The first page: a wrong gradient, what the checker says about it, and a picture, within one screen."""

from __future__ import annotations

import html
import linecache
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from autograder.pages.reports import report_lines
from autograder.site_pages.notebooks import SAYS, opens_here
from course_lib import check_vjp

CODE = """def forward(x, b):
    return np.maximum(x + b, 0), x + b > 0

def backward(dout, on):
    dx = dout * on
    db = dx.mean(axis=0)
    return dx, db
"""
NAME = "<landing page>"
NEURON = (
    "The computational graph of a sigmoid neuron: inputs w0, x0, w1, x1 and w2 go through products, sums and "
    "the sigmoid; the value stands above each wire, its gradient below."
)
PAGE = """---
html_theme.sidebar_secondary.remove: true
---

# {title}

<p class="lead">Notebooks that take you from one multiplication to a deep network, and a checker that says
<em>why</em> a gradient is wrong, and on which line.</p>

<div class="course-buttons">
{start}
<a class="course-button" href="syllabus.html">See the syllabus</a>
<a class="course-button" href="samples.html">For instructors: samples</a>
</div>
{says}

<div class="course-first">
<div>

A backward pass with a slip:

```python
{code}```

</div>
<div>

What the checker says:

<pre class="course-report" tabindex="0" aria-label="What the checker says">{report}</pre>

</div>
<div>

What the notebook draws, values above and gradients below:

<div class="course-wide" tabindex="0" role="group" aria-label="A picture, perhaps wider than the page">
<img class="course-picture" src="_static/neuron.png" alt="{neuron}">
</div>

</div>
</div>

## What is here

{assignments}

* **Students**: {{doc}}`how a notebook works <docs/students>`, {{doc}}`the checker <docs/gradcheck>`, and the
  {{doc}}`reference <api>`.
* **Instructors**: {{doc}}`grading with nbgrader or one command <docs/instructors>`,
  {{doc}}`what holds against hostile submissions <docs/security>`, and {{doc}}`samples <samples>` of the
  class report and of a student's feedback.
* **Authors**: {{doc}}`one text file per notebook <docs/authoring>`.

```{{toctree}}
:hidden:

syllabus
assignments/index
docs/index
api
samples
```
"""


def page(
    title: str, titles: Mapping[str, str], static: Path, *, path: str, pyodide: str, picture: Path
) -> str:
    """The page as Markdown; the report in it is what the checker says here and now."""
    (static / "neuron.png").write_bytes(picture.read_bytes())
    assignments = "\n".join(
        f"{number}. {{doc}}`{words} <assignments/{name}>`"
        for number, (name, words) in enumerate(titles.items(), 1)
    )
    return PAGE.format(
        title=title,
        code=CODE,
        report="".join(map(_line, report_lines(report()))),
        neuron=NEURON,
        assignments=assignments,
        start=opens_here(f"lite/notebooks/index.html?path={path}", path, pyodide, "Start in this browser"),
        says=SAYS,
    )


def _line(text: str) -> str:
    """A line of the report; where it is broken on a narrow page, its rest stands a little to the right."""
    words = text.lstrip()
    return f'<span style="--indent: {len(text) - len(words)}ch">{html.escape(words, quote=False)}</span>'


def report() -> str:
    """What the checker says about the code of the page, without the line of inputs."""
    linecache.cache[NAME] = (len(CODE), None, CODE.splitlines(keepends=True), NAME)  # as a notebook does
    names: dict[str, object] = {"np": np}
    exec(compile(CODE, NAME, "exec"), names)
    x, b = np.random.default_rng(0).normal(size=(64, 3)), np.zeros(3)
    said = str(check_vjp(names["forward"], names["backward"], x, b))  # type: ignore[arg-type]
    return "\n".join(line for line in said.splitlines() if not line.lstrip().startswith("inputs:"))
