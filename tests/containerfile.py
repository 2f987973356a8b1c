"""A Containerfile, read and followed in a directory tree: a test runs its own lines, and no copy of them."""

import json
import os
import re
import shlex
import shutil
import ssl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CERTIFICATES = "/run/certificates.crt"
PIP = Path("/etc/pip.conf")


def instructions(text):
    """Each instruction of a Containerfile with its words, ``(name, rest)``; continued lines are joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


@dataclass
class Tree:
    """A Debian tree that becomes what the Containerfile says, as a builder would make its image."""

    root: Path
    user: str = "root"
    place: str = "/"
    variables: dict = field(default_factory=lambda: {"PATH": SEARCH_PATH})
    arguments: dict = field(default_factory=dict)
    command: list = field(default_factory=list)
    entry: list = field(default_factory=list)

    def follow(self, text, context):
        """Follow every instruction; ``context`` is where COPY finds its files."""
        for name, rest in instructions(text):
            match name:
                case "RUN":
                    self.run(["/bin/sh", "-c", rest])
                case "COPY":
                    self._copy(context, *shlex.split(rest))
                case "USER":
                    self.user = rest
                case "WORKDIR":
                    self.place = rest
                    self._inside(rest).mkdir(parents=True, exist_ok=True)
                case "ENV":
                    self.variables |= dict(word.split("=", 1) for word in shlex.split(rest))
                case "ARG":
                    self.arguments |= dict([rest.split("=", 1)])
                case "CMD":
                    self.command = json.loads(rest)
                case "ENTRYPOINT":
                    self.entry = json.loads(rest)
                case "FROM" | "EXPOSE":
                    pass
                case _:
                    raise NotImplementedError(f"{name} {rest}")

    def line(self, command, proc="masked", network=True, **variables):
        """The command line that runs this inside, as the user that is in force.

        ``proc`` is "masked", parts of it read-only or hidden as container runtimes have it, or "open".
        """
        inside = self.variables | self.arguments | _of_this_machine() | variables
        inside["HOME"] = "/root" if self.user == "root" else f"/home/{self.user}"
        as_user = [] if self.user == "root" else _as_user(self.root, self.user)
        masked = ["--unshare-pid", "--as-pid-1", "--proc", "/proc"]
        return [
            *("bwrap", "--die-with-parent", "--unshare-ipc", "--cap-add", "ALL", "--clearenv"),
            *([] if network else ["--unshare-net"]),
            *("--bind", str(self.root), "/", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"),
            *(masked if proc == "masked" else ["--bind", "/proc", "/proc"]),
            *("--tmpfs", "/run"),
            *_bound(),
            *("--chdir", self.place),
            *(word for name, value in inside.items() for word in ("--setenv", name, value)),
            *as_user,
            *command,
        ]

    def run(self, command, **how):
        """Run this inside and return what it prints; AssertionError with all of that when it fails."""
        ended = subprocess.run(
            self.line(command, **how),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{shlex.join(command)}\n{ended.stdout[-6000:]}"
        return ended.stdout

    def _copy(self, context, *words):
        *sources, into = words
        for source in (context / word for word in sources):
            if source.is_dir():
                shutil.copytree(source, self._inside(into), dirs_exist_ok=True)
            else:
                self._inside(into).mkdir(parents=True, exist_ok=True)
                shutil.copy(source, self._inside(into))

    def _inside(self, path):
        return self.root / path.lstrip("/")


def _as_user(root, name):
    """Give up root for good, as a container's runtime does before it starts the first process."""
    passwd = (root / "etc" / "passwd").read_text(encoding="utf-8")
    uid, gid = re.search(rf"^{name}:[^:]*:(\d+):(\d+):", passwd, re.MULTILINE).groups()
    identity = ["--reuid", uid, "--regid", gid, "--clear-groups"]
    return ["setpriv", *identity, "--inh-caps=-all", "--bounding-set=-all"]


def _of_this_machine():
    """How packages are found and trusted here: settings of pip, uv and proxies."""
    asked = re.compile(r"(PIP|UV)_(?!CACHE_DIR)|\w+_PROXY$", re.IGNORECASE)
    ours = {name: value for name, value in os.environ.items() if asked.match(name)}
    if _certificates():
        ours |= dict.fromkeys(("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"), CERTIFICATES)
    return ours


def _certificates():
    """The file of those that are trusted here, None where they are kept in another way."""
    return ssl.get_default_verify_paths().cafile


def _bound():
    """What those settings speak of: certificates, the resolver, pip's file, directories of packages."""
    certificates = _certificates()
    bound = ["--ro-bind", str(Path(certificates).resolve()), CERTIFICATES] if certificates else []
    bound += ["--ro-bind-try", str(Path("/etc/resolv.conf").resolve()), "/etc/resolv.conf"]
    settings = PIP.read_text(encoding="utf-8") if PIP.is_file() else ""
    bound += ["--ro-bind", str(PIP), str(PIP)] if settings else []
    settings += "\n".join(value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_")))
    for path in sorted(set(re.findall(r"(?<![\w/:])(?:file://)?(/[\w./-]+)", settings))):
        bound += ["--ro-bind", path, path] if Path(path).is_dir() else []
    return bound
