"""Keyed hashes of what identified erased people.

They say whether an address is that of an erased person to whoever has the address and
the key, and nothing to anybody else. With a key file the key is outside the database.
"""

import hashlib
import hmac

CONTEXT = "suppression"
# id of the key that is derived from the database's own secret
DATABASE = "database"
# What the digests of an erased person are of that are suppressed in some companies
# alone, and the kind of each: they find nobody whom a backup has brought back.
OF_COMPANY = {"company_email": "email", "company_phone": "phone"}


def digest(key: bytes, kind: str, value: str) -> str:
    """:param value: normalised as in ``person_terms``"""
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def in_company(value: str, company_id: int) -> str:
    """:return: what is hashed of a term that is suppressed in one company alone; no
    term has a blank"""
    return f"{value} {company_id}"
