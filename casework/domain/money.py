"""Money is whole fen; a text for people is the only place where yuan appear."""


def in_yuan(fen: int) -> str:
    """Return the sum as it is read: `102500` fen is `1,025.00`."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d}"
