"""What is left of one thing after another is paid from it: "fees in 2025, net of what we paid out", 手续费扣掉支出以后净剩多少.

The noun is said once, and the deduction in words of its own behind it. Only where the catalog has the noun's net income;
a deduction of anything else (tax, provisions) changes nothing here, and is told back elsewhere.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.phrasing import canonical

Found = tuple[int, int, str, float]
NETTED = 1.0
_NOUNS = ("fee", "interest")
_PAYS = r"pay(?:ing|ment of)?(?: out| away)?"
_LESS = re.compile(
    rf"\b(?:after(?: (?:we (?:deduct|{_PAYS}))| (?:deducting|subtracting|netting(?: off| out)?|taking (?:off|out|away)|{_PAYS}))?|net of|less(?! than)|minus|(?:deducting|subtracting|netting off))\b(?P<out>[^,.;:?!()\d]*)"
    r"|(?:扣[掉除完去]|减[去掉]|刨[去掉除]|去掉|除去|抵[掉扣])了?(?P<zh>[^,，。;；:：?？!！()（）\d]*)"
)
# Where what is deducted ends, and the question goes on.
_ENDS = re.compile(r"\b(?:by|per|for|in|at|across|over|during|since|this|last|each|every|and)\b|\n")
_PAID = re.compile(
    r"\b(?:paid|pay|pays|paying|payouts?|payments?|payable|outgoings?|expenses?|expenditure|costs?|outlays?)\b"
)
_PAID_ZH = re.compile(r"支出|付出|付给|支付|付掉|付的|成本|开支")
_BY_PAYING = re.compile(r"\b(?:paid|pay|pays|paying|payouts?|payments?|payable)\b")
_BY_PAYING_ZH = re.compile(r"支出|付出|付给|支付|付掉|付的")
_AND_MORE = re.compile(r" ?and (?!what|how|which|by|per|for|in|then|also|show|list|compare)\w+")
_SMALL = re.compile(
    r"[\s']+|\b(?:the|our|we|us|what|which|that|is|was|were|are|have|has|had|to|of|out|away|on|itself|ourselves|related|corresponding|those|these|all|any|"
    r"paid|pay|pays|paying|payouts?|payments?|payable|outgoings?|expenses?|expenditure|costs?|outlays?|earned|received|depositors?|customers?|lenders?|others|third parties|partners|agents)\b"
)
_SMALL_ZH = re.compile(
    r"[的了掉后]|支出|付出去?|付给|支付|成本|开支|我们|我行|自己|那部分|部分|这块|储户|存款人|客户|别人|对方|以后|之后|净?还?剩余?下?|净得|净额|净收入?|净赚|有|是|是多少|多少钱?|各"
)
_LEFT = re.compile(
    r"(?:以后|之后|后|还|净|剩余?下?|得|的)*(?:是|有)?(?:多少钱?)?|\s*,?\s*(?:what is|what was|what's|how much is|how much was|is|was) left\b"
)


def with_netted(text: str, hits: Sequence[Found], names: Paraphrases) -> list[Found]:
    """`hits` (start, end, metric, score) of a folded text, with the net income of a noun that something is paid from."""
    found = list(hits)
    nouns = [w for w in names.words_for(text, [(noun,) for noun in _NOUNS])]
    for match in _LESS.finditer(text) if nouns else ():
        group = "out" if match["out"] is not None else "zh"
        start, end = match.span(group)
        if group == "out" and (stop := _ENDS.search(text, start, end)):
            if _AND_MORE.match(text, stop.start()):
                continue
            end = stop.start()
        end = start + len(text[start:end].rstrip())
        out, cue = text[start:end], text[match.start() : start]
        before = [w for w in nouns if w[1] <= match.start()]
        inside = [w for w in nouns if start <= w[0] < end]
        if not before or not _is_paid(out, cue, [text[a:b] for a, b, _ in inside], is_english=group == "out"):
            continue
        first = before[-1]
        if any(w[2] != first[2] for w in inside):
            continue
        called = names.saying(canonical(("net", *first[2], "income")))
        if len(called) != 1 or any(hit[2] == called[0] for hit in found):
            continue
        own = [h for h in found if h[0] < match.start() and h[1] > first[0]]
        if own and any(not set(first[2]) <= names.concepts_of(h[2]) for h in own):
            continue
        begin = min([first[0], *(h[0] for h in own)])
        stop_own = max([first[1], *(h[1] for h in own if h[1] <= match.start())])
        tail = _LEFT.match(text, end) if group == "zh" else None
        end = tail.end() if tail else end
        found = [h for h in found if h not in own and (h[1] <= match.start() or end <= h[0])]
        found += [(begin, stop_own, called[0], NETTED), (match.start(), end, called[0], NETTED)]
    return found


def _is_paid(out: str, cue: str, nouns: Sequence[str], *, is_english: bool) -> bool:
    """Whether what is deducted is what was paid of the same noun, and nothing else."""
    paid = _PAID if is_english else _PAID_ZH
    if not (paid.search(out) or paid.search(cue)):
        return False
    if not nouns and not any((_BY_PAYING if is_english else _BY_PAYING_ZH).search(words) for words in (out, cue)):
        # "After costs" alone may be after any of them.
        return False
    rest = out
    for noun in nouns:
        rest = rest.replace(noun, " ")
    return (
        not (_SMALL if is_english else _SMALL_ZH).sub("", rest.replace("the", " ") if not is_english else rest).strip()
    )
