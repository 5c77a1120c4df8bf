"""The servers that Casework starts for itself when none is named."""

from pathlib import Path


def embedded_socket_folder(data_folder: Path) -> Path | None:
    """Return where the embedded PostgreSQL of `data_folder` listens; None when it is down.

    PostgreSQL writes the folder of its socket into line 5 of postmaster.pid.
    """
    try:
        lines = (data_folder / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None
