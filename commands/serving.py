"""`yinju serve`: the web app."""

import os
import sys
from pathlib import Path

import click

from commands.options import index_option
from ingest.errors import IndexMissing


@click.command()
@index_option
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Port to listen on.")
@click.option("--address", default="localhost", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
def serve(directory: Path, port: int, address: str) -> None:
    """Start the web app and print where it is."""
    if not (directory / "CURRENT").is_file():
        raise IndexMissing(f"{directory}: no index here; make one with: yinju ingest FOLDER --index {directory}")
    app = Path(__file__).parent.parent / "app.py"
    os.environ["YINJU_INDEX"] = str(directory.resolve())
    options = ["--server.port", str(port), "--server.address", address, "--server.headless", "true"]
    # -P keeps the working directory off the import path, where a folder named index or eval would stand in for ours.
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(app), *options]
    sys.stdout.flush()
    os.execv(sys.executable, command)
