"""The Merkle tree of RFC 6962, section 2.1: hashes and proofs.

What makes proofs asks a function for the hashes of complete subtrees, as tiles hold
them; what verifies them has nothing but a proof.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

# (height, number) -> the hash of the leaves from number * 2**height, 2**height of them
Subtrees = Callable[[int, int], bytes]


class ProofError(Exception):
    """What is wrong with a proof, a checkpoint or a tile."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """:param hashes: of neighbours of the same height, a power of two of them
    :return: the hash of the subtree that they are"""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


def root(size: int, subtrees: Subtrees) -> bytes:
    """:return: the hash of the first leaves, size of them"""
    return _range_hash(0, size, subtrees) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """:return: the hashes that lead from one leaf to the root, from the bottom up
    :raise ProofError: the tree has no such leaf"""
    if not 0 <= index < size:
        raise ProofError(f"A tree of size {size} has no leaf {index}.")
    low, high = 0, size
    path = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_hash(middle, high, subtrees))
            high = middle
        else:
            path.append(_range_hash(low, middle, subtrees))
            low = middle
    return path[::-1]


def consistency_proof(former: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """:return: the hashes that show that a tree begins with the former one; none where
        there is nothing to show
    :raise ProofError: the tree was never so large"""
    if not 0 <= former <= size:
        raise ProofError(f"A tree of size {size} was never of size {former}.")
    if former in (0, size):
        return []
    low, high, is_known = 0, size, True
    path = []
    # down to the subtree in which the former tree ends, and ends whole
    while former != high:
        middle = low + _split(high - low)
        if former <= middle:
            path.append(_range_hash(middle, high, subtrees))
            high = middle
        else:
            path.append(_range_hash(low, middle, subtrees))
            low, is_known = middle, False
    if not is_known:
        path.append(_range_hash(low, high, subtrees))
    return path[::-1]


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes
) -> None:
    """:param leaf: hash of the leaf
    :param expected: the root of the tree
    :raise ProofError: the tree does not hold that leaf there, or the proof is not one
    """
    if not 0 <= index < size:
        raise ProofError(f"A tree of size {size} has no leaf {index}.")
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if not last:
            raise ProofError("The proof is too long.")
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            position, last = _climb(position, last)
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError("The proof is too short.")
    if computed != expected:
        raise ProofError("The proof does not lead to the root of the tree.")


def check_consistency(
    former: int,
    size: int,
    proof: Sequence[bytes],
    former_root: bytes,
    expected: bytes,
) -> None:
    """:raise ProofError: the tree does not begin with the former one, or the proof is
    not one"""
    if not 0 <= former <= size:
        raise ProofError(f"A tree of size {size} was never of size {former}.")
    if former in (0, size):
        _check_trivial(former, size, proof, former_root, expected)
        return
    position, last = _climb(former - 1, size - 1, stop_at_odd=False)
    hashes = [former_root, *proof] if not former & (former - 1) else list(proof)
    if not hashes:
        raise ProofError("The proof is too short.")
    of_former = of_all = hashes[0]
    for sibling in hashes[1:]:
        if not last:
            raise ProofError("The proof is too long.")
        if position & 1 or position == last:
            of_former = node_hash(sibling, of_former)
            of_all = node_hash(sibling, of_all)
            position, last = _climb(position, last)
        else:
            of_all = node_hash(of_all, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError("The proof is too short.")
    if (of_former, of_all) != (former_root, expected):
        raise ProofError("The tree does not begin with the former one.")


def _check_trivial(
    former: int,
    size: int,
    proof: Sequence[bytes],
    former_root: bytes,
    expected: bytes,
) -> None:
    if proof:
        raise ProofError("The proof is too long.")
    if not former and former_root != EMPTY_ROOT:
        raise ProofError("An empty tree has another root.")
    if former == size and former_root != expected:
        raise ProofError("Two trees of the same size have different roots.")


def _climb(position: int, last: int, stop_at_odd: bool = True) -> tuple[int, int]:
    """Pass over the levels at which a node has no sibling, or, with
    ``stop_at_odd=False``, over those at which it is a right child."""
    if stop_at_odd:
        while position and not position & 1:
            position, last = position >> 1, last >> 1
    else:
        while position & 1:
            position, last = position >> 1, last >> 1
    return position, last


def _split(count: int) -> int:
    """:return: the largest power of two below a count"""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(low: int, high: int, subtrees: Subtrees) -> bytes:
    """:return: the hash of the leaves from low up to high, where low is a multiple of
    the power of two that they fit into"""
    count = high - low
    height = count.bit_length() - 1
    if count == 1 << height:
        return subtrees(height, low >> height)
    middle = low + _split(count)
    return node_hash(
        _range_hash(low, middle, subtrees), _range_hash(middle, high, subtrees)
    )
