"""JupyterLab's settings for tests: all cells in the page, and no question asked of servers elsewhere."""

import json

SETTINGS = {
    # Every cell is in the page, whether it has been scrolled to or not.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # The news feed aside, the extension manager is the one part that asks servers elsewhere.
    "@jupyterlab/extensionmanager-extension/plugin": {"enabled": False},
}


def put_settings(folder):
    """Write them where a JupyterLab finds its user's settings."""
    for plugin, settings in SETTINGS.items():
        path = folder / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
