"""The servers and processes that Casework starts for itself, and how to find them."""

from pathlib import Path


class StartRefused(Exception):
    """What must stand before Casework can start does not stand; the text says what to do."""

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


def embedded_socket_folder(data_folder: Path) -> Path | None:
    """Return where the embedded PostgreSQL of `data_folder` listens; None when it is down.

    PostgreSQL writes the folder of its socket into line 5 of postmaster.pid.
    """
    try:
        lines = (data_folder / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None
