"""Keyed hashes of what identified erased people.

They say whether an address is that of an erased person to whoever has the address and
the key, and nothing to anybody else. With a key file the key is outside the database.
"""

import hashlib
import hmac

CONTEXT = "suppression"
# id of the key that is derived from the database's own secret
DATABASE = "database"


def digest(key: bytes, kind: str, value: str) -> str:
    """:param value: normalised as in ``person_terms``"""
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
