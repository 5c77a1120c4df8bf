"""Text holds 4.5:1 and shapes 3:1 against what they stand on, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = (
    Path(__file__).resolve().parents[2] / "casework/web/static/casework/css/tokens.css"
).read_text()

GROUNDS = ("page", "surface", "sunken", "hover")
TEXT = [
    *((ink, on) for ink in ("ink", "ink-2", "ink-3") for on in GROUNDS),
    *(("accent-ink", on) for on in (*GROUNDS, "accent-soft")),
    *(
        (colour, on)
        for colour in ("green", "amber", "red", "grey")
        for on in ("page", "surface", f"{colour}-soft")
    ),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("ink", "accent-soft"),
    ("ink-2", "grey-soft"),
]
SHAPES = [
    *(
        (mark, on)
        for mark in ("control", "amber-mark", "green", "red", "grey", "accent-ink")
        for on in ("page", "surface")
    ),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    assert _contrast(theme, ink, ground) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), SHAPES)
def test_shapes_can_be_seen(theme: str, mark: str, ground: str) -> None:
    assert _contrast(theme, mark, ground) >= 3


def _contrast(theme: str, one: str, other: str) -> float:
    tokens = _tokens(theme)
    darker, lighter = sorted((_luminance(tokens[one]), _luminance(tokens[other])))
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(theme: str) -> dict[str, str]:
    start = TOKENS.index(f"[data-bs-theme={theme}] {{")
    block = TOKENS[start : TOKENS.index("}", start)]
    return dict(re.findall(r"--cw-([a-z0-9-]+): (#[0-9a-f]{3,6});", block))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
