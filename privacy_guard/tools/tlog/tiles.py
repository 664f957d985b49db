"""Hash tiles of height 8 (C2SP tlog-tiles): how a tree is stored, grows and is served.

A tile of level L is 256 hashes of subtrees of height 8 * L; the last of a level may
hold fewer. A level above holds the hashes of whole tiles alone. So a tree that grows
touches the last tile of each level, and never changes a hash that is there.
"""

import re
from collections.abc import Callable, Iterable

from . import merkle
from .merkle import HASH_BYTES, ProofError

HEIGHT = 8
WIDTH = 1 << HEIGHT
MAX_LEVEL = 63
# level, number among the tiles of the level
Place = tuple[int, int]
# what is stored of a tile: at least as many hashes as the tree has there
ReadTile = Callable[[int, int], bytes]

# numbers of 18 digits: no log comes that far, and no longer ones are read
PATH = re.compile(
    r"(0|[1-9]\d?)/((?:x\d{3}/){0,5}\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII
)


def width(level: int, number: int, size: int) -> int:
    """:return: how many hashes a tile has in a tree of that size, 0 to 256"""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - number * WIDTH))


def path(level: int, number: int, hashes: int = WIDTH) -> str:
    """:return: the end of the URL of a tile, ``0/x001/x234/067.p/8``"""
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"{level}/{name}" + ("" if hashes == WIDTH else f".p/{hashes}")


def parse_path(text: str) -> tuple[int, int, int]:
    """:return: level, number and width of a tile
    :raise ProofError: no tile has such a path"""
    match = PATH.fullmatch(text)
    if match:
        level, number = int(match[1]), int(re.sub("[x/]", "", match[2]))
        hashes = int(match[3] or WIDTH)
        # there is one way of writing each place
        if level <= MAX_LEVEL and path(level, number, hashes) == text:
            return level, number, hashes
    raise ProofError(f"No tile has the path {text!r}.")


def grow(
    size: int, leaves: Iterable[bytes], read_tile: ReadTile
) -> tuple[int, dict[Place, bytes]]:
    """Append leaves to a tree.

    :param size: of the tree
    :param leaves: hashes of the new leaves
    :return: the new size, and the tiles that are new or have more hashes now
    """
    added = list(leaves)
    changed: dict[Place, bytes] = {}
    level, new = 0, added
    while new:
        new = _grow_level(level, size >> (HEIGHT * level), new, read_tile, changed)
        level += 1
    return size + len(added), changed


def _grow_level(
    level: int,
    count: int,
    new: list[bytes],
    read_tile: ReadTile,
    changed: dict[Place, bytes],
) -> list[bytes]:
    """:param count: how many hashes the level has
    :return: the hashes of the tiles that became full"""
    number, present = divmod(count, WIDTH)
    kept = read_tile(level, number)[: present * HASH_BYTES] if present else b""
    content = kept + b"".join(new)
    full = []
    for start in range(0, len(content), WIDTH * HASH_BYTES):
        tile = content[start : start + WIDTH * HASH_BYTES]
        changed[level, number] = tile
        if len(tile) == WIDTH * HASH_BYTES:
            full.append(merkle.fold(split(tile)))
        number += 1
    return full


def split(tile: bytes) -> list[bytes]:
    """:return: the hashes of a tile"""
    starts = range(0, len(tile), HASH_BYTES)
    return [tile[start : start + HASH_BYTES] for start in starts]


class Reader:
    """The hashes of complete subtrees, out of the tiles of a tree.

    Remembers the tiles that it read: one reader is for one proof, or a few.
    """

    def __init__(self, read_tile: ReadTile):
        self._read_tile = read_tile
        self._tiles: dict[Place, bytes] = {}

    def __call__(self, height: int, number: int) -> bytes:
        """:raise ProofError: the tile does not hold it"""
        level, within = divmod(height, HEIGHT)
        tile, offset = divmod(number << within, WIDTH)
        place = (level, tile)
        if place not in self._tiles:
            self._tiles[place] = self._read_tile(level, tile)
        end = (offset + (1 << within)) * HASH_BYTES
        hashes = self._tiles[place][offset * HASH_BYTES : end]
        if len(hashes) != HASH_BYTES << within:
            raise ProofError(f"The tile {path(level, tile)} lacks hashes.")
        return merkle.fold(split(hashes))
