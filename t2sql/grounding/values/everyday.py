"""Values that are also everyday words: 麻烦关注一下, 是否正常, 定期汇报, "our online meeting", "fixed a mistake".

Such a word is a value only where it says what sort of loans, customers or spending is meant; anywhere else it is passed
over, and harmless. Takes away, never adds.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from t2sql.catalog import Catalog
from t2sql.flow import Span, ValueMention
from t2sql.grounding.settling import key, offset
from t2sql.grounding.values.denials import LISTED
from t2sql.grounding.words.text import Folded

_ZH = frozenset(
    "关注 正常 定期 个人 其他 其它 财富 固定 浮动 损失 保证 信用 结算 咨询 线上 线下 网上 大型 中型 公司 企业 出行 购物 "
    "教育 娱乐 培训 医疗 餐饮 吃饭 看病 旅行 缴费 门店 交通 能源 电力 制造 建筑 物流 保险 基金 大众 地产 百货 短期 长期 中期 总行 人民币".split()
)
_EN = frozenset(
    "normal large other others private online offline fixed floating mass travel shopping education individual individuals personal "
    "corporate retail pass watch demand technology tech leasing medical medium settlement wholesale utilities agriculture transport "
    "entertainment leisure consulting dining classic standard loss doubtful guaranteed pledged energy construction headquarters hq yen "
    "yuan dollar dollars pounds euro funds insurance affluent personally bill bills".split()
)
# What such a word is said of: an amount, a sort of customer or product, or nothing more.
_NOUN_ZH = re.compile(
    r"(?:类|级|型|性|款)?(?:的)?(?:$|[，。,.;；、？?!）)/\s]|[和与及或跟]|以及|贷|存|客|户|余额|资产|卡|业务|产品|消费|交易|渠道|利率|利息|手续费|费|收入|占|比[例重]|类|级[贷的]|借[据款]|合同|企业|公司|群|理财|aum|条线|板块|行业|领域|方式|方面|部分|支出|刷|"
    r"有多少|多少|是多少|几|不良|逾期|各|按|本部|记账|金额|笔|场景|商户|授信|融资|投放|新|余|规模|总|支付|购|代销|保有|持|线|定期|活期|投行|承诺|委托|外|除|端|端的)"
)
_NOT_BEFORE_ZH = re.compile(
    r"(?:是否|持续|重点|密切|值得|需要|需|请|麻烦|受|引起|高度|我|本人|还算|不太|属不属于|帮|多|恢复|以|凭|为了|靠|我们|咱们|咱|本|贵|该|全|总|分|子|母|非?我)$"
)
_NOUN_EN = re.compile(
    r"[\s-]*(?:$|[,.;?!)/]|(?:only|alone|please|and|or|vs|versus|by|in|at|for|of|as|to|from|last|this|since|during|between|over|on|is|are|was|were|segment|class|category|customer|client|loan|deposit|balance|spend|spending|card|channel|rate|fee|product|account|borrower|depositor|sector|industry|credit|lending|book|transaction|purchase|amount|npl|overdue|type|companies|company|firms?|corporates?|wealth|fund|people|term|portfolio|merchant|payment|volume|share|ticket|advisory)s?\b)"
)
_NOT_BEFORE_EN = re.compile(
    r"\b(?:our|my|your|his|her|their|it|keep|kept|stay|go|an?|was|were|get|got|be|been|look|looks|is|are)\s+(?:\w+ly )?$"
)
_ANSWERS = re.compile(r"(?:为|是|=|:|：|属于|归为|分类为|等于|的是|is|are|as|of)\s*$")
# Said of a loan or a customer, what follows is always the sort.
_CLASSED = re.compile(
    r"\b(?:classif\w+|class?ed|graded|rated|categori[sz]ed|labell?ed|marked|flagged|tagged)(?: (?:in|into))?(?: as| under)? (?:an? |the )?$"
)
# 其他支行 are the other ones; only its own dimension, or a list, makes it a value.
_REST = frozenset("其他 其它 other others".split())
_GOES_ON = re.compile(r"[,，;；]\s*(?:and |the |all |but )*$")


def without_everyday(
    catalog: Catalog, folded: Folded, values: tuple[ValueMention, ...], nouns: Collection[Span]
) -> tuple[ValueMention, ...]:
    """`values` less the everyday words among them that say nothing of a sort. `nouns`: where metrics are named."""
    starts = {offset(folded, span.start) for span in nouns}
    return tuple(v for v in values if _says_sort(catalog, folded, v, values, starts))


def _says_sort(
    catalog: Catalog, folded: Folded, value: ValueMention, values: Sequence[ValueMention], starts: Collection[int]
) -> bool:
    text = folded.text
    start, end = offset(folded, value.span.start), offset(folded, value.span.end)
    said = text[start:end]
    before, after = text[:start], text[end:]
    goes_on = said in _REST and bool(_GOES_ON.search(before))
    if (value.is_negated and not goes_on) or (said not in _ZH and said not in _EN):
        # What is left out is a sort by that very word; 不算房地产，其他各行业 leaves out no others.
        return True
    dimension = catalog.dimensions[value.dimension]
    own = {key(name) for name in (dimension.display.zh, dimension.display.en)}
    if _is_listed(folded, value, values) or (_ANSWERS.search(before) and any(name in before for name in own)):
        return True
    if _CLASSED.search(before):
        return True
    if said in _REST:
        return any(after.lstrip().startswith(name) for name in own)
    if said in _ZH:
        return not _NOT_BEFORE_ZH.search(before) and (end in starts or bool(_NOUN_ZH.match(after)))
    following = end + len(after) - len(after.lstrip(" -"))
    return following in starts or (bool(_NOUN_EN.match(after)) and not _NOT_BEFORE_EN.search(before))


def _is_listed(folded: Folded, value: ValueMention, values: Sequence[ValueMention]) -> bool:
    """Whether another value of the same dimension stands beside it in a list."""
    for other in values:
        if other.dimension == value.dimension and other.span != value.span:
            first, second = sorted((value.span, other.span), key=lambda s: s.start)
            between = folded.text[offset(folded, first.end) : offset(folded, second.start)]
            if LISTED.fullmatch(between.replace("类", "")) or not between.strip():
                return True
    return False


_BRACKET = re.compile(r"[(（][^()（）]*[)）]")
_FOR_EXAMPLE = re.compile(
    r"\b(?:etc|e\.?g|such as|for example|for instance|like|and so on|and the like)\b|等[)）、，,\s]|等等|例如|比如|譬如|诸如"
)


def without_examples(
    folded: Folded, values: tuple[ValueMention, ...], grouped: Collection[str]
) -> tuple[ValueMention, ...]:
    """`values` less the members that a bracket lists of a dimension grouped by: type of security (pledge, guarantee etc)."""
    brackets = [(m.start(), m.end()) for m in _BRACKET.finditer(folded.text) if _FOR_EXAMPLE.search(m[0])]

    def is_example(value: ValueMention) -> bool:
        start, end = offset(folded, value.span.start), offset(folded, value.span.end)
        return value.dimension in grouped and any(first < start and end < last for first, last in brackets)

    return tuple(v for v in values if v.is_negated or not is_example(v))
