"""A transparency log: a Merkle tree that grows, its signed sizes, and small proofs.

The tree is that of RFC 6962 with SHA-256. Checkpoints, tiles, proofs and cosignatures
are byte for byte those of C2SP (signed-note, tlog-checkpoint, tlog-tiles, tlog-proof,
tlog-cosignature), so that programs of others check them.
"""
