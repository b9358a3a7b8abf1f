"""Decides what to say when a question should not, or cannot yet, be answered with a number. Words only; it never
writes SQL.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from t2sql.catalog import Catalog, Language
from t2sql.errors import T2sqlError
from t2sql.flow import Clarification, Context, Note, Plan, Question, Reading, Refusal, Result
from t2sql.grounding.words.text import fold
from t2sql.outline import is_expression, items, outline

LONGEST_QUESTION = 2_000
GROWTH_RATES = ("yoy", "mom", "qoq", "vs_year_start")
_DATA = (
    r"(?:table|record|row|loan|deposit|customer|account|balance|data|column|transaction|metric|definition|database"
    r"|entr(?:y|ie)|NPL|class|snapshot)s?"
)
_THINGS = r"(?:数据|数字|记录|表|客户|账户|贷款|存款|余额|指标|口径|定义|字段|交易|分行|用户|权限|密码)"
_WRITING = re.compile(
    r"删除|删掉|清空|清除|销毁|篡改|修改|改为|改成|改到|调成|插入|写入|新建表|授权|覆盖掉|录入|"
    rf"(?:新增|添加|增加|加上|新建|创建|注销)(?:一|两|几|\d+)(?:个|条|笔|户|张|名|位|行){_THINGS}|"
    rf"(?:更新|重置|替换|变更){_THINGS}|把.{{1,24}}(?:设为|设成|设置为|更新为|归零|清零|变成)|"
    r"\b(?:delete|truncate|insert into|erase|wipe|revoke)\b|"
    rf"\b(?:update|alter|modify|overwrite|insert|change|drop)\b(?: (?:all|the|every|any|our|my|this|these))* {_DATA}\b|"
    rf"\bset (?:all|the|every|each|any|our|these)(?: \w+){{0,3}} {_DATA}\b.* to \b|"
    rf"\b(?:add|create|register) (?:a|an|one|new|another)(?: new)? {_DATA}\b(?! ?(?:ratio|balance|count))|"
    r"\b(?:update|alter|create|grant|merge|replace|set)\b[^?]{0,60}(?:=|\btable\b|;\s*(?:--|$))",
    re.IGNORECASE,
)
_BREAKING = re.compile(
    r"(?:忽略|无视|绕过|绕开|跳过|突破|解除|取消|关闭|不要管|不用管|忘记|忘掉).{0,12}(?:规则|指令|限制|权限|要求|提示|约束|脱敏|审批|管控)|"
    r"(?:系统提示|提示词|系统指令|系统设定|越权|提权|没有任何限制)|"
    r"\b(?:ignor|disregard|forget|bypass|overrid|circumvent|skip|disabl|break)\w*\b.{0,32}"
    r"\b(?:rules?|instructions?|restrictions?|permissions?|polic(?:y|ies)|guardrails?|limits?|prompts?|access|filters?)\b|"
    r"\bsystem prompt\b|\byour (?:prompt|instructions|rules)\b|\bjailbreak|\b(?:database|db|full|whole) schema\b",
    re.IGNORECASE,
)
_SQL = re.compile(
    r"^[\s'\";]*(?:select\b.+\bfrom\b|with\b.+\bas\s*\(|explain\b|show tables|describe\b \w+;?$|call\b.+\()",
    re.IGNORECASE | re.DOTALL,
)
_FORECAST = re.compile(
    r"预测|预判|预估|预计(?!负债|损失)|推测|推算未来|展望|(?:将会|会|将)(?:是|有|达到|变成|涨|跌|升|降|增|减|超过|到)|未来(?!现金)|"
    r"\b(?:predict|forecast|project(?:ed|ion|ions)? (?:for|to)|outlook|extrapolat|expected (?:to|for))|"
    r"\bwill (?:\w+ ){0,4}(?:be|reach|rise|fall|grow|drop|exceed|increase|decrease|look)\b|"
    r"\bwhat will\b|\bhow (?:much|many) will\b|\bgoing to (?:be|reach|rise|fall|grow|drop)\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"应该(?:提高|降低|增加|减少|怎么|如何|不应该|不该|调整|投|放|买|卖|采取|做)|(?:应不应该|该不该|要不要|是否应该|是否应当|值不值得|值得)|"
    r"(?:如何|怎么|怎样)(?:才能)?(?:提高|降低|改善|压降|提升|控制|优化|应对|解决|减少|增加)|(?:给出|给点|有什么|有何|提)(?:一些|点)?(?:建议|意见|对策)|"
    r"(?:为什么|为何|什么原因|啥原因|原因是什么|原因何在)|"
    r"\bshould (?:we|i|the bank|our|they)\b|\b(?:recommend|advise|advice|suggestions?)\b|\bwhat should\b|\bis it (?:wise|worth)\b|"
    r"\bhow (?:can|could|do|should) (?:we|i|the bank) (?:improve|reduce|raise|increase|lower|cut|boost|grow|fix|control)\b|"
    r"^\W*why\b|\bwhat (?:caused|explains|drove)\b|\breasons? (?:for|behind|why)\b",
    re.IGNORECASE,
)
_OTHER_SCRIPT = re.compile(
    r"[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0e7f\u10a0-\u10ff\u1100-\u11ff\u3040-\u30ff\uac00-\ud7af]"
)
_ACCENTED = re.compile(r"[à-öø-ÿœšžğşłńěřů]")
_OTHER_WORDS = frozenset(
    "quel quelle quels quelles était etait sont les des une du au aux fin juin combien pour avec dans der das den dem"
    " ist sind wie viel hoch für und von im zum zur wieviel el los las del cuál cual cuanto cuánto es fue por para con en"
    " il della quanto qual foi são o dos das era".split()
)
_LATIN_WORD = re.compile(r"[a-zà-öø-ÿœ']+")
_CJK = re.compile(r"[㐀-鿿豈-﫿]")


def language_of(text: str) -> Language:
    """zh when the text holds a Chinese character."""
    return "zh" if _CJK.search(text) else "en"


_Said = tuple[str, str, str, str]
"""Text and hint in Chinese, then in English."""

_READ_ONLY: _Said = (
    "这里只能查询，不能修改或删除数据。",
    "请改为查询，例如“各分行的贷款余额”。",
    "Data can only be read here, never changed or deleted.",
    "Ask for a figure instead, such as “loan balance by branch”.",
)
_RULES: _Said = (
    "数据权限和规则不能绕过，也不提供系统内部信息。",
    "请直接问有权限查看的指标，例如“各分行的存款余额”。",
    "Rights and rules cannot be set aside here, and nothing about the system itself is told.",
    "Ask for a figure that you may see, such as “deposit balance by branch”.",
)
_TYPED_SQL: _Said = (
    "这里请用文字提问，不接受直接输入的 SQL。",
    "请写出指标和条件；语义 SQL 可用 t2sql sql 运行。",
    "Questions are asked in words here; SQL typed as a question is not run.",
    "Name a metric and conditions; `t2sql sql` runs semantic SQL.",
)
_NO_FORECAST: _Said = (
    "这里只回答已经发生的数字，不做预测。",
    "请问已加载的期间，例如“上月末的不良贷款率”。",
    "Only figures that have happened are told here; nothing is forecast.",
    "Ask about a period that is loaded, such as “NPL ratio at the end of last month”.",
)
_NO_ADVICE: _Said = (
    "这里只提供数字，不解释原因，也不给建议。",
    "请问与之有关的指标，例如“各分行新发放贷款加权平均利率”。",
    "Figures are told here, not reasons or advice.",
    "Ask for a metric that bears on it, such as “weighted average rate on new loans by branch”.",
)
_LANGUAGE: _Said = (
    "目前只支持中文和英文提问。",
    "请用中文或英文再问一次。",
    "Questions are understood in Chinese and English only.",
    "Please ask again in one of them.",
)


def refuse_text(question: Question, timings: Mapping[str, float]) -> Refusal | None:
    """A refusal of the text itself: empty, too long, asking for a change, for what no figure answers, or in no served
    language.
    """
    text, zh = question.text, question.language == "zh"
    if not any(character.isalnum() for character in text):
        return Refusal(
            question,
            "question",
            "问题是空的。" if zh else "The question is empty.",
            "请写出指标和时间，例如“2025年末各分行的不良贷款率”。"
            if zh
            else "Name a metric and a time, such as “NPL ratio by branch at the end of 2025”.",
            timings,
        )
    if len(text) > LONGEST_QUESTION:
        return Refusal(
            question,
            "question",
            f"问题超过 {LONGEST_QUESTION} 个字符。"
            if zh
            else f"The question is longer than {LONGEST_QUESTION} characters.",
            "请缩短问题，一次只问一件事。" if zh else "Shorten it, and ask one thing at a time.",
            timings,
        )
    plain = fold(text).text
    for code, pattern, said in _KINDS:
        if pattern.search(plain):
            return _refuse(question, code, said, timings)
    if not is_served(text):
        return _refuse(question, "question", _LANGUAGE, timings)
    return None


_KINDS: tuple[tuple[str, re.Pattern[str], _Said], ...] = (
    ("read_only", _WRITING, _READ_ONLY),
    ("question", _BREAKING, _RULES),
    ("question", _SQL, _TYPED_SQL),
    ("question", _FORECAST, _NO_FORECAST),
    ("question", _ADVICE, _NO_ADVICE),
)


def is_served(text: str) -> bool:
    """Whether a text is Chinese or English, as far as its script and its commonest words tell."""
    if _OTHER_SCRIPT.search(text):
        return False
    if _CJK.search(text):
        return True
    words = _LATIN_WORD.findall(text.lower())
    foreign = sum(word.strip("'") in _OTHER_WORDS or bool(_ACCENTED.search(word)) for word in words)
    return foreign < 2 or foreign * 4 < len(words)


def _refuse(question: Question, code: str, said: _Said, timings: Mapping[str, float]) -> Refusal:
    text, hint = said[:2] if question.language == "zh" else said[2:]
    return Refusal(question, code, text, hint, timings)


def refuse_off_topic(question: Question, catalog: Catalog, timings: Mapping[str, float], context: Context) -> Refusal:
    """Nothing in the question names a metric that this principal may see."""
    zh = question.language == "zh"
    some = [m.display.to(question.language) for m in list(catalog.metrics.values())[:60:12]]
    return Refusal(
        question,
        "no_metric",
        "没有找到与问题对应的指标。" if zh else "No metric here matches the question.",
        ("可以问的指标例如：" + "、".join(some) + "。") if zh else ("Metrics to ask for: " + ", ".join(some) + "."),
        timings,
        context,
    )


def ask_back(
    question: Question, context: Context, options: tuple[Reading, ...], timings: Mapping[str, float]
) -> Clarification:
    """A question back that names what was not understood."""
    words = (
        "、".join(f"“{w}”" for w in context.ungrounded)
        if question.language == "zh"
        else ", ".join(f"“{w}”" for w in context.ungrounded)
    )
    if question.language == "zh":
        text = f"没有看懂{words}。" if words else "这个问题有几种理解。"
        text += "您要问的是下面哪一个？" if options else "请换一种说法，或检查名称。"
    else:
        text = f"I do not understand {words}. " if words else "This question can be read in several ways. "
        text += "Which of these do you mean?" if options else "Please say it another way, or check the name."
    return Clarification(question, text, options, timings, context)


def offer_instead(
    question: Question, context: Context, error: T2sqlError, options: tuple[Reading, ...], timings: Mapping[str, float]
) -> Clarification:
    """Why it cannot be computed as asked, and what near it can."""
    told = error.told(question.language)[0]
    ask = "您要问的是下面哪一个？" if question.language == "zh" else " Which of these do you mean?"
    return Clarification(question, told + ask, options, timings, context)


def name_options(semantic_sqls: list[str], say: Callable[[str], str]) -> tuple[Reading, ...]:
    """Readings to choose among, each told in words."""
    return tuple(Reading(say(sql), sql) for sql in semantic_sqls)


NOTHING_FOUND = Note(
    "nothing_found",
    "该期间没有符合条件的记录：条件可能过窄，或机构当时已撤并、产品当时未发生业务。",
    "No row fits these conditions in that period: they may be too narrow, or the unit was closed or merged by then.",
)

NO_FIGURE = Note(
    "no_figure",
    "这里没有可显示的数字：所需的某个期间没有数据，或指标当时尚无口径。",
    "There is no figure to show: a period that it needs holds nothing, or the metric was not defined then.",
)


def is_empty(result: Result) -> bool:
    """Whether a result holds no figure at all."""
    metrics = [i for i, column in enumerate(result.columns) if column.kind == "metric"]
    return not result.rows or (bool(metrics) and all(row[i] is None for row in result.rows for i in metrics))


def is_nought(result: Result) -> bool:
    """Whether a result has no row, or every figure of it is 0 or missing."""
    metrics = [i for i, column in enumerate(result.columns) if column.kind == "metric"]
    return not result.rows or (bool(metrics) and all(not row[i] for row in result.rows for i in metrics))


def notes_on(plan: Plan, result: Result, unknown: tuple[Note, ...] = ()) -> tuple[Note, ...]:
    """What the plan tells, as far as it bears on these rows, and why there is no figure where there is none.

    `unknown`: notes of values that nobody has, which say more than that nothing was found.
    """
    kept = [note for note in plan.notes if note.code != "empty_growth" or _may_lack_growth(plan, result)]
    if is_empty(result) and not unknown:
        kept.append(NOTHING_FOUND if plan.understood.conditions else NO_FIGURE)
    return (*kept, *unknown)


def _may_lack_growth(plan: Plan, result: Result) -> bool:
    """Whether a growth rate is missing among the rows, or a calculation such as COALESCE may hide that it is."""
    shown = items(outline(plan.semantic_sql), len(result.columns))
    growth = [i for i, column in enumerate(result.columns) if column.function in GROWTH_RATES]
    if shown is None or any(is_expression(shown[i].unalias()) for i in growth):
        return True
    return any(row[i] is None for row in result.rows for i in growth)
