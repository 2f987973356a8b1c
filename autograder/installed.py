"""This project as it is installed: its name, its requirements, its licence."""

from __future__ import annotations

import importlib.metadata

from packaging.requirements import Requirement

PROJECT = "backprop-course"


def requirements(extras: tuple[str, ...]) -> list[Requirement]:
    """What the project requires, with these extras, here; by name, without the extra it stood under."""
    wanted = []
    for line in importlib.metadata.requires(PROJECT) or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            if "extra" in str(marker):
                requirement.marker = None
            wanted.append(requirement)
    return sorted(wanted, key=lambda requirement: requirement.name)


def license_text() -> str:
    """The project's licence."""
    return importlib.metadata.distribution(PROJECT).read_text("licenses/LICENSE") or ""
