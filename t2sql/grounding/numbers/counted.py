"""Numbers that count what a metric or a dimension names: "fewer than 300 customers", 超过500笔贷款.

The noun is the measure, so that it belongs to the name and the rest to the number.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Quantity, Span
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.settling import offset
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded

_WAYS = (("笔", "{}笔数"), ("户", "{}户数"), ("家", "{}户数"), ("个", "{}数"), ("张", "{}数"), ("", "number of {}"))


# Words of lending out: what they measure is a flow, whatever the noun beside them is a stock of.
_GRANTING = re.compile(
    r"[放发批贷投]了(?:多少|几)?笔?款?|[放投贷]得(?=最|更|较|比|多|少|怎)|[放贷发投]出了?|放款|放贷|发放|投放|\b(?:lend|lent|grant|disburs|originat)\w*|\b(?:issued?|made?)\b(?= (?:new )?loans)|\b(?:put|puts|putting|pushed|pay|pays|paid|paying|give|gives|gave|given|giving|hand|hands|handed|handing|dole|doled|lend) out\b"
    r"|\bdid (?:we|the bank|our bank|they|you|[a-z]+ branch|it) (?:approve and pay|give|gave|advance|extend|write|underwrite|book|make|issue|do|sell)\b(?! (?:off|down|up|on|back|from|per)\b)"
)
# "how many loans were made": what was done to them is a flow, though their number alone is a stock.
LOANS_MADE = re.compile(
    r"\b(?:loans?|mortgages?) (?:(?:were |was |have been |has been |are being |being |got )(?:made|issued|written)|made|issued)\b(?! up| off| down)"
    r"|\b(?:loans?|mortgages?)(?: [a-z]+){0,2} (?:did|do|does) (?:we|the bank|our bank|they|you|it|[a-z]+ branch|each [a-z]+) (?:give|advance|extend|write|underwrite|book|make|issue|do|sell)\b(?! (?:off|down|up|on|back|from|per)\b)"
)
_HAVE_LENT = re.compile(
    r"\b(?:is|are|have|has|'ve)(?: we| the bank| they)?(?: already| so far| currently| now| presently)? lent\b(?! out)(?! (?:so far )?(?:this|last|since|during))"
)
_OF_LOANS = re.compile(r"贷|(?<!存)款|\bloans?\b|\b(?:how many|how much|number of)\b.*\bmortgages?\b|\blen[dt]\w*")
_HOW_OFTEN = re.compile(r"笔|\bhow many\b(?! times\b)|\bnumber of\b")
# A noun that a comparison follows is measured itself, however bare: 存款超过10亿元.
BOUNDED = re.compile(
    r"\s*(?:都|均|are |is |were |was |of )?(?:超过?|大于|高于|多于|低于|小于|少于|不足|不到|不低于|不高于|不超过|不少于|至少|至多|达到?|介于|[><≥≤]|最[高大多低小少]|(?:over|above|below|under|exceed\w*|more than|less than|at least|at most)\b)"
)
_COUNTER = re.compile(r"(?:多少|几)([笔户家个张])")


def granted(folded: Folded, named: Sequence[NameMention], names: NameIndex) -> tuple[NameMention, ...]:
    """发了多少贷款, "how much did we lend": what was newly granted, or how often; () when the text is not of loans."""
    words = _GRANTING.search(folded.text) or LOANS_MADE.search(folded.text)
    if words is None or not (_OF_LOANS.search(folded.text) or LOANS_MADE.search(folded.text)):
        return ()
    is_chinese = not words[0].isascii()
    noun = "贷款" if is_chinese else "loans"
    is_count = bool(_HOW_OFTEN.search(folded.text))
    way = ("新发放{}笔数" if is_count else "新发放{}") if is_chinese else ("number of new {}" if is_count else "new {}")
    found = names.metrics_called(way.format(noun))
    spans = [m.span for m in named if m.span] or [folded.span(*words.span())]
    return (NameMention(spans[0], "metric", found[0], 1.0),) if len(found) == 1 else ()


def standing(folded: Folded, named: Sequence[NameMention], names: NameIndex) -> tuple[NameMention, ...]:
    """ "Industries where we have lent over 500 million": with no period, what was lent until now is what stands; else ()."""
    if not _HAVE_LENT.search(folded.text):
        return ()
    changed = [(mention, names.standing_for(mention.name)) for mention in named]
    if not any(len(stands) == 1 for _, stands in changed):
        return ()
    return tuple(replace(m, name=stands[0]) if len(stands) == 1 else m for m, stands in changed)


def granting_words(folded: Folded) -> list[Span]:
    """Where the words of lending out stand."""
    found = [*_GRANTING.finditer(folded.text), *LOANS_MADE.finditer(folded.text)]
    return [folded.span(*match.span()) for match in found]


def counts_of(folded: Folded, named: Sequence[NameMention], names: NameIndex) -> tuple[NameMention, ...]:
    """贷款多少笔: the count of the noun that is named, by the counter that is asked with; () when there is none."""
    asked = _COUNTER.search(folded.text)
    ways = [way for counter, way in _WAYS if asked and counter == asked[1]]
    counts = []
    for mention in named:
        if mention.span:
            said = folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]
            found = [name for way in ways for name in names.metrics_called(way.format(said.removesuffix("余额")))]
            counts += [replace(mention, name=name) for name in found[:1]]
    return tuple(counts)


def without_noun(folded: Folded, quantities: Iterable[Quantity], names: Sequence[NameMention]) -> tuple[Quantity, ...]:
    """Thresholds of counts without the noun that a name has, where the noun stands last."""
    kept = []
    for quantity in quantities:
        noun = next((n.span for n in names if n.span and _ends_with(folded, quantity, n.span)), None)
        kept.append(replace(quantity, span=Span(quantity.span.start, noun.start)) if noun else quantity)
    return tuple(kept)


def _ends_with(folded: Folded, quantity: Quantity, noun: Span) -> bool:
    if quantity.kind != "threshold" or quantity.unit != "count" or not overlaps(quantity.span, noun):
        return False
    before = folded.text[offset(folded, quantity.span.start) : offset(folded, noun.start)]
    return quantity.span.start < noun.start and any(letter.isalnum() for letter in before.split(" ")[-2:][0])


def counts_for(
    folded: Folded,
    quantities: Iterable[Quantity],
    named: tuple[NameMention, ...],
    names: NameIndex,
    catalog: Catalog,
) -> tuple[NameMention, ...]:
    """ "more than 500 loans" bounds the number of loans: a metric right after a count becomes the count of its noun."""
    changed = list(named)
    for quantity in quantities:
        if quantity.kind != "threshold" or quantity.unit != "count":
            continue
        end = offset(folded, quantity.span.end)
        for index, mention in enumerate(changed):
            if mention.span is None or catalog.metrics[mention.name].unit == "count":
                continue
            start = offset(folded, mention.span.start)
            if not 0 <= start - end <= 2:
                continue
            said = folded.text[start : offset(folded, mention.span.end)]
            counter = folded.text[end - 1 : end] if not said.isascii() else ""
            for ending, way in _WAYS:
                found = names.metrics_called(way.format(said)) if ending == counter else ()
                if len(found) == 1:
                    changed[index] = replace(mention, name=found[0])
    return tuple(changed)


_WORD_BEFORE = re.compile(r"\b([a-z]+) $")
_HOW_MANY_OF = re.compile(r"\b(?:how many (?:of )?|number of )(?:our |the |such |different )?")
_NO_NOUN_NEXT = re.compile(
    r"\s*(?:$|[?.,;:!]|(?:do|does|did|are|is|were|was|have|has|had|we|in|at|on|with|by|from|over|under|above|below|per|for|there|outstanding|remain\w*|exist\w*|still|currently|as|our|each|to)\b)"
)
_HOLD = re.compile(
    r"[^,.;?!]*\b(?:have|has|had|hold|holds|held|holding|having|with|own|owns|took out|taken out|use|using)\b(?: an?| any| our| at least one| one or more)? $|(?:持有|有|办了?|用了?|买了?)$"
)


def number_of_loans(
    folded: Folded, named: tuple[NameMention, ...], loans: Iterable[Span], others: Iterable[Span], names: NameIndex
) -> tuple[NameMention, ...]:
    """ "How many fixed-rate mortgages do we have": loans right after how many are counted, be they said by a value (`loans`)
    or by their balance; `others`: what may stand between. `named` where it is asked of anything else.
    """
    called = names.metrics_called("number of loans")
    asked = _HOW_MANY_OF.search(folded.text)
    if asked is None or len(called) != 1:
        return named
    balances = {n for n in names.metrics_called("loans")}
    ends = {offset(folded, s.start): offset(folded, s.end) for s in others}
    last = {offset(folded, s.start): offset(folded, s.end) for s in loans}
    last |= {offset(folded, m.span.start): offset(folded, m.span.end) for m in named if m.span and m.name in balances}
    place = asked.end()
    while place in ends and place not in last:
        place = ends[place] + (folded.text[ends[place] : ends[place] + 1] in (" ", "-"))
    if place not in last:
        return named
    end = last[place]
    while folded.text[end : end + 1] == " " and end + 1 in last:
        end = last[end + 1]
    if not _NO_NOUN_NEXT.match(folded.text, end):
        return named
    count = NameMention(folded.span(asked.start(), asked.end()), "metric", called[0], 1.0)
    apart = (
        {m for m in named if m.span and m.span.end <= count.span.start and "balance" in _words(folded, m.span)}
        if count.span
        else set()
    )
    return (*(m for m in named if m.name not in balances or m in apart), count)


def _words(folded: Folded, span: Span) -> str:
    return folded.text[offset(folded, span.start) : offset(folded, span.end)]


def holders(
    folded: Folded, named: tuple[NameMention, ...], held: Iterable[tuple[Span, str]], names: NameIndex
) -> tuple[NameMention, ...]:
    """ "How many customers have a mortgage", 有多少客户持有大额存单: the customers of what is held, which is of one thing each."""
    changed = list(named)
    for span, thing in held:
        called = names.counting(thing)
        for index, mention in enumerate(changed):
            if mention.span is None or len(called) != 1 or mention.span.start >= span.start:
                continue
            between = folded.text[offset(folded, mention.span.start) : offset(folded, span.start)]
            if names.is_everybody(mention.name) and _HOLD.fullmatch(between):
                changed[index] = replace(mention, name=called[0])
    return tuple(changed)


def whole_name(folded: Folded, span: Span, forms: Iterable[str]) -> Span:
    """A value's stretch with the words before it that its own names begin with: personal of "personal consumer loans"."""
    own = {word for form in forms for word in form.split()}
    start = offset(folded, span.start)
    while (word := _WORD_BEFORE.search(folded.text[:start])) and word[1] in own:
        start = word.start(1)
    return Span(folded.starts[start], span.end)
