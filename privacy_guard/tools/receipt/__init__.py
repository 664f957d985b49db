"""Consent receipts: JSON-LD after ISO/IEC TS 27560 in the terms of the W3C's Data
Privacy Vocabulary, in the profile for the GDPR, signed with Data Integrity proofs.
"""
