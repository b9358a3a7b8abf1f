"""How long it takes to find values among very many names, and what holding them costs.

    .venv/bin/python benchmarks/values.py [--names 1000000] [--questions 400] [--seed 7]

Made-up customers: a third companies, the rest people, beside a thousand units and products with their aliases. The
questions name a company in whole, by how it begins or misprinted, a person, a unit misprinted, or nothing that is held.
Prints build time, memory that the names take, and p50, p95 and the longest of what one question's look-up takes: the
names and the thousand values, exact and misprinted. Nothing is read from a database.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections.abc import Iterator

from t2sql.grounding.values.register import NameRegister
from t2sql.grounding.values.values import ValueEntry, ValueIndex
from t2sql.grounding.words.text import fold

_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任姚卢傅钟姜崔"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉萍红建文辉力永健世广志"
    "义兴良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子"
)
_BRAND = "康亨源致雅丰嘉永宏锐鑫联恒信瑞达盛泰安博远业金诚立德隆昌茂汇通宝祥和顺广裕辉腾飞拓创越凯悦欣荣"
_TRADE = (
    "机械制造",
    "餐饮管理",
    "农业科技",
    "商贸",
    "物流",
    "信息技术",
    "建筑工程",
    "置业",
    "进出口",
    "新能源",
    "医疗器械",
    "文化传媒",
)
_PLACES = (
    "东城",
    "西城",
    "江北",
    "江南",
    "滨海",
    "高新",
    "新区",
    "中山",
    "人民",
    "解放",
    "建设",
    "和平",
    "光明",
    "长安",
    "云岭",
    "海湾",
)
_ASKED = (
    "{}2025年末的贷款余额是多少，比上年末增加了多少",
    "请问客户{}的存款余额，按产品和币种拆开",
    "loan balance of {} at the end of June 2026, by product",
    "看看{}近6个月的逾期贷款余额走势",
)


def customers(count: int, draw: random.Random) -> Iterator[str]:
    """`count` names, some of them twice, as in a bank."""
    for number in range(count):
        if number % 3 == 0:
            yield "".join(draw.choices(_BRAND, k=draw.choice((3, 4)))) + draw.choice(_TRADE) + "有限公司"
        else:
            yield draw.choice(_FAMILY) + "".join(draw.choices(_GIVEN, k=draw.choice((1, 2, 2, 2))))


def units() -> Iterator[ValueEntry]:
    """A thousand units."""
    for number in range(1_000):
        name = _PLACES[number % 16] + _PLACES[number // 16 % 16] + "一二三四"[number // 256]
        yield ValueEntry("sub_branch", f"{name}支行", (f"Outlet {number} Sub-branch",))


def questions(names: list[str], count: int, draw: random.Random) -> Iterator[str]:
    """Questions about names drawn from all, a fifth of each sort."""
    companies = [name for name in draw.sample(names, min(len(names), 50 * count)) if name.endswith("公司")]
    people = [name for name in draw.sample(names, min(len(names), 50 * count)) if not name.endswith("公司")]
    for number in range(count):
        company, person = draw.choice(companies), draw.choice(people)
        wrong = company[:4] + draw.choice(_BRAND) + company[5:]
        said = (company, company[:3], wrong, person, f"{_PLACES[number % 16]}{_PLACES[3]}以支行")[number % 5]
        yield _ASKED[number % len(_ASKED)].format(said)


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    draw = random.Random(chosen.seed)
    distinct = dict.fromkeys(customers(chosen.names, draw))
    while len(distinct) < chosen.names:
        distinct.update(dict.fromkeys(customers(chosen.names - len(distinct), draw)))
    names = list(distinct)
    asked = list(questions(names, chosen.questions, draw))
    started, worked = time.perf_counter(), time.process_time()
    register = NameRegister(names)
    built, worked = time.perf_counter() - started, time.process_time() - worked
    index = ValueIndex.build(units(), {"customer_name": register})
    allowed = frozenset(("sub_branch", "customer_name"))
    spent, hits = [], 0
    for text in asked:
        folded = fold(text)
        began = time.perf_counter()
        found = index.find(folded, allowed)
        named = index.find_names(folded, allowed, [value.span for value in found])
        spent.append((time.perf_counter() - began) * 1_000)
        hits += bool(found or named)
    first = spent[0]
    spent = sorted(spent[1:])
    print(f"names          {len(register):>12,}")
    print(f"build          {built:>12.1f} s    {worked:.1f} s of it work of this process")
    print(f"held           {register.held_bytes / 2**20:>12.0f} MiB")
    print(f"peak of all    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:>12.0f} MiB")
    print(f"questions      {len(asked):>12,}   {hits:,} name something held")
    print(f"first          {first:>12.2f} ms   loads how letters sound, and counts nowhere below")
    print(f"p50            {statistics.median(spent):>12.2f} ms")
    print(f"p95            {spent[int(len(spent) * 0.95)]:>12.2f} ms")
    print(f"longest        {spent[-1]:>12.2f} ms")


if __name__ == "__main__":
    main()
