"""Two kernels with one way to talk to them: the laboratory's in a page, and the one of this machine.

Either takes the same messages of the Jupyter protocol, so that what differs is Python and what lies below it.
"""

import json
import re
from dataclasses import dataclass

from jupyter_client.manager import start_new_kernel

SECONDS = 240  # for one cell, and for a kernel to start
VERDICT = re.compile(r"[✓✗○]|[\d.]+ of [\d.]+$|is (?:right|wrong)|likely cause: \D*", re.MULTILINE)
NUMBER = re.compile(r"[-−]?\d+\.?\d*(?:e[-+]?\d+)?")
ADDRESS = re.compile(r"0x[0-9a-f]+")
# WebAssembly has no floating-point flags, so that NumPy warns of nothing there: the one thing that differs.
WARNED = re.compile(
    r"\n +RuntimeWarning: (?:overflow|underflow|divide by zero|invalid value) encountered in [^\n]*"
)
# Allowed errors are measured: they follow the rounding of exp and tanh, which is another there.
ALLOWED = re.compile(r"(allowed error\s+)[-+.\de]+")
NOTHING_PRINTED = re.compile(r"\n( *)your code printed:(?!\n\1 )")
# Either says by its own clock how long the last cell ran, without the way there and back. Where matplotlib
# is new, it says once that it looks for fonts.
BEGIN = """
def begin(shell):
    import time
    import matplotlib.font_manager
    shell.seconds, started = [0.0], [0.0]
    shell.displayhook.cache_size = 0  # it warns after a thousand results
    def starts(*_): started[0] = time.perf_counter()
    def ends(*_): shell.seconds[0] = time.perf_counter() - started[0]
    shell.events.register("pre_run_cell", starts)
    shell.events.register("post_run_cell", ends)
begin(get_ipython())
"""
AGAIN = "%reset -f"
LASTED = "print(get_ipython().seconds[0])"
SHOWN = ("stream", "error", "execute_result", "display_data")

# Not waited for in the page, where nothing ends the waiting.
START = """() => {
  const services = window.jupyterapp.serviceManager;
  services.ready.then(async () => {
    const session = await services.sessions.startNew(
      {path: 'one.ipynb', name: 'one', type: 'notebook', kernel: {name: 'python'}});
    await session.kernel.info;
    window.kernel = session.kernel;
  });
}"""
OF_NOTEBOOK = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel"
EXECUTE = """async ([code, shown]) => {
  const outputs = [];
  const future = window.kernel.requestExecute({code, stop_on_error: false, allow_stdin: false});
  future.onIOPub = (message) => {
    if (shown.includes(message.header.msg_type)) outputs.push(message.content);
  };
  await future.done;
  return JSON.stringify(outputs);
}"""


@dataclass(frozen=True)
class Ran:
    """What a cell showed and what it raised."""

    text: str
    raised: str = ""

    def to_three_digits(self):
        return rounded(self.text), rounded(self.raised)

    def verdict(self):
        """What was right and wrong, the points, the causes named and the kind of error, without numbers."""
        return VERDICT.findall(self.text), self.raised.partition(":")[0]


def ran(outputs):
    """What a cell with these outputs showed and raised: of a message or of a notebook, which are alike."""
    # in pieces of any size, and what comes of display apart from what is printed
    text = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs]
    # Pyodide's kernel names an error as its class is shown
    names = [re.sub(r"<class '(.*)'>", r"\1", one["ename"]) for one in outputs if "ename" in one]
    values = [one["evalue"] for one in outputs if "ename" in one]
    raised = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
    return Ran("".join(text), "\n".join(raised))


class Kernel:
    """A kernel: ``run`` sends a cell, ``lasted`` how many seconds that took, ``again`` forgets names.

    ``begin`` has it look at its clock, and at its fonts, which it does once and says.
    """

    def begin(self):
        self.run(BEGIN)

    def run(self, code):
        return ran(self.outputs_of(code))

    def lasted(self):
        return float(self.run(LASTED).text)

    def again(self):
        self.run(AGAIN)


class KernelInPage(Kernel):
    """The kernel of JupyterLite, in a page of the site."""

    def __init__(self, window, address):
        self.window = window
        window.goto(f"{address}/lite/tree/index.html")
        window.wait_for_function("() => window.jupyterapp?.serviceManager")
        window.evaluate(START)
        window.wait_for_function("() => window.kernel")

    def outputs_of(self, code):
        return json.loads(self.window.evaluate(EXECUTE, [code, SHOWN]))


class KernelOfNotebook(KernelInPage):
    """The kernel of a notebook that is opened in a page of the site, which can be used there too."""

    def __init__(self, window, address):
        self.window = window
        window.goto(address)
        window.wait_for_function(f"() => window.kernel = {OF_NOTEBOOK}")


class KernelHere(Kernel):
    """A kernel of this machine, as JupyterLab would start one."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="python3")

    def outputs_of(self, code):
        outputs = []

        def keep(message):
            if message["header"]["msg_type"] in SHOWN:
                outputs.append(message["content"])

        self.client.execute_interactive(
            code, output_hook=keep, stop_on_error=False, allow_stdin=False, timeout=SECONDS
        )
        return outputs

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def rounded(text):
    """The text with its numbers to three digits, without addresses in memory, allowed errors and what NumPy
    warns of."""
    text = ALLOWED.sub(r"\1", NOTHING_PRINTED.sub("", WARNED.sub("", text)))
    return NUMBER.sub(three_digits, ADDRESS.sub("0x", text))


def three_digits(number):
    return f"{float(number[0].replace('−', '-')):.3g}"


def code_of(notebook):
    """The notebook's code cells, which run one after the other."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def exercise_with(composer, answer):
    """The cells of the answer's exercise, by id, with it in place: from its first answer to its last check.

    Figures are left out; they check nothing.
    """
    number = f"{answer.exercise.partition('_')[0]}_"
    cells = code_of(composer.release)
    own = [place for place, cell in enumerate(cells) if cell.id.startswith(number)]
    first = next(place for place in own if cells[place].metadata["nbgrader"]["solution"])
    texts = {**composer.solution, answer.exercise: answer.source}
    return {
        cell.id: texts.get(cell.id, cell.source)
        for cell in cells[first : own[-1] + 1]
        if "figure" not in cell.id and cell.metadata.get("nbgrader")
    }


def restored(composer, answer):
    """What defines the exercise's answers as they were before a known answer was tried."""
    number = f"{answer.exercise.partition('_')[0]}_"
    return "\n\n".join(source for name, source in composer.solution.items() if name.startswith(number))
