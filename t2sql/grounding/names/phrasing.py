"""What may stand between the words of a name, and which of its words may go unsaid.

Rules of the two languages and of banking, of no catalog: a coverage is a ratio, an average per customer is per customer,
what borrowers pay is what the bank receives. A rule here never drops what makes another figure.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from t2sql.grounding.words.text import is_cjk
from t2sql.grounding.words.thesaurus import Said, Thesaurus, Token

GAP = re.compile(
    r"(?:\s|的|了|过|着|得|是|有|对|被|在|我们|我行|本行|咱们?行?|全行|这里|这儿|这一?块|方面|口径|一共|总共|合计|总计|共|实际上|实际|给|里头|其中|又|总额|出去|出来|进来|进|回来|下来|上来|起来|掉|出|回|里面?|中|"
    r"多少钱|多少|累计|几|所|持有|购?买|配置|认购|申购|除以|"
    r"\b(?:of|in|the|our|on|for|from|to|over|with|that|which|who|we|us|have|has|had|having|hold|holds|holding|held|own|did|do|does|is|are|was|were|been|being|"
    r"out|as|an?|some|any|their|its|thier|actually|really|made|how much|invested in|held by|in total|divided by|relative to|in relation to|as a multiple of|keep|keeps|keeping)\b)*"
)
_AGAINST = re.compile(
    r"\b(?:to|over|divided by|relative to|in relation to|as a multiple of)\b|(?<!held )\bagainst\b|除以"
)
# What sets one thing against another; between two names only where both make one ratio.
SET_AGAINST = re.compile(
    r"\s*的?(?:与|和|跟|同|对|比|除以|/|:|\band\b|\bto\b|\bagainst\b|\bover\b|\bdivided by\b)\s*(?:the |our |total |全部|所有)*"
)
ONE_OVER_OTHER = re.compile(
    r"之比|的?比[值率]|的比例|的比(?!例|率|值|重|较)|\bratio (?:of|between)\b|\bagainst\b|\bdivided by\b|除以|比(?=不良|贷款|存款|逾期)"
)
FUNCTION = frozenset("of in the our on for from to with and that a an at by is are who per as".split())
_ASKED = re.compile(r"多少|几[个户家名位人张笔]")
_COMMA = re.compile(r"[的了]?, ?")
RATIOS = frozenset(("ratio", "rate", "coverage", "usage", "return", "nim"))
WORD = re.compile(r"[a-z0-9][a-z0-9'+/&]*|[㐀-鿿]+")


def simpler(concepts: frozenset[str]) -> Iterator[tuple[frozenset[str], bool]]:
    """The concepts as said, then without what may go unsaid; and whether that holds for amounts of money only."""
    yield concepts, False
    if "ratio" in concepts and concepts & {"total", "balance", "amount"}:
        yield concepts - {"total", "balance", "amount"}, False
    if {"spend", "card"} <= concepts and "fee" not in concepts:
        yield concepts - {"card", "total", "balance", "amount"}, False
    # What was lent in some year and is not yet paid back is no flow.
    if "unpaid" in concepts and not concepts & {"disbursal", "repay", "new"}:
        yield concepts - {"unpaid"}, False
        yield concepts - {"unpaid", "balance"}, True
    # What borrowers pay is what the bank receives.
    if {"interest", "expense", "customer", "loan"} <= concepts:
        yield concepts - {"expense", "customer"} | {"collect"}, True
    # What it costs to run the bank is what running it costs.
    if "operate" in concepts and concepts & {"expense", "spend"}:
        yield concepts - {"operate", "expense", "spend", "amount", "total"} | {"opex"}, False
    # What customers put in or took out is a sum, unless the customers are counted.
    if "put" in concepts:
        people = set() if concepts & {"count", "per_customer"} else {"customer"}
        yield concepts - {"put"} - people, False
        yield concepts - {"put", "amount", "balance"} - people, True
    # Customers of one kind have one loan or deposit each to speak of: 平均一户贷了多少 asks for what stands.
    if {"per_customer", "disbursal"} <= concepts:
        yield concepts - {"disbursal"} | {"loan"}, False
    # A limit that is handed out is a limit.
    if {"limit", "usage"} <= concepts:
        yield concepts - {"card", "customer", "ratio"}, False
    if {"limit", "disbursal"} <= concepts:
        yield concepts - {"disbursal"}, True
    # Fees that came in are income.
    if {"fee", "collect"} <= concepts and "count" not in concepts:
        yield concepts - {"collect"} | {"income"}, True
    # Who holds something is counted, and has no balance of its own.
    if {"customer", "balance", "wealth", "count"} <= concepts:
        yield concepts - {"balance"}, False
    if {"charge", "provision", "balance"} <= concepts:
        yield concepts - {"charge"}, True
    if "rate" in concepts and "charge" in concepts:
        yield concepts - {"charge"}, False
    if "count" in concepts and concepts & {"collect", "charge"}:
        yield concepts - {"collect", "charge"}, False
    for light in ("amount", "balance", "total"):
        if light in concepts and len(concepts) > 1:
            yield concepts - {light}, True
    # What customers pay is no expense of the bank's.
    if "customer" in concepts and len(concepts) > 2 and not concepts & {"count", "expense", "per_outlet"}:
        yield concepts - {"customer"}, True
        yield concepts - {"customer", "amount", "balance", "total"}, True


def against(text: str, window: Sequence[Token], is_thing: Callable[[Token], bool]) -> list[str]:
    """A ratio said by setting one thing over another: "loans over deposits"."""
    # "to total loans": how much of the other stands before it.
    pairs = itertools.pairwise(t for t in window if t is window[-1] or ("total",) not in t.said)
    if any(_AGAINST.search(text[one.end : other.start]) and is_thing(other) for one, other in pairs):
        return ["ratio"]
    return ["ratio"] if any(is_set_against(text, window[: i + 1]) for i in range(1, len(window))) else []


def is_set_against(text: str, window: Sequence[Token]) -> bool:
    """Whether the last of some words is set against the one before, in words that ask for one over the other: A与B之比."""
    one, other = window[-2:]
    between = text[one.end : other.start]
    if not between.strip() or not SET_AGAINST.fullmatch(between):
        return False
    comma = text.find(",", other.end)
    return bool(ONE_OVER_OTHER.search(text, window[0].start, comma if comma >= 0 else len(text)))


def canonical(concepts: Iterable[str]) -> frozenset[str]:
    """One form for what is said with more words or fewer: a coverage is a ratio, an average per customer is per customer."""
    found = set(concepts)
    if found & (RATIOS - {"ratio"}):
        found -= {"ratio"}
    if "npl" in found and "ratio" in found:
        found -= {"loan", "total"}
    if "weighted" in found or any(c.startswith("per_") for c in found):
        found -= {"average"}
    if "disbursal" in found:
        found -= {"new"}
    if "wealth" in found:
        found -= {"spend"}
    return frozenset(found)


def is_gap(text: str, start: int, end: int, through: Sequence[tuple[int, int]]) -> bool:
    between = list(text[start:end])
    for begin, stop in through:
        for place in range(max(begin, start), min(stop, end)):
            between[place - start] = " "
    said = "".join(between)
    return bool(GAP.fullmatch(said)) and len(said.split()) <= 5


def is_topic(text: str, window: Sequence[Token], exact: Sequence[tuple[int, int]]) -> bool:
    """Whether a comma only sets a topic before what is asked of it: 刷卡,平均每笔多少钱; not a list of names."""
    one, other = window[-2:]
    if not is_cjk(text[other.start]) or not _COMMA.fullmatch(text[one.end : other.start]):
        return False
    before = {concept for token in window[:-1] for said in token.said for concept in said}
    if _ASKED.search(text, window[0].start, one.end):
        # What has been asked already is no topic of what is asked next: 有多少客户,活跃的又有多少.
        return False
    is_fragment = not any(start <= other.start < end for start, end in exact)
    return is_fragment and not any(set(said) & before for said in other.said)


def is_covered(written: str, tokens: Sequence[Token]) -> bool:
    """Whether every word of a name says something."""
    letters = list(written)
    for token in tokens:
        letters[token.start : token.end] = "\n" * (token.end - token.start)
    left = WORD.findall("".join(letters))
    return all(word in FUNCTION or word in "的与之及和" for word in left)


def own_words(written: Iterable[str]) -> list[tuple[str, Said]]:
    """Words of names that no concept covers, each a concept of its own."""
    general = Thesaurus()
    found: dict[str, None] = {}
    for name in written:
        letters = list(name)
        for token in general.tokens(name):
            letters[token.start : token.end] = "\n" * (token.end - token.start)
        for word in WORD.findall("".join(letters)):
            if (
                word not in FUNCTION
                and not GAP.fullmatch(word)
                and (len(word) > 1 or not is_cjk(word))
                and word != name
            ):
                found[word] = None
    return [(word, ("=" + word,)) for word in found]
