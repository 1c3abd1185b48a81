"""How far something is, in words."""


def distance_words(metres: int) -> str:
    """Metres, to the ten; from a thousand on kilometres."""
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{max(10, round(metres, -1))} m"
