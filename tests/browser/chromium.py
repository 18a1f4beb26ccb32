"""Where Chromium is, and how it is started. `python -m tests.browser.chromium` installs it where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = (
    "--no-sandbox",  # it is often root that runs the tests, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def on_this_machine() -> str | None:
    """The CHROMIUM of the environment, else the first one found on PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running headless Chromium: this machine's, else Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=on_this_machine(), args=[*FLAGS])
        yield browser
        browser.close()


def main() -> None:
    """Install what is missing: from Debian when root on a Debian, else Playwright's own Chromium (nothing to do when it is there)."""
    playwright = [sys.executable, "-m", "playwright"]
    apt = shutil.which("apt-get") if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    if apt:
        runs = subprocess.run([*playwright, "--version"], capture_output=True, check=False).returncode == 0
        missing = [*([] if on_this_machine() else ["chromium"]), *([] if runs else ["libatomic1"])]  # its Node.js needs the library
        if missing:
            sys.stderr.write(f"Installing {' and '.join(missing)} for the browser tests ...\n")
            quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run([apt, "update", "-qq"], check=True, env=quietly)
            subprocess.run([apt, "install", "-y", "-qq", "--no-install-recommends", *missing], check=True, env=quietly, stdout=sys.stderr)
    elif not on_this_machine():
        subprocess.run([*playwright, "install", "chromium"], check=True)


if __name__ == "__main__":
    main()
