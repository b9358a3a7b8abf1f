"""The verified route: questions that an office of the bank has checked and signed, with their slots refilled."""

from t2sql.verified.checking import check_entries
from t2sql.verified.entries import FILE_NAME, Entry, read_verified, verified_fingerprint
from t2sql.verified.verified import VerifiedQuestions, note_of, read_template

__all__ = [
    "FILE_NAME",
    "Entry",
    "VerifiedQuestions",
    "check_entries",
    "note_of",
    "read_template",
    "read_verified",
    "verified_fingerprint",
]
