"""Two kernels with one way to talk to them: the laboratory's in a page, and the one of this machine.

Either takes the same messages of the Jupyter protocol, so that what differs is Python and what lies below it.
"""

import json
import re
from dataclasses import dataclass, field

from jupyter_client.manager import start_new_kernel

SECONDS = 240  # for one cell, and for a kernel to start
NUMBER = re.compile(r"[-−]?\d+\.?\d*(?:e[-+]?\d+)?")
ADDRESS = re.compile(r"0x[0-9a-f]+")
# Both say in the kernel's own clock how long the cell ran, without the way there and back.
CLOCK = """
import time as _time
def _starts(*_): _clock[0] = _time.perf_counter()
def _ends(*_): _clock[1] = _time.perf_counter() - _clock[0]
_clock = [0.0, 0.0]
get_ipython().events.register("pre_run_cell", _starts)
get_ipython().events.register("post_run_cell", _ends)
"""
SHOWN = ("stream", "error", "execute_result", "display_data")

START = """async () => {
  const services = window.jupyterapp.serviceManager;
  await services.ready;
  const session = await services.sessions.startNew(
    {path: 'one.ipynb', name: 'one', type: 'notebook', kernel: {name: 'python'}});
  window.kernel = session.kernel;
  await window.kernel.info;
}"""
EXECUTE = """async ([code, shown]) => {
  const outputs = [];
  const future = window.kernel.requestExecute(
    {code, stop_on_error: false, allow_stdin: false, user_expressions: {seconds: '_clock[1]'}});
  future.onIOPub = (message) => {
    if (shown.includes(message.header.msg_type)) outputs.push(message.content);
  };
  const reply = await future.done;
  return JSON.stringify({outputs, expressions: reply.content.user_expressions ?? {}});
}"""


@dataclass(frozen=True)
class Ran:
    """What a cell showed, what it raised, and the seconds it took if its kernel has a clock."""

    text: str
    raised: str = ""
    seconds: float = 0.0

    def to_three_digits(self):
        return rounded(self.text), rounded(self.raised)


@dataclass
class KernelInPage:
    """The kernel of JupyterLite in a page of the site; ``run`` sends it one cell."""

    window: object
    address: str
    used: dict = field(default_factory=dict)

    def __post_init__(self):
        self.window.goto(f"{self.address}/site/lite/tree/index.html")
        self.window.wait_for_function("() => window.jupyterapp?.serviceManager")
        self.window.evaluate(START)
        self.run(CLOCK)

    def run(self, code):
        got = json.loads(self.window.evaluate(EXECUTE, [code, SHOWN]))
        return ran(got["outputs"], got["expressions"])


class KernelHere:
    """A kernel of this machine, as JupyterLab would start one."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="python3")
        self.run(CLOCK)

    def run(self, code):
        outputs = []

        def keep(message):
            if message["header"]["msg_type"] in SHOWN:
                outputs.append(message["content"])

        reply = self.client.execute_interactive(
            code,
            output_hook=keep,
            stop_on_error=False,
            allow_stdin=False,
            timeout=SECONDS,
            user_expressions={"seconds": "_clock[1]"},
        )
        return ran(outputs, reply["content"].get("user_expressions", {}))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def ran(outputs, expressions):
    text = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs]
    raised = [f"{one['ename']}: {one['evalue']}" for one in outputs if "ename" in one]
    seconds = expressions.get("seconds", {}).get("data", {}).get("text/plain", "0")
    # in pieces of any size, and what comes of display apart from what is printed
    return Ran("\n".join("".join(text).split("\n")), "\n".join(raised), float(seconds))


def rounded(text):
    """The text with its numbers to three digits, and without addresses in memory."""
    return NUMBER.sub(three_digits, ADDRESS.sub("0x", text))


def three_digits(number):
    return f"{float(number[0].replace('−', '-')):.3g}"
