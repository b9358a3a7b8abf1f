"""Units and currencies that names and comments say: amount_usd, height_cm, 金额(亿元), in square kilometers."""

from __future__ import annotations

import re

from t2sql.onboarding.introspect import FoundColumn
from t2sql.onboarding.name_parts import words_of
from t2sql.onboarding.survey import Guess, Reason

_CURRENCIES = "usd|cny|rmb|eur|gbp|jpy|hkd|chf|aud|cad|sgd|inr"
_CHINESE = (
    r"[(（]\s*(?:单位[:：]?)?(%|百分比|亿元|百万元|万元|千元|元/人|元|亿美元|百万美元|万美元|美元|万吨|吨|万人|人|户|个|天|日|点|倍"
    r"|平方公里|公里|平方米|米|千瓦时|亿股|万股|股|件|次|年|月|小时|分钟|秒)\s*[)）]"
)
_IN = (
    r"\bin (us dollars|usd|dollars|euros|yuan|rmb|square kilometers|square kilometres|square meters|square metres"
    r"|meters|metres|kilometers|kilometres|miles|feet|days|hours|minutes|seconds|kg|cm|percent|g/m\^2/h)\b"
)
_SHORT = "kg|cm|mm|km|mg|ml|lbs?|kwh|mwh|gb|mb|kb|bps|sqft|sqm|hrs|hours|minutes|mins|seconds|secs|days|ms"
_NAMES = (r"(?:^|_)(pct|percent|percentage)(?:$|_)", rf"(?:^|_)({_CURRENCIES})(?:$|_)", rf"_({_SHORT})$")
_PLAIN = {
    "rmb": "CNY", "yuan": "CNY", "us dollars": "USD", "dollars": "USD", "euros": "EUR", "percent": "%", "pct": "%",
    "percentage": "%", "百分比": "%", "hrs": "hours", "mins": "minutes", "secs": "seconds",
}  # fmt: skip


def unit_of(column: FoundColumn) -> Guess | None:
    """The unit or currency that the comment or the name says; None where neither does, or the column is no number."""
    if column.kind not in ("integer", "decimal", "float"):
        return None
    for pattern in (_CHINESE, _IN):
        if found := re.search(pattern, column.comment, re.IGNORECASE):
            return _guess(found.group(1), "注释", "comment")
    joined = "_".join(words_of(column.name))
    for pattern in _NAMES:
        if found := re.search(pattern, joined):
            return _guess(found.group(1), "列名", "name")
    return None


def _guess(said: str, zh: str, en: str) -> Guess:
    unit = _PLAIN.get(said.lower(), said)
    unit = unit.upper() if re.fullmatch(_CURRENCIES, unit, re.IGNORECASE) else unit
    return Guess(unit, 0.9, Reason(f"{zh}中写明单位 {unit!r}。", f"The {en} says the unit {unit!r}."))
