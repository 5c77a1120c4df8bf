"""Numbers of bank cards: the check digit that every issuer uses (ISO/IEC 7812-1)."""


def checksum(digits: str) -> int:
    """Return the Luhn sum; a multiple of ten for a number whose check digit is right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total
