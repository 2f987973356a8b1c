"""A JupyterHub on this machine to try a whole class on: an instructor, students, nbgrader's exchange.

    HUB_PLACE=~/hub HUB_COURSE=~/course HUB_PASSWORD=... jupyterhub --config jupyterhub_config.py

Everybody's server runs as the user who started this, in a home below HUB_PLACE: for trying, and for tests.
What a hub for real people sets in place of the lines marked "to try" is said in docs/jupyterhub.md.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub provides it

place = Path(os.environ["HUB_PLACE"]).expanduser().resolve()
course = Path(os.environ["HUB_COURSE"]).expanduser().resolve()
port = int(os.environ.get("HUB_PORT", "8000"))
instructors = set(os.environ.get("HUB_INSTRUCTORS", "instructor").split())
students = set(os.environ.get("HUB_STUDENTS", "ada bob").split())

exchange = place / "exchange"
exchange.mkdir(parents=True, exist_ok=True)
# nbgrader wants it writable by everyone, whatever the umask; nobody is to move away what is another's.
exchange.chmod(0o1777)

# Loopback alone, until there is a certificate: c.JupyterHub.ssl_cert and ssl_key.
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.pid_file = str(place / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{place / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(place / "cookie_secret")
c.JupyterHub.authenticator_class = "shared-password"  # to try: one password for everybody
c.SharedPasswordAuthenticator.user_password = os.environ["HUB_PASSWORD"]
c.Authenticator.allowed_users = instructors | students
c.JupyterHub.spawner_class = "simple"  # to try
c.SimpleLocalProcessSpawner.home_dir_template = str(place / "homes" / "{username}")
c.JupyterHub.cleanup_servers = True

c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.default_url = "/lab"
c.Spawner.environment = {
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
c.Spawner.args = ["--LabApp.news_url=", "--LabApp.extension_manager=readonly"]
if os.name == "posix" and os.geteuid() == 0:
    c.Spawner.args.append("--allow-root")


# Formgrader shows its pages in a frame of JupyterLab's; the hub forbids frames unless told which it may have.
FRAMES = """c = get_config()
c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}
"""


def prepare(spawner):
    """Before a server starts: who it is for, in the configuration that Jupyter reads in that home."""
    name = spawner.user.name
    home = place / "homes" / name
    (home / ".jupyter").mkdir(parents=True, exist_ok=True)
    if name in instructors:
        spawner.notebook_dir = str(course)
        lines = [f"c.CourseDirectory.root = {str(course)!r}", "c.ExchangeCollect.check_owner = False"]
        (home / ".jupyter" / "jupyter_server_config.py").write_text(FRAMES, encoding="utf-8")
        lines = [f"load_subconfig({str(course / 'nbgrader_config.py')!r})", *lines]
    else:
        # To try: one user of the operating system is everybody, so nbgrader is told who hands in.
        lines = [f"c.CourseDirectory.student_id = {name!r}"]
    lines = ["c = get_config()", *lines, f"c.Exchange.root = {str(exchange)!r}"]
    (home / ".jupyter" / "nbgrader_config.py").write_text("\n".join(lines) + "\n", encoding="utf-8")


c.Spawner.pre_spawn_hook = prepare
