"""The administrative divisions of China, from the province down to street and town.

One CSV of two columns, `code,name`; the code says the rest. Its length is the level and
its beginning is the code of the division above: 32 江苏省, 3205 苏州市, 320508 姑苏区,
320508013 平江街道. NOTICE.md names source, edition and licence.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from django.utils.translation import gettext as _

from casework.domain.errors import Invalid
from casework.domain.vocabulary import Level

FILE = "divisions.csv.gz"
#: The day whose divisions the packaged file describes.
EDITION_DATE = date(2023, 6, 30)

COLUMNS = ("code", "name")
#: A short name may be the whole name, and takes 40 characters.
LONGEST_NAME = 40

_LEVELS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.STATION}
_PARENT_LENGTH = {4: 2, 6: 4, 9: 6}


@dataclass(frozen=True, slots=True, order=True)
class Division:
    """One division: its code in GB/T 2260 or the statistical bureau's, and its name."""

    code: str
    name: str

    @property
    def level(self) -> Level:
        return _LEVELS[len(self.code)]

    @property
    def parent_code(self) -> str:
        """The code of the division above; empty for a province."""
        return self.code[: _PARENT_LENGTH.get(len(self.code), 0)]


@cache
def packaged() -> tuple[Division, ...]:
    """Return the divisions that come with the program, each after the one above it."""
    content = resources.files(__name__).joinpath(FILE).read_bytes()
    return parse(_text(content, file=FILE), file=FILE)


def read(path: Path) -> tuple[Division, ...]:
    """Return the divisions of a file, `.csv` or `.csv.gz`.

    Raises Invalid with the file, the line, the column and the rule that it breaks.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise Invalid(
            _("%(file)s：无法读取（%(reason)s）。")
            % {"file": path.name, "reason": problem.strerror}
        ) from problem
    return parse(_text(content, file=path.name), file=path.name)


def parse(text: str, *, file: str) -> tuple[Division, ...]:
    """Return the divisions of a CSV, sorted, so that each follows the one above it.

    Raises Invalid with the file, the line, the column and the rule that it breaks.
    """
    seen: dict[str, int] = {}
    divisions = []
    for line, row in _rows(text, file=file):
        division = _division(row, file=file, line=line)
        if division.code in seen:
            raise _broken(
                file,
                line,
                "code",
                _("代码 %(code)s 已在第 %(first)s 行出现")
                % {"code": division.code, "first": seen[division.code]},
            )
        seen[division.code] = line
        divisions.append(division)
    for division in divisions:
        if division.parent_code and division.parent_code not in seen:
            raise _broken(
                file,
                seen[division.code],
                "code",
                _("%(code)s 的上级 %(parent)s 不在文件中")
                % {"code": division.code, "parent": division.parent_code},
            )
    if not divisions:
        raise Invalid(_("%(file)s：文件中没有行政区划。") % {"file": file})
    return tuple(sorted(divisions))


def _text(content: bytes, *, file: str) -> str:
    try:
        if file.endswith(".gz"):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as problem:
        raise Invalid(
            _("%(file)s：不是完整的 gzip 文件。") % {"file": file}
        ) from problem
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise Invalid(
            _("%(file)s 第 %(line)s 行：文字不是 UTF-8 编码。")
            % {"file": file, "line": line}
        ) from problem


def _rows(text: str, *, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader, [])
        _check_header(header, file=file)
        for row in reader:
            yield reader.line_num, row
    except csv.Error as problem:
        raise Invalid(
            _("%(file)s 第 %(line)s 行：不是有效的 CSV（%(reason)s）。")
            % {"file": file, "line": reader.line_num, "reason": problem}
        ) from problem


def _check_header(header: list[str], *, file: str) -> None:
    for wanted, found in zip(COLUMNS, [*header, "", ""], strict=False):
        if wanted != found:
            raise _broken(
                file,
                1,
                wanted,
                _("表头应为“%(wanted)s”，实为“%(found)s”")
                % {"wanted": ",".join(COLUMNS), "found": ",".join(header)},
            )
    if len(header) > len(COLUMNS):
        raise _broken(
            file,
            1,
            header[len(COLUMNS)],
            _("多出一列；只应有 %(wanted)s") % {"wanted": ",".join(COLUMNS)},
        )


def _division(row: list[str], *, file: str, line: int) -> Division:
    if len(row) != len(COLUMNS):
        raise _broken(
            file,
            line,
            "name" if len(row) < len(COLUMNS) else "3",
            _("应有 %(wanted)s 列，实有 %(found)s 列")
            % {"wanted": len(COLUMNS), "found": len(row)},
        )
    code, name = row
    if not (code.isascii() and code.isdigit() and len(code) in _LEVELS):
        raise _broken(
            file, line, "code", _("代码应为 2、4、6 或 9 位数字，实为“%s”") % code
        )
    if not name.strip():
        raise _broken(file, line, "name", _("名称为空"))
    if len(name) > LONGEST_NAME:
        raise _broken(
            file,
            line,
            "name",
            _("名称有 %(length)s 个字，最多 %(most)s 个")
            % {"length": len(name), "most": LONGEST_NAME},
        )
    if name != name.strip() or not name.isprintable():
        raise _broken(file, line, "name", _("名称含有空白或不可见的字符"))
    return Division(code, name)


def _broken(file: str, line: int, column: str, rule: str) -> Invalid:
    return Invalid(
        _("%(file)s 第 %(line)s 行 %(column)s 列：%(rule)s。")
        % {"file": file, "line": line, "column": column, "rule": rule}
    )
