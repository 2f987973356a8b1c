"""Opening a course's gradebook: built, reachable, and of this nbgrader's own schema, or one sentence."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbgrader.api import Base, Gradebook
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course, expect_warnings, patient
from autograder.errors import CourseError

BUILD = "run `course build`, or `nbgrader generate_assignment` where sources are notebooks"


class NotBuilt(CourseError):  # noqa: N818 - it says what there is not
    """There is no gradebook yet, or nothing in it: the first build makes it."""


def open_gradebook(course: Course) -> Gradebook:
    """A session with the course's gradebook; CourseError, and nothing changed, if it is not as it should be.

    nbgrader itself creates what is missing, and meets an older schema with an error in the middle of a class.
    """
    directories = course.directories()
    expect_warnings()
    check_gradebook(make_url(directories.db_url))
    return _Opened(patient(directories.db_url), directories.course_id)


def begin_gradebook(address: str) -> None:
    """Make the tables where there are none: as nbgrader would, which starts alembic to ask for a revision."""
    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            if not inspect(connection).get_table_names():
                Base.metadata.create_all(connection)
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
                row = "INSERT INTO alembic_version (version_num) VALUES (:newest)"
                connection.execute(text(row), {"newest": _newest_revision()})
    except SQLAlchemyError as error:
        raise CourseError(f"the gradebook {engine.url} cannot be opened: {cause_of(error)}") from error
    finally:
        engine.dispose()


class _Opened(Gradebook):  # type: ignore[misc]
    """nbgrader's, which says in one sentence where what the database holds cannot be read."""

    def __exit__(self, kind: Any, error: BaseException | None, where: Any) -> None:
        super().__exit__(kind, error, where)
        if isinstance(error, SQLAlchemyError):
            raise CourseError(f"the gradebook {self.engine.url} cannot be read: {cause_of(error)}") from error


def cause_of(error: BaseException) -> str:
    """What a database said, on one line, without what SQLAlchemy says around it."""
    return " ".join(str(getattr(error, "orig", None) or error).split())


@contextlib.contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """nbgrader's API commits at every step; within this block its commits only flush."""
    session = gradebook.db
    commit = session.commit
    session.commit = session.flush
    try:
        yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.commit = commit


def check_gradebook(url: URL) -> None:
    """CourseError if a gradebook is missing, cannot be opened, or is of another schema; none is made.

    It leaves no connection behind, which nbgrader does where opening fails.
    """
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise NotBuilt(f"the course is not built: there is no gradebook {url.database}; {BUILD}")
    try:
        found = _revision(url)
    except (SQLAlchemyError, ImportError) as error:
        raise CourseError(f"the gradebook {url} cannot be opened: {cause_of(error)}") from error
    if found != _newest_revision():
        raise CourseError(
            f"the gradebook {url} was made by another version of nbgrader than {version('nbgrader')} (its "
            f"schema is {found or 'older than any'}, not {_newest_revision()}); use that version, or keep a "
            "copy and run `nbgrader db upgrade`"
        )


def _revision(url: URL) -> str | None:
    """The schema's revision as the gradebook says; CourseError when it holds nothing yet."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            if not tables:
                raise NotBuilt(f"the course is not built: its gradebook is empty; {BUILD}")
            if "alembic_version" not in tables:
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if found is None else str(found)
    finally:
        engine.dispose()


def _newest_revision() -> str:
    """The revision that no other follows; read off nbgrader's files, for importing alembic takes a second."""
    sources = [path.read_text(encoding="utf-8") for path in Path(ALEMBIC_DIR, "versions").glob("*.py")]
    (newest,) = _values("revision", sources) - _values("down_revision", sources)
    return newest


def _values(name: str, sources: Iterable[str]) -> set[str]:
    found = (re.search(rf"^{name} = ['\"](\w+)['\"]", source, re.MULTILINE) for source in sources)
    return {match[1] for match in found if match}
