"""Who banks here: customers as they are today, and as they were at every month-end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from t2sql.demo import months
from t2sql.demo.branches import Network
from t2sql.demo.draws import Draws, Ints, spread_evenly
from t2sql.demo.months import Dates
from t2sql.demo.writing import Coded, Columns, words

TYPES = ("个人", "对公")
SEGMENTS = ("大众", "财富", "私行", "小微", "中型", "大型")
_INDUSTRIES = (
    "制造业",
    "批发零售业",
    "房地产业",
    "建筑业",
    "交通运输业",
    "信息技术业",
    "农林牧渔业",
    "住宿餐饮业",
    "电力能源业",
    "租赁商务业",
)
_TRADES = ("机械制造", "商贸", "置业", "建设工程", "物流", "信息技术", "农业科技", "餐饮管理", "电力", "商务服务")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国志海燕玉兰春梅晓红宇浩然子涵欣怡佳琪修远雨桐嘉宁一诺梓萱"
)
_BRANDS = "恒泰瑞祥盛达润丰凯旋嘉禾宏远博雅智联安信德隆鑫源永康元亨利贞致诚卓越启明锐进"
_FIRST_ID = 10_000_001
_PER_SCALE = 50_000


@dataclass(frozen=True, slots=True)
class People:
    """Customers as arrays, in the order of their ids and of the day they came."""

    customer_id: Ints
    is_corporate: npt.NDArray[np.bool_]
    segment: Ints
    """Index into SEGMENTS today, -1 for the one customer without."""
    earlier_segment: Ints
    segment_changed: Ints
    """Month of the change, 99 for none."""
    city: Ints
    outlet: Ints
    """Home outlet, before any merger."""
    opened_on: Dates
    closed_on: Dates
    """NaT while a customer."""
    unsegmented: int
    """Position of the customer without a segment."""

    def segment_at(self, month: int) -> Ints:
        """Segment of every customer at a month."""
        return np.where(month < self.segment_changed, self.earlier_segment, self.segment)

    def choose(self, among: npt.NDArray[np.bool_], cities: Ints, on: Dates, uniform: npt.NDArray[np.float64]) -> Ints:
        """A staying customer of each branch, one of those marked and already here on that day if there is one."""
        chosen = np.zeros(len(cities), dtype=np.int64)
        stays = np.isnat(self.closed_on) & among
        for city in np.unique(cities):
            members = np.flatnonzero(stays & (self.city == city))
            if len(members) == 0:
                members = np.flatnonzero(among)
            mask = cities == city
            here = np.maximum(np.searchsorted(self.opened_on[members], on[mask], side="right"), 1)
            chosen[mask] = members[np.floor(uniform[mask] * here).astype(np.int64)]
        return chosen


def make_people(draws: Draws, network: Network, scale: float) -> People:
    """50,000 customers at scale 1."""
    count = round(_PER_SCALE * scale)
    corporate = draws.shuffle(count) % 50 < 7
    months_opened = _opening_months(draws, count)
    opened = np.sort(months.day_in(months_opened, draws.uniform(count)))
    city = np.zeros(count, dtype=np.int64)
    for mask in (corporate, ~corporate):
        city[mask] = spread_evenly(np.arange(mask.sum()), network.city_weights)
    opened_month = months.month_of(opened)
    left = np.maximum(draws.between(0, months.COUNT - 1, count), opened_month + draws.between(3, 9, count))
    leaves = (draws.uniform(count) < 0.1) & (left < months.COUNT)
    closed = np.where(
        leaves, months.day_in(np.minimum(left, months.COUNT - 1), draws.uniform(count)), np.datetime64("NaT", "D")
    )
    segment = np.where(corporate, 3 + draws.pick([0.66, 0.26, 0.08], count), draws.pick([0.775, 0.19, 0.035], count))
    lowest, highest = np.where(corporate, 3, 0), np.where(corporate, 5, 2)
    step = np.where(draws.uniform(count) < 0.8, -1, 1)
    changed = np.where(
        draws.uniform(count) < np.where(corporate, 0.03, 0.1), draws.between(2, months.COUNT - 1, count), 99
    )
    changed = np.where(changed > opened_month, changed, 99)
    earlier = np.where(changed == 99, segment, np.clip(segment + step, lowest, highest))
    unsegmented = int(np.flatnonzero(~corporate & ~leaves)[count // 10])
    segment[unsegmented] = earlier[unsegmented] = -1
    return People(
        customer_id=_FIRST_ID + np.arange(count),
        is_corporate=corporate,
        segment=segment,
        earlier_segment=earlier,
        segment_changed=changed,
        city=city,
        outlet=network.pick_outlets(city, draws.uniform(count), np.minimum(opened_month, 0)),
        opened_on=opened,
        closed_on=closed.astype("datetime64[D]"),
        unsegmented=unsegmented,
    )


def _opening_months(draws: Draws, count: int) -> Ints:
    """A third since 2023, more in spring; the rest over the eighteen years before, more and more of them."""
    before = np.sqrt(draws.uniform(count)) * 216 - 216
    season = np.tile(np.array([1.1, 0.9, 1.3, 1.1, 1.0, 1.1, 0.9, 0.9, 1.1, 0.8, 0.9, 0.9]), 4)[: months.COUNT]
    since = draws.pick(season, count)
    return np.where(draws.uniform(count) < 0.66, np.floor(before).astype(np.int64), since)


def customer_columns(draws: Draws, people: People, network: Network) -> Columns:
    """Rows of customer: the state of today."""
    count = len(people.customer_id)
    corporate = people.is_corporate
    industry = draws.pick([24, 22, 8, 12, 8, 9, 5, 4, 3, 5], count)
    no_industry = ~corporate | (draws.uniform(count) < 0.015)
    birth = months.day_in(draws.between(-12 * 72, -12 * 21, count), draws.uniform(count))
    birth[corporate] = np.datetime64("NaT")
    today = months.COUNT - 1
    gone = np.where(np.isnat(people.closed_on), today, months.month_of(people.closed_on))
    digits = draws.shuffle(count)
    return {
        "customer_id": people.customer_id,
        "customer_no": words([f"C{id_}" for id_ in people.customer_id.tolist()]),
        "customer_name": words(_names(draws, people, network, industry)),
        "customer_type": Coded(corporate.astype(np.int64), TYPES),
        "segment": Coded(people.segment, SEGMENTS),
        "industry": Coded(np.where(no_industry, -1, industry), _INDUSTRIES),
        "gender": Coded(np.where(corporate, -1, draws.between(0, 1, count)), ("男", "女")),
        "birth_date": birth,
        "id_no": words(
            [
                f"{'91' if firm else '00'}0000{digit:012d}"
                for firm, digit in zip(corporate, digits.tolist(), strict=True)
            ]
        ),
        "phone": words([f"100{digit:08d}" for digit in draws.between(0, 99_999_999, count).tolist()]),
        "risk_rating": Coded(draws.pick([15, 30, 32, 16, 7], count), ("R1", "R2", "R3", "R4", "R5")),
        "home_branch_id": network.branch_id[network.outlet_at(people.outlet, gone)],
        "opened_on": people.opened_on,
        "closed_on": people.closed_on,
    }


def _names(draws: Draws, people: People, network: Network, industry: Ints) -> list[str]:
    count = len(people.customer_id)
    surname, first = (
        draws.between(0, len(_SURNAMES) - 1, count).tolist(),
        draws.between(0, len(_GIVEN) - 1, count).tolist(),
    )
    second = draws.between(-8, len(_GIVEN) - 1, count).tolist()
    brand, other = (
        draws.between(0, len(_BRANDS) - 1, count).tolist(),
        draws.between(0, len(_BRANDS) - 1, count).tolist(),
    )
    third = draws.between(0, len(_BRANDS) - 1, count).tolist()
    names = []
    for k, firm in enumerate(people.is_corporate.tolist()):
        if firm:
            trade = _TRADES[industry[k]]
            names.append(f"{_BRANDS[brand[k]]}{_BRANDS[other[k]]}{_BRANDS[third[k]]}{trade}有限公司")
        else:
            names.append(f"{_SURNAMES[surname[k]]}{_GIVEN[first[k]]}{_GIVEN[second[k]] if second[k] >= 0 else ''}")
    # One firm carries a sub-branch's place in its name: a place in a question is not always the unit.
    namesake = int(np.flatnonzero(people.is_corporate & np.isnat(people.closed_on))[0])
    names[namesake] = f"{network.places[0]}{_TRADES[industry[namesake]]}有限公司"
    return names


def snapshot_columns(draws: Draws, people: People, network: Network) -> Columns:
    """Rows of customer_snapshot: who was on the books, where and in which segment."""
    keenness = draws.uniform(len(people.customer_id))
    parts: list[tuple[Dates, Ints, Ints, Ints, npt.NDArray[np.bool_]]] = []
    for month in range(months.COUNT):
        day = months.month_end(month)
        on_books = np.flatnonzero((people.opened_on <= day) & ~(people.closed_on <= day))
        mood = draws.jitter(on_books, month)
        active = keenness[on_books] * 0.7 + mood * 0.3 < 0.60 + 0.0008 * month
        parts.append(
            (
                np.full(len(on_books), day),
                on_books,
                network.outlet_at(people.outlet[on_books], month),
                people.segment_at(month)[on_books],
                active,
            )
        )
    day, who, outlet, segment, active = (np.concatenate(part) for part in zip(*parts, strict=True))
    return {
        "snapshot_date": day,
        "customer_id": people.customer_id[who],
        "branch_id": network.branch_id[outlet],
        "customer_type": Coded(people.is_corporate[who].astype(np.int64), TYPES),
        "segment": Coded(segment, SEGMENTS),
        "is_active": active,
    }
