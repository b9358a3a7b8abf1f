"""Which columns hold what belongs to a person: decided by name, type and comment before a value is read.

A sample of an undecided text column may confirm it by its pattern, and is then forgotten: no value may leave here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from t2sql.onboarding.introspect import FoundColumn, FoundTable
from t2sql.onboarding.name_parts import shared_start, singular, table_stem, words_of
from t2sql.onboarding.survey import Guess, Reason

KINDS = {
    "person_name": ("人名", "the name of a person"),
    "identity": ("证件号码", "an identity or document number"),
    "card": ("卡号或账号", "a card or account number"),
    "phone": ("电话号码", "a phone number"),
    "email": ("电子邮箱", "an e-mail address"),
    "address": ("住址", "the address of a person"),
    "birth": ("出生日期", "a date of birth"),
    "secret": ("密码或密钥", "a password or secret"),
}
# Endings of "number" in names.
_NO = r"(no|num|number|nbr|nr)"
# In a name of words joined with "_", what it holds; looked for in this order.
_BY_NAME: tuple[tuple[str, str], ...] = (
    (
        r"(^|_)(pass_?word|passwd|pwd|secret|salt|otp|api_key|(access|refresh)_token|cvv|cvc|pin(_code)?)"
        r"($|_(hash|digest|value))",
        "secret",
    ),
    (r"(^|_)((e_?)?mail|mail_address|email_addr(ess)?)s?($|_(addr|address|id))", "email"),
    (rf"(^|_)(phone|mobile|cell_?phone|telephone|tel|fax|msisdn|sjh|sjhm|lxdh|dhhm)($|_{_NO}|_?\d)", "phone"),
    (
        rf"(^|_)(ssn|social_security(_{_NO})?|national_id|passport(_{_NO})?|id_?card(_{_NO})?|identity(_card)?(_{_NO})?"
        rf"|id_(no|number)|cert_({_NO}|id)|certificate_{_NO}|(driver|drivers|driving)_licen[cs]e(_{_NO})?"
        rf"|licen[cs]e_{_NO}|tax_id|nric|sfz|sfzh|sfzhm|zjhm|(ins|insurance|health)_(policy_)?{_NO}|policy_{_NO})$",
        "identity",
    ),
    (
        rf"(^|_)(card_({_NO}|pan)|(credit|debit|bank)_card(_{_NO})?|bank_account(_{_NO})?|iban|(account|acct)_{_NO}"
        r"|yhkh)$",
        "card",
    ),
    (r"(^|_)(birth_?date|date_of_birth|dob|birth_?day|born_on|csrq)$", "birth"),
    (
        r"(^|_)(first|last|middle|given|family|sur|maiden|nick|contact|holder|cardholder|spouse|father|mother|guardian"
        r"|user|login|screen)_?name($|_\w+)",
        "person_name",
    ),
    (r"^(fname|lname|surname|forename|xm|khxm)$", "person_name"),
    (
        r"(^|_)((home|postal|mailing|billing|residential|delivery|contact|permanent|current)_addr(ess)?\w*|txdz|jtzz)$",
        "address",
    ),
)
# As above, but only in a table of people.
_OF_PEOPLE: tuple[tuple[str, str], ...] = (
    (r"^(names?|full_?name|display_name|legal_name|preferred_name|real_name)$", "person_name"),
    (
        r"(^|_)(street(_(name|address|addr|line_?\d?|\d))?|address(_?line)?_?\d?|addr(_?(line_?\d?|street|\d))?"
        r"|full_address|house_n(o|umber))$",
        "address",
    ),
)
_BY_COMMENT: tuple[tuple[str, str], ...] = (
    (r"密码|口令|密钥", "secret"),
    (r"电子邮[箱件]|邮箱|e-?mail address", "email"),
    (r"手机号|电话号码|联系电话|移动电话|固定电话|手机$|^电话|传真", "phone"),
    (r"身份证|证件号|护照号|社保号|税号|纳税人识别号|驾驶证号", "identity"),
    (r"银行卡号|信用卡号|借记卡号|^卡号|银行账号|银行账户号", "card"),
    (r"出生(日期|年月)|生日", "birth"),
    (
        r"姓名|(?<![产商名])人名(?!称)|(?:投保|被保险|受益|代表|经办|负责|申请|借款|担保|持卡)人名称|联系人(?!数)|户名",
        "person_name",
    ),
    (r"家庭住址|通讯地址|通信地址|联系地址|详细地址|居住地址|收货地址|住址", "address"),
    (r"\b(social security|passport|national identity|driver'?s licen[cs]e) (number|no)\b", "identity"),
    (r"\binsurance policy number", "identity"),
    (r"\b(phone|mobile) number\b", "phone"),
    (r"\b(first|last|full|given|family) name of\b", "person_name"),
)  # fmt: skip
_NOT_A_PERSON = re.compile(
    r"(^|_)(product|company|corp\w*|vendor|supplier|merchant|brand|branch|bank|department|dept|city|state|country|region"
    r"|file|table|column|host|domain|project|account|campaign|event|org\w*|shop|store|restaurant|school|type|category"
    r"|class|group|role|plan)(_|$)"
)
PEOPLE = frozenset(
    "person user customer client patient doctor physician nurse employee staff author writer student teacher"
    " instructor professor driver passenger guest member contact salesperson agent consumer borrower guarantor"
    " cardholder holder applicant candidate actor actress director player coach officer manager rider worker"
    " resident citizen voter subscriber seller buyer tenant owner artist singer researcher scientist lawyer judge"
    " donor volunteer reviewer beneficiary participant people personnel advisor adviser teller courier"
    " technician engineer trainer trainee pupil tutor coach inspector dispatcher mechanic pilot therapist dentist"
    " surgeon caregiver cleaner waiter chef cashier".split()
)
# Organisations may be these too, so a bare name in such a table is less sure.
_MAYBE_FIRMS = frozenset(
    "customer client member contact agent holder owner seller buyer borrower guarantor consumer".split()
)
_PEOPLE_CHINESE = (
    r"客户|员工|职员|用户|患者|病人|医生|学生|教师|老师|会员|柜员|经理|联系人|持卡人|借款人|担保人|作者|乘客|人员|雇员"
)

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"^[\w.+-]+@[\w-]+\.[\w.-]+$")),
    ("identity", re.compile(r"^[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}[\dXx]$")),
    ("identity", re.compile(r"^\d{3}-\d{2}-\d{4}$")),
    ("phone", re.compile(r"^(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$")),
    ("phone", re.compile(r"^(\+?\d{1,3}[- .]?)?(\(\d{3}\)|\d{3})[-. ]\d{3}[-. ]\d{4}$")),
)
_CARD = re.compile(r"^(\d[ -]?){16,19}$")
_SHARE_OF_PATTERN = 0.8
_LEAST_VALUES = 5
_LOOKED_AT = 500


def personal_by_name(table: FoundTable, column: FoundColumn) -> Guess | None:
    """What of a person `column` holds, by its name, its comment and its table; None when nothing says so."""
    if column.kind == "boolean":
        return None
    words = words_of(column.name)
    shared = shared_start([other.name for other in table.columns], least=3)
    joined = "_".join(words[len(shared) :] if len(words) > len(shared) else words)
    stem = table_stem(table.name)
    about_people = _is_of_people(table, stem)
    for pattern, kind in _BY_NAME:
        if not re.search(pattern, joined) or not _may_hold(kind, column):
            continue
        if kind == "person_name" and _NOT_A_PERSON.search(joined):
            continue
        # A shop has a phone too.
        score = 0.95 if about_people or kind not in ("phone", "email", "address") else 0.75
        return _guess(kind, score, f"列名是 {column.name!r}", f"its name is {column.name!r}")
    told = f"{column.name} {column.comment}"
    for pattern, kind in _BY_COMMENT:
        if re.search(pattern, told, re.IGNORECASE) and _may_hold(kind, column):
            return _guess(kind, 0.9, "注释或列名这样说", "its comment or name says so")
    if not about_people or column.kind != "text":
        return None
    said = f"表 {table.name!r} 记录的是人", f"{table.name!r} looks like a table of people"
    start = "_".join(stem) + "_"
    own = joined.removeprefix(start)
    for pattern, kind in _OF_PEOPLE:
        if re.search(pattern, own):
            return _guess(kind, 0.65 if stem and stem[-1] in _MAYBE_FIRMS else 0.85, *said)
    for pattern, kind in ((r"名称$|^名称", "person_name"), (r"^地址|住址$", "address")):
        if re.search(pattern, column.name) or re.search(pattern, column.comment):
            return _guess(kind, 0.6, *said)
    return None


def _is_of_people(table: FoundTable, stem: Sequence[str]) -> bool:
    """Whether the table's rows are people, by its name or comment."""
    if stem and (stem[-1] in PEOPLE or singular("".join(stem)) in PEOPLE):
        return True
    return any(
        not text.isascii() and re.search(f"({_PEOPLE_CHINESE})(基本)?(信息|档案|资料)?表?$", text.strip())
        for text in (table.name, table.comment)
    )


def personal_by_values(column: FoundColumn, values: Iterable[Any]) -> Guess | None:
    """What of a person a sample's `values` look like; some of them are looked at here, and nowhere kept."""
    if column.kind not in ("text", "integer"):
        return None
    present = (str(value).strip() for value in values if value is not None)
    texts = set(itertools.islice(present, _LOOKED_AT))
    if not texts:
        return None
    # Of so few values each must look so.
    enough = _SHARE_OF_PATTERN * len(texts) if len(texts) >= _LEAST_VALUES else len(texts)
    for kind, pattern in _PATTERNS:
        if (kind != "email" or column.kind == "text") and sum(1 for text in texts if pattern.match(text)) >= enough:
            zh, en = KINDS[kind]
            return _guess(kind, 0.9, f"样本值的格式像{zh}", f"its values look like {en}")
    if sum(1 for text in texts if _CARD.match(text) and _is_luhn(text)) >= enough:
        return _guess("card", 0.9, "样本值像银行卡号", "its values look like card numbers")
    return None


def _may_hold(kind: str, column: FoundColumn) -> bool:
    if kind == "birth":
        return column.kind in ("date", "timestamp", "text", "integer")
    if kind in ("identity", "card", "phone"):
        return column.kind in ("text", "integer", "decimal")
    return column.kind == "text"


def _guess(kind: str, score: float, zh: str, en: str) -> Guess:
    what_zh, what_en = KINDS[kind]
    return Guess(kind, score, Reason(f"疑似{what_zh}：{zh}。", f"Looks like {what_en}: {en}."))


def _is_luhn(text: str) -> bool:
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
