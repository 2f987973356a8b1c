from typing import Any

import IPython.display
import pytest


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is displayed, in order."""
    outputs: list[Any] = []
    monkeypatch.setattr(IPython.display, "display", lambda output, raw=False: outputs.append(output))
    return outputs
