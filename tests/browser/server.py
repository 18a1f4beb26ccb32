"""The app as people start it, on a free port, for as long as a test or a benchmark needs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

ROOT = Path(__file__).parent.parent.parent


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:  # noqa: S310  always http to this machine
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def running_app(data: Path, script: str = "streamlit_app.py", streamlit: str = "streamlit", seconds: float = 60) -> Iterator[str]:
    """Start `script` on the snapshot in `data`; yields its address, ends its process afterwards.

    `streamlit` is the module that is run: a benchmark puts its own in front. Raises RuntimeError with what the process said.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", streamlit, "run", script, "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    with TemporaryFile("w+") as said:  # a pipe that nobody reads would fill up and stop the app
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "CSC_DATA": str(data)}, stdout=said, stderr=subprocess.STDOUT)
        try:
            late = time.monotonic() + seconds
            while not _healthy(url):
                if process.poll() is not None or time.monotonic() > late:
                    said.seek(0)
                    raise RuntimeError(f"The app did not start ({' '.join(command)}):\n{said.read()}")
                try:
                    process.wait(timeout=0.1)
                except subprocess.TimeoutExpired:
                    continue
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)
