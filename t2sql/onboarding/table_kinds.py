"""What a table's rows are, and which of its dates says when they happened.

Both are guesses for a person to confirm; a wrong date must at least be a date.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from t2sql.onboarding.introspect import FoundTable
from t2sql.onboarding.name_parts import singular, words_of
from t2sql.onboarding.survey import Guess, Key, Profile, Reason, SurveyedColumn

_AUDIT = frozenset(
    "crtd created create creation inserted insert updated update modified modify changed etl load loaded batch"
    " sync synced deleted".split()
)
_ENDS = frozenset(
    "end ended expiry expire expires expiration expired termination terminated due maturity close closed to until"
    " thru through cancelled canceled".split()
)
_SNAPSHOT = frozenset(
    "snapshot snap asof stat statistic statistical report reporting data biz business balance position".split()
)
_SNAPSHOT_DAY = re.compile(r"snap|as_?of|balance_|position_|^(bal|pos)_|截止|截至|快照|余额日|时点", re.IGNORECASE)
_HAPPENED = frozenset(
    "transaction trans txn tx trade trading order event payment pay post posting posted booking book purchase"
    " sale visit start started begin issue issued value entry".split()
)
_AUDIT_CHINESE = re.compile(r"创建|更新|修改|录入|入库|导入|加载")
_ENDS_CHINESE = re.compile(r"到期|失效|结束|终止|注销|销户")
_SNAPSHOT_CHINESE = re.compile(r"截止|统计|数据日期|报告|快照|业务日期|余额日|会计日|账期")
SNAPSHOT_TABLE = re.compile(r"snapshot|(^|_)snap(_|$)|daily_bal|month_?end|快照|余额表|日终", re.IGNORECASE)


def time_column_of(
    table: FoundTable, dated: Collection[str], profiles: dict[str, Profile], stem: tuple[str, ...]
) -> Guess | None:
    """Which of the `dated` columns (dates, moments, dates kept as text) says when a row happened; None without any."""
    best: tuple[float, int, str, Reason] | None = None
    for place, column in enumerate(table.columns):
        if column.name not in dated or column.kind == "time":
            continue
        words = {singular(word) for word in words_of(column.name)} | set(words_of(column.name))
        told = column.comment
        score, zh, en = 0.6, "它是日期", "it is a date"
        if (
            words & _AUDIT
            or _AUDIT_CHINESE.search(told)
            or re.search(r"\brecord (was )?created|added to the system", told, re.I)
        ):
            score, zh, en = 0.3, "只有记录的创建或更新时间", "it only says when the row was written"
        elif words & _SNAPSHOT or _SNAPSHOT_CHINESE.search(told + column.name):
            score, zh, en = 0.9, "名称说它是快照或统计日期", "its name says the day of a snapshot or report"
        elif words & {"birth", "dob"}:
            continue
        elif stem and set(stem) & words:
            score, zh, en = 0.9, "它以表名命名", "it is named after its table"
        elif words & _ENDS or _ENDS_CHINESE.search(told + column.name):
            score, zh, en = 0.4, "它说的是结束或到期", "it says an end or due date"
        elif words & _HAPPENED:
            score, zh, en = 0.85, "名称说它是发生日期", "its name says when it happened"
        profile = profiles.get(column.name)
        if profile and profile.sampled and profile.nulls > 0.5 * profile.sampled:
            score -= 0.2
        if best is None or score > best[0]:
            best = (score, place, column.name, Reason(f"{zh}。", f"{en[0].upper()}{en[1:]}."))
    return Guess(best[2], round(best[0], 2), best[3]) if best else None


def is_snapshot_day(column: SurveyedColumn) -> bool:
    """Whether the name of a date says that things are as of it."""
    return bool(_SNAPSHOT_DAY.search(f"{column.name} {column.comment}"))


def kind_of_table(
    table: FoundTable,
    rows: int,
    *,
    time_column: Guess | None,
    primary_key: Key | None,
    links: Sequence[str],
    measures: int,
    is_referenced: bool,
) -> Guess:
    """What the rows are, see survey.TABLE_KINDS. `links`: columns that lead elsewhere; `measures`: how many add up."""
    if rows == 0:
        return _guess("empty", 1.0, "没有行", "it has no rows")
    if table.is_view:
        return _guess("view", 1.0, "它是视图", "it is a view")
    others = [column for column in table.columns if column.name not in links]
    has_moment = time_column is not None and time_column.score >= 0.5
    if has_moment and time_column is not None:
        key_holds_time = (
            primary_key is not None and time_column.what in primary_key.columns and len(primary_key.columns) > 1
        )
        if SNAPSHOT_TABLE.search(f"{table.name} {table.comment}") or key_holds_time:
            return _guess("snapshot", 0.8, "每行是一个对象在某一天的样子", "each row is one thing as of one day")
    if len(links) >= 2 and len(others) <= 2 and measures == 0 and not has_moment:
        return _guess("bridge", 0.85, "几乎只有指向别处的列", "it holds little but links to other tables")
    is_natural = primary_key is not None and any(
        (column.name,) == primary_key.columns and column.kind == "text" for column in table.columns
    )
    if is_natural and not has_moment:
        return _guess("lookup", 0.6, "每行是一个有名称的对象", "each row is one thing with a name")
    if len(links) >= 1 and (has_moment or measures) and not (is_referenced and not has_moment):
        return _guess("fact", 0.75, "有指向别处的列，并有日期或数值", "it has links, and dates or figures")
    if is_referenced or not has_moment:
        return _guess("lookup", 0.75 if is_referenced else 0.55, "每行是一个对象", "each row is one thing")
    return _guess("fact", 0.6, "每行有自己的日期", "each row has a date of its own")


def _guess(what: str, score: float, zh: str, en: str) -> Guess:
    return Guess(what, score, Reason(f"{zh}。", f"{en[0].upper()}{en[1:]}."))
