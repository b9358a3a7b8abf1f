"""Which values are left out: 除上海分行外, 非房地产业, 华东、华南除外, everything but trade finance.

A word of leaving out holds for the whole list that it stands before or after. Spans and text only.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

_BEFORE = re.compile(
    r"(?:除了?|除去|除开|不要|不看|别看|不计|别算|不统计|撇开|抛开|不含|不包括|不包含|剔除|排除|扣除|扣掉|刨除|刨去|去掉|去除|非|不是|不算|不属于|without|excluding|exclud\w*|except(?: for)?|other than|apart from|(?:every(?:thing|one|body)|all|any(?:thing)?|nothing) but|leav(?:e|ing) out|omit\w*|ignor\w*|minus|skip\w*|drop(?:ping)?|without counting|not(?: in| from| including| for)?|non|<>|!=|outside(?: of)?|ex)[ -]?(?:the |掉)?\s*$"
)
_AFTER = re.compile(r"\s*(?:之外|以外|除外|不算|不计|不看|不要|不统计|excluded\b|left out\b|aside\b|not included\b)")
LISTED = re.compile(
    r"\s*(?:和|、|及|与|以及|或|或者|,|，|and|or|nor|,\s*and|,\s*or|/|vs\.?|versus|against|对比|对|&)\s*(?:the )?\s*"
)


def are_listed(text: str, end: int, start: int) -> bool:
    """Whether only a list's joint stands between one member's end and the next one's start."""
    return bool(LISTED.fullmatch(text[end:start]))


def denied(text: str, places: Sequence[tuple[int, int]]) -> list[bool]:
    """For each of `places` (start, end), in order: whether the text leaves it out."""
    found: list[bool] = []
    for index, (start, _) in enumerate(places):
        is_listed = index > 0 and are_listed(text, places[index - 1][1], start)
        before = bool(_BEFORE.search(text[:start]))
        found.append(before or (is_listed and found[-1]) or _is_denied_after(text, places, index))
    return found


def _is_denied_after(text: str, places: Sequence[tuple[int, int]], index: int) -> bool:
    """华东、华南除外: the word after the list's last member counts for all."""
    while index + 1 < len(places) and are_listed(text, places[index][1], places[index + 1][0]):
        index += 1
    return bool(_AFTER.match(text, places[index][1]))
