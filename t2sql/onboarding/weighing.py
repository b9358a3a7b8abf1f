"""What names and values together are worth: the score of a link, and why it is believed."""

from __future__ import annotations

from t2sql.onboarding.proofs import Inclusion
from t2sql.onboarding.survey import Reason

PROVING_ROWS = 200
"""Under so many rows values prove nothing."""


def weighed(name: float, found: Inclusion, *, is_few: bool) -> float | None:
    """The score of a link by what the names say and how many values are found; None: the values speak against it."""
    if not found.looked:
        return round(name * 0.7, 2) if name >= 0.8 else None
    share = found.share
    least = 0.5 if name >= 0.9 else 0.8 if name >= 0.7 else 0.99
    if not is_few:
        least = 0.6 if name >= 0.9 else 0.9 if name >= 0.7 else 0.99
    if share < least:
        return None
    score = name * (0.5 + 0.5 * share)
    return round(score * 0.85 if is_few else min(score + 0.05, 0.99), 2)


def told(names: Reason, found: Inclusion, *, is_few: bool) -> Reason:
    if not found.looked:
        return Reason(
            f"{names.zh}没有可比较的值，只凭名称。", f"{names.en} There are no values to compare; only names speak."
        )
    zh = f"{names.zh}{found.looked} 个不同值中有 {found.held} 个在对方出现。"
    en = f"{names.en} {found.held} of {found.looked} different values are found there."
    if is_few:
        return Reason(f"{zh}行数太少，值不能证明什么。", f"{en} There are too few rows for values to prove anything.")
    return Reason(zh, en)
