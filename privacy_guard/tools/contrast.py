"""Colours that people can read: the contrast rules of WCAG 2.2, pure computation."""

import re

AA_TEXT = 4.5
WHITE = (255, 255, 255)
# the card of the preferences page in dark colours, see preferences.css
DARK = (34, 37, 43)
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_SHORT_HEX = re.compile(r"#?([0-9a-fA-F]{3})")


def parse(color: str | None) -> tuple[int, int, int] | None:
    """:return: red, green, blue of ``#rrggbb`` or ``#rgb``; None for anything else"""
    color = (color or "").strip()
    if short := _SHORT_HEX.fullmatch(color):
        color = "".join(digit * 2 for digit in short[1])
    found = _HEX.fullmatch(color)
    if not found:
        return None
    digits = found[1]
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def ratio(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """:return: contrast ratio of two colours, between 1 and 21"""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(
    color: str | None, fallback: str, ground: tuple[int, int, int] = WHITE
) -> str:
    """Move a colour away from its ground until text in it, or text of the ground's
    colour on it, can be read.

    :param color: a company's colour, as it was typed
    :param fallback: ``#rrggbb``, used when there is none
    :param ground: what the text stands on: a light or a dark colour
    :return: ``#rrggbb`` with at least the contrast of level AA against the ground
    """
    rgb = parse(color) or parse(fallback) or WHITE
    end = 0 if _luminance(ground) > 0.5 else 255
    while ratio(rgb, ground) < AA_TEXT:
        red, green, blue = (_towards(end, channel) for channel in rgb)
        rgb = red, green, blue
    return "#" + bytes(rgb).hex()


def _towards(end: int, channel: int) -> int:
    """:return: a channel one step nearer to an end, 0 or 255"""
    if end == 0:
        return int(channel * 0.92)
    return min(end, channel + 1 + (end - channel) // 12)


def _luminance(rgb: tuple[int, int, int]) -> float:
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
