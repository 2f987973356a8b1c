"""A PostgreSQL server for tests: on a loopback port, as an unprivileged user, gone when the tests are."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

USER = "grader"
PATIENCE_SECONDS = 60


def programs():
    """The directory of the newest server's programs, which Debian keeps off the path; None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextlib.contextmanager
def running_server(fsync=False):
    """Start a server on an empty cluster; yields its URL, to which the name of a database is to be added.

    Without ``fsync`` it is faster, and would not survive a power cut.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/tmp") as place:
        identity = _unprivileged(place)
        data, password = Path(place, "data"), secrets.token_hex(16)
        phrase = Path(place, "password")
        phrase.write_text(password, encoding="utf-8")
        initdb = [programs() / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "--no-sync"]
        subprocess.run(
            [*map(str, initdb), "-E", "UTF8", "--locale=C", f"--pwfile={phrase}"],
            check=True,
            capture_output=True,
            cwd=place,
            **identity,
        )
        port = _free_port()
        server = [programs() / "postgres", "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1"]
        process = subprocess.Popen(
            [
                *map(str, server),
                "-c",
                f"unix_socket_directories={place}",
                "-c",
                f"fsync={'on' if fsync else 'off'}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=place,
            **identity,
        )
        try:
            _wait_for(process, f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres")
            yield f"postgresql+psycopg://{USER}:{password}@127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)  # the "fast" shutdown, which does not wait for clients
            process.wait(PATIENCE_SECONDS)


def new_database(server):
    """The URL of a new, empty database on a running server."""
    name = f"course_{secrets.token_hex(8)}"
    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def _unprivileged(place):
    """How to start a process that is not root's, as PostgreSQL insists; it is given ``place``."""
    if os.getuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(process, url):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            assert process.poll() is None, "the server ended before it was ready"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
        else:
            return
