"""What people see of an encrypted value without revealing it."""

MASK = "••••"


def mask(text: str, visible: int) -> str:
    """:return: the mask and the last characters, "••••1234"; nothing for nothing

    :param visible: how many characters to show at most; never more than half of them
    """
    if not text:
        return ""
    half = len(text) // 2
    shown = visible if visible < half else half
    return MASK + text[-shown:] if shown > 0 else MASK


def looks_masked(text: object) -> bool:
    """:return: whether a value that somebody wants to write is one that `mask` made"""
    return isinstance(text, str) and text.startswith(MASK)
