"""Names that a later word of the question makes of an earlier one: "customers, and how many of those are active", "new and
lost customers", "return on equity and on assets", "how many loans, and how much is outstanding".

What is named anew takes the thing of the name before it; where that makes no name of the catalog, or several, nothing is
changed, and the words are told back elsewhere. Never names a metric that the text does not ask for a second time.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.phrasing import canonical
from t2sql.grounding.words.thesaurus import LIGHT, MEASURE, QUALITY, THING

Found = tuple[int, int, str, float]
AGAIN = 0.98
_OF_THEM = r"(?: of (?:them|those|these|which|whom|it|that)| (?:were|are|is|was)(?= ))"
_HOW_MANY = re.compile(
    rf"\bhow many{_OF_THEM}(?: (?:are|were|is|was|have been|had been|remained|stayed|remain))?(?: (?:still|actually|really|currently))? (?P<what>[a-z]+)\b"
    r"|(?:其中|当月|里面)?(?P<zh>[㐀-鿿]{2,3}?)的(?:又|还)?(?:各)?(?:有|是)?(?:多少|几)(?:[个户家名位张人]|$|(?=[,，。?？]))"
)
_HOW_MUCH_OF = re.compile(
    rf"\bhow much{_OF_THEM}?(?: (?:is|are|was|were|has been|have been))? (?P<what>drawn|used|utilised|utilized|in use)\b"
)
_HOW_MUCH = re.compile(
    r"\bhow much (?:(?:is|are|was|were) (?:still |currently )?(?:outstanding|owed|they worth|it worth|that worth|that in all|that in total|that in yuan|it in all|it in total|it in yuan|that|it|the balance)|(?:money )?(?:do|does|did) (?:they|it|that|those|these) (?:owe|hold|come to|amount to|add up to|total|make)|in total|in all|in yuan|money)\b(?P<mean>(?: [a-z]+){0,3} on average\b)?"
)
_EACH_HOLDS = re.compile(
    r"\bhow much (?:do|does|did) each(?: of them| customer| client| one| borrower| depositor)? (?:hold|have|owe|keep|borrow|deposit|save)s?(?: with us)?(?: on average)?\b|\bhow much (?:per|for each|for every|a) (?:customer|client|borrower|depositor)\b|(?:平均)?每户(?:有)?多少|户均多少"
)
_MONEY_TOO = re.compile(
    r"(?<=[,d] )(?:in|for|to) what (?:amount|value)\b|(?<=[、,，])(?:一共|总共|合计|共)?(?:是|有)?多少(?:钱|金额)"
)
_BOTH_WAYS = re.compile(r"(?P<what>手续费|佣金|利息|手续费及佣金)的?收支(?!净|差|相抵)")
_PER_WHOM = re.compile(r" per (?:customer|client|borrower|depositor|outlet|branch)$")
_AND = re.compile(r" ?(?:,|and|&) ?")
_EARNED = re.compile(
    r"(?:^|[:：,，。、和与及]|各分行|各支行|各区域)(?P<zh>收入)(?=[、和与及])|(?:^|,|&|\band\b)\s*(?P<en>income)(?=\s*(?:,|/|&|and\b))"
)
_JOINT = r"\s*(?:,|/|&|and|or|vs\.?|versus|against|plus|和|与|及|、|对)\s*(?:the )?"
_WORD_BEFORE = re.compile(rf"\b(?P<word>[a-z]+){_JOINT}$|(?P<zh>[㐀-鿿]{{2}}){_JOINT}$")
_WORD_AFTER = re.compile(
    rf"{_JOINT}(?P<word>[a-z]+)\b(?! (?:[a-z]*customers?|[a-z]*clients?|cards?|loans?|deposits?)\b)"
)
_RETURN = re.compile(r"\breturns? on (?:[a-z]+ ){0,2}?[a-z]+$")
_ON_OTHER = re.compile(
    r"\s*(?:,|/|&|and|or|vs\.?|versus)\s*(?:and )?(?:return )?(?:on )?(?:the |our )?(?P<what>(?:total |net )?[a-z]+)\b"
)
_MEAN_OF_ONE = re.compile(r"(?:average|avg|mean)\.? (?:deposit|loan)")
_COSTS = re.compile(
    r"(?:,|/|&|\band\b|\bvs\.?|\bversus\b)\s*(?P<what>costs?|expenses?)(?=\s*(?:,|/|&|and\b|vs\b|by\b|per\b|for\b|in\b|$))|(?:^|\s)(?P<first>costs?|expenses?)(?=\s*(?:,|/|&|and\b|vs\b))|[、和与及](?P<zh>成本|费用|开支)(?=[、和与及,，。]|$)|(?:^|各分行|各支行)(?P<zh1>成本|费用)(?=[、和与及])"
)


def with_repeated(
    text: str, hits: Sequence[Found], names: Paraphrases, called: Callable[[str], tuple[str, ...]]
) -> list[Found]:
    """`hits` (start, end, metric, score) of a folded text and the names that later words make of them.

    `called`: the metrics that are called just so.
    """
    found = _paired(text, sorted(hits), names)
    found = _returns(text, found, called)
    found = _costs(text, found, names)
    found = _means(text, found, names)
    found = _each_of_list(text, _taken(text, found, names), names)
    for pattern in (_HOW_MANY, _HOW_MUCH_OF):
        for match in pattern.finditer(text):
            group = next((g for g in ("what", "zh") if g in pattern.groupindex and match[g]), "")
            found = _asked_again(text, match, group, found, names)
    for pattern, concepts in (
        (_EACH_HOLDS, ("per_customer",)),
        (_HOW_MUCH, ("balance", "amount")),
        (_MONEY_TOO, ("amount",)),
    ):
        for match in pattern.finditer(text):
            head = _before(found, match.start())
            if head is None or _covered(found, *match.span()):
                continue
            made = [n for c in concepts for n in _made(head[2], frozenset((c,)), names, is_counted=False)]
            if "mean" in pattern.groupindex and match["mean"]:
                continue
            others = found if pattern is _MONEY_TOO else [head]
            if made and made[0] not in [h[2] for h in others]:
                found.append((*match.span(), made[0], AGAIN))
    return found


def _covered(found: Sequence[Found], start: int, end: int) -> bool:
    return any(h[0] < end and start < h[1] for h in found)


def _before(found: Sequence[Found], place: int) -> Found | None:
    """The last name before a place."""
    return max((h for h in found if h[1] <= place), key=lambda h: h[1], default=None)


def _asked_again(text: str, match: re.Match[str], group: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "how many of them are active": the count before, of one quality more."""
    head = _before(found, match.start())
    if head is None or not group:
        return found
    said = [frozenset(part) for part in names.meanings(match[group])]
    made = {
        name
        for part in said
        if len(part) == 1 and all(names.kind(c) == QUALITY for c in part)
        for name in _made(head[2], part, names, is_counted=True)
    }
    if len(made) != 1 or made == {head[2]}:
        return found
    inside = [h for h in found if h[0] < match.end() and match.start() < h[1]]
    return [h for h in found if h not in inside] + [(*match.span(), made.pop(), AGAIN)]


def _made(name: str, part: frozenset[str], names: Paraphrases, *, is_counted: bool) -> tuple[str, ...]:
    """What the thing of a name is called with other words of measure, or with one quality more."""
    wholes = names.wholes_of(name)
    if is_counted:
        called = {n for whole in wholes for n in names.saying(canonical(whole | part))}
        called |= {n for whole in wholes for n in names.saying(canonical((whole | part) - {"count"}))}
        return tuple(sorted(called))
    for core in sorted(
        {frozenset(c for c in whole if names.kind(c) not in (LIGHT, MEASURE)) for whole in wholes},
        key=lambda c: (len(c), sorted(c)),
    ):
        things = {c for c in core if names.kind(c) == THING}
        core = core - {"customer"} if things - {"customer"} else core
        if not things - {"customer"}:
            continue
        called = set(names.saying(canonical(core | part)))
        if len(called) == 1:
            return tuple(called)
    return ()


def _paired(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "new and lost customers", "customers gained and lost": two qualities of one noun make two names."""
    for hit in list(found):
        for match, is_before in ((_WORD_BEFORE.search(text[: hit[0]]), True), (_WORD_AFTER.match(text, hit[1]), False)):
            if match is None:
                continue
            group = "word" if match["word"] else "zh"
            start, end = match.span(group)
            if _covered(found, start, end):
                continue
            own = names.tokens(text[hit[0] : hit[1]])
            place = (own[0] if is_before else own[-1]) if own else None
            if place is None:
                continue
            other = [frozenset(p) for p in names.meanings(match[group])]
            made = {
                name
                for mine in place.said
                for one in mine
                if names.kind(one) == QUALITY
                for part in other
                if len(part) == 1 and one not in part and all(names.kind(c) == QUALITY for c in part)
                for name in names.instead(hit[2], one, next(iter(part)))
            }
            if len(made) == 1:
                found.append((start, end, made.pop(), AGAIN))
    return found


def _returns(text: str, found: list[Found], called: Callable[[str], tuple[str, ...]]) -> list[Found]:
    """ "return on equity and on assets": two returns."""
    for hit in list(found):
        if not _RETURN.search(text[hit[0] : hit[1]]):
            continue
        other = _ON_OTHER.match(text, hit[1])
        made = called("return on " + other["what"]) if other else ()
        if other and len(made) == 1 and made[0] != hit[2]:
            found = [h for h in found if h[1] <= hit[1] or other.end() <= h[0]]
            found.append((other.start("what"), other.end(), made[0], AGAIN))
    return found


def _costs(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "revenue, costs and profit": costs beside what is earned are those of running the bank."""
    earned = [h for h in found if {"revenue", "profit"} & names.concepts_of(h[2])]
    made = names.saying(frozenset(("opex",)))
    for match in _COSTS.finditer(text) if earned and len(made) == 1 else ():
        group = next(g for g in ("what", "first", "zh", "zh1") if match[g])
        if not _covered(found, *match.span(group)):
            found.append((*match.span(group), made[0], AGAIN))
    spent = [h for h in found if {"profit", "opex"} & names.concepts_of(h[2])]
    made = names.saying(frozenset(("revenue",)))
    for match in _EARNED.finditer(text) if spent and len(made) == 1 else ():
        group = "zh" if match["zh"] else "en"
        if not _covered(found, *match.span(group)):
            found.append((*match.span(group), made[0], AGAIN))
    return _both_ways(text, found, names)


def _both_ways(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """手续费收支: what came in, and what went out."""
    for match in _BOTH_WAYS.finditer(text):
        ways: list[str] = []
        for way in ("income", "expense"):
            made = {n for said in names.meanings(match["what"]) for n in names.saying(canonical(said | {way}))}
            ways += made if len(made) == 1 else ()
        if len(ways) == 2:
            found = [h for h in found if h[1] <= match.start() or match.end() <= h[0]]
            found += [
                (match.start(), match.end() - 1, ways[0], AGAIN),
                (match.end() - 1, match.end(), ways[1], AGAIN),
            ]
    return found


def _each_of_list(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "deposits and loans per customer": both are of one customer."""
    kept = sorted(found)
    for i in range(len(kept) - 1):
        one, other = kept[i], kept[i + 1]
        per = _PER_WHOM.search(text[other[0] : other[1]])
        if not per or not _AND.fullmatch(text[one[1] : other[0]]) or " " in text[one[0] : one[1]].strip():
            continue
        if text[one[0] : one[1]] in text[other[0] : other[1]]:
            # "AUM and AUM per client" are two figures of the same.
            continue
        whom = [c for c in ("per_customer", "per_outlet") if c in names.concepts_of(other[2])]
        made = _made(one[2], frozenset(whom), names, is_counted=False) if len(whom) == 1 else ()
        if len(made) == 1:
            kept[i] = (one[0], one[1], made[0], AGAIN)
    return kept


def _taken(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """收了多少手续费、多少笔: fees that are counted are those of the transactions, where nobody speaks of income."""
    counted = [h for h in found if {"fee", "count"} <= names.concepts_of(h[2])]
    made = names.saying(frozenset(("fee", "amount"))) if counted else ()
    kept: list[Found] = []
    for hit in found:
        said = text[hit[0] : hit[1]]
        is_taken = {"fee", "income"} <= names.concepts_of(hit[2]) and not re.search(r"收入|income|净|net\b", said)
        kept.append((hit[0], hit[1], made[0], AGAIN) if is_taken and len(made) == 1 else hit)
    return kept


def without_heading(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """6月新放贷款,每个产品放了几笔: what only says of what the next clause asks is no figure of its own."""
    ordered = sorted(found)
    if len(ordered) < 2:
        return found
    head, others = ordered[0], ordered[1:]
    said, rest = text[head[0] : head[1]], text[head[1] :]
    between = text[head[1] : others[0][0]]
    is_own = names.qualities_of(head[2]) and all(
        names.qualities_of(head[2]) <= names.concepts_of(o[2])
        and names.things_of(head[2]) <= names.concepts_of(o[2])
        and o[2] != head[2]
        for o in others
    )
    asks_apart = re.search(r"[:：]|[,，]", between) and re.match(
        r"how many|(?:[^,，]{0,3})(?:多少|几)", text[others[0][0] :]
    )
    is_amount = re.search(r"额|金额|多少|规模|amount|volume|how much|value|balance", said)
    asks_amount = re.search(r"多少(?:钱|元|万|亿|金额)|金额|how much|amount|value|worth", rest)
    return ordered[1:] if is_own and asks_apart and not is_amount and not asks_amount else found


_EACH_MEAN = re.compile(
    r"\b(?:each|every|a|one) (?:borrower|depositor|customer|client|saver)\b(?=[^,.;?]*\bon average\b)|\bon average\b[^,.;?]*\b(?:each|every|a|one) (?:borrower|depositor|customer|client|saver)\b"
)


def _means(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "number of depositors and average deposit": one deposit beside people is one person's."""
    people = [h for h in found if {"customer", "count"} <= names.concepts_of(h[2])]
    kept: list[Found] = []
    for hit in found:
        is_one = people and _MEAN_OF_ONE.fullmatch(text[hit[0] : hit[1]]) and text[hit[1] : hit[1] + 8] != " balance"
        # "How much does each borrower owe on average": the mean of the people, and none of the months.
        is_mean = is_one or ("average" in names.concepts_of(hit[2]) and _EACH_MEAN.search(text))
        made = _made(hit[2], frozenset(("per_customer",)), names, is_counted=False) if is_mean else ()
        kept.append((hit[0], hit[1], made[0], AGAIN) if len(made) == 1 else hit)
    return kept
