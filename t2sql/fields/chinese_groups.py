"""Chinese questions for groups by how many or how much they have: 发行债券最多的发行人, 发行过10只以上债券的发行人.

The groups are what 哪个 or 各 stands before, what the words of the order stand before, or else what is named first.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.chinese import bare_name
from t2sql.fields.chinese_parts import TO_ORDER, Parts, Sentence
from t2sql.fields.entities import labels_of
from t2sql.fields.index import Key
from t2sql.fields.linked import Bound, FieldFound
from t2sql.fields.roles import is_date, is_flag, label_fields

COUNTED = r"(?:数量|个数|家数|只数|支数|次数|笔数|人数|条数|数目|总数)"
_MOST = re.compile(r"最[多少]")
_RANKED = re.compile(
    rf"{COUNTED}(?:[^，,。；;的]{{0,4}}?(?:最[多少大高小低]|排名|排序|排列|排在|前[\d一二两三四五六七八九十]|从[多高大少低小]|由[多高大少低小]|降序|升序|倒序))"
)
_WHICH_BEFORE = re.compile(
    r"(?:哪[一几]?[个家只位名支种类些款项]|哪[些几]|各个?|每[一]?[个家只位名支种类]?|不同的?|按照?|分)$"
)
_MEASURE = r"(?:只|家|个|次|笔|名|支|种|条|位|款|项|份|人|单|辆|台|座|艘|所|宗|例|批|起|户|张)"


class Grouped(Sentence):
    """Reads groups that a count or a sum chooses or orders."""

    def placed(self) -> Parts | None:
        """净资本排名第二的公司: the one in that place, and not the first so many."""
        order = self.linked.order
        at = self.text[order.span.start : order.span.end] if order is not None else ""
        if order is None or order.field is None or not re.search(r"第[二两三四五六七八九2-9]", at):
            return None
        if self.linked.groups or [a for a in self.linked.aggregates if a.function not in ("max", "min")]:
            return None
        behind = [d for d in self.linked.named if d.span is not None and d.span.start >= order.span.end]
        own = [k for k in self.roles.shown if k != order.field]
        shown = own or [k for d in behind[:1] for k in self.labels(d.dataset)]
        if not shown or order.limit < 2:
            return None
        place = f"RANK() OVER (ORDER BY {self.name(order.field)}{' DESC' if order.descending else ''}) = {order.limit}"
        return Parts([self.name(k) for k in shown], self.all_conditions(), qualify=place, sure=0.8)

    def ranked_groups(self) -> Parts | None:
        """哪个发行人发行的债券最多; 成交金额合计最高的3只债券: groups in the order of a count or a sum."""
        order = self.linked.order
        most = next((m for m in _MOST.finditer(self.text) if not self.number_before(m.start())), None)
        counted = most or _RANKED.search(self.text)
        if counted is not None and (counted is most or not self._is_named(counted)):
            keys = self._grouping(counted.end())
            if not keys:
                if most:
                    self.unread()
                return None
            call = self._counted(keys)
            is_down = "最少" not in counted[0] and not (order is not None and not order.descending)
            return self._ordered(keys, call, is_down=is_down, end=counted.end())
        if order is None or not order.limit or order.is_latest or order.field is None:
            return None
        best = self._best_of_each()
        if best is not None:
            return best
        figure = next(
            (a for a in self.linked.aggregates if a.function in ("sum", "avg") and a.field == order.field), None
        )
        if figure is None and not self._is_totalled(order.field):
            return None
        keys = self._grouping(order.span.end)
        if not keys:
            return None
        call = f"{'AVG' if figure is not None and figure.function == 'avg' else 'SUM'}({self.name(order.field)})"
        return self._ordered(keys, call, is_down=order.descending, end=order.span.end, key=order.field)

    def _ordered(self, keys: list[Key], call: str, *, is_down: bool, end: int, key: Key | None = None) -> Parts:
        keys = self._as_listed(keys)
        names = [self.name(k) for k in keys]
        order = self.linked.order
        limit = order.limit if order is not None else 1 if _MOST.search(self.text) else 0
        is_shown = (
            self._shows_count(end)
            if key is None
            else len([f for f in self.linked.fields if (f.dataset, f.field) == key]) > 1
        )
        return Parts(
            [*names, call] if is_shown or not limit else names,
            self.all_conditions(),
            groups=names,
            order=[call + (" DESC" if is_down else "")],
            limit=limit,
            sure=0.8,
        )

    def _as_listed(self, keys: list[Key]) -> list[Key]:
        """列出公司代码和次数: the things of the groups by the column that is named for them."""
        dataset = self.index.catalog.datasets[keys[0][0]]
        labels = {f.name for f in labels_of(dataset)} | {f.name for f in label_fields(dataset)}
        if keys[0][1] not in labels:
            return keys
        codes = {f.name for f in dataset.fields.values() if f.expression in dataset.primary_key}
        said = [(f.dataset, f.field) for f in self.linked.fields if f.dataset == dataset.name and f.score >= 0.75]
        told = [key for key in dict.fromkeys(said) if key[1] in labels | codes]
        named = [v for v in self.linked.values if (v.dataset, v.field) in told]
        return told if told and not named else keys

    def _best_of_each(self) -> Parts | None:
        """每个行业中净资产收益率最高的公司: the first of each group."""
        order = self.linked.order
        groups = [(g.dataset, g.field) for g in self.linked.groups if not g.grain]
        asks_figures = any(a.function not in ("max", "min") for a in self.linked.aggregates)
        if order is None or order.field is None or len(groups) != 1 or asks_figures:
            return None
        group, by = self.name(groups[0]), self.name(order.field)
        things = [
            d.dataset
            for d in self.linked.named
            if d.dataset != groups[0][0] or groups[0][1] not in self._labels_of(d.dataset)
        ]
        shown = [key for key in self.roles.shown if key not in (groups[0], order.field)]
        shown = shown or [key for name in dict.fromkeys(things) for key in self.labels(name)]
        if not shown:
            return None
        said = [f for f in self.linked.fields if (f.dataset, f.field) == order.field]
        names = [group, *(self.name(k) for k in shown), *([by] if len(said) > 1 else [])]
        first = (
            f"RANK() OVER (PARTITION BY {group} ORDER BY {by}{' DESC' if order.descending else ''}) <= {order.limit}"
        )
        return Parts(list(dict.fromkeys(names)), self.all_conditions(), qualify=first, sure=0.7)

    def _labels_of(self, dataset: str) -> set[str]:
        return {key[1] for key in self.labels(dataset)}

    def _end_of(self, bound: Bound) -> int:
        """Where 10只以上 ends, its measure word and all."""
        match = re.compile(rf"\s*{_MEASURE}?(?:(?:及|或)?以[上下])?").match(self.text, bound.span.end)
        return match.end() if match else bound.span.end

    def _grouping(self, end: int, *, is_bound: bool = False) -> list[Key]:
        """What the groups are: after 哪个 or 各, or after the words of the order, or whatever the rows have one of."""
        found: list[tuple[int, int, list[Key]]] = []
        for mention in self.linked.named:
            assert mention.span is not None
            found.append((mention.span.start, mention.span.end, self.labels(mention.dataset)))
        others = [one for one in found if one[2] and one[2][0][0] != self.dataset]
        # The rows' own thing is what is counted.
        found = others if len(self.index.catalog.datasets[self.dataset].primary_key) == 1 else found
        for said in self.linked.fields:
            key = (said.dataset, said.field)
            item = self.index.field(key)
            is_member = item.is_dimension and not is_date(item) and not is_flag(item)
            if said.score >= 0.7 and is_member and not self.limits(said):
                found.append((said.span.start, said.span.end, [key]))
        if is_bound:
            # 10只以上债券: what is counted stands right behind the count.
            found = [one for one in found if one[0] != end]
        if not found:
            return []
        found.sort()
        asked = [keys for start, _end, keys in found if _WHICH_BEFORE.search(self.text[:start])]
        after = [keys for start, _end, keys in found if start >= end and self.text[end:start] in ("", "的")]
        if is_bound:
            asked, after = after or asked, []
        if asked or after:
            return (asked or after)[0]
        labels = [keys for start, _end, keys in found if start >= end]
        first = (labels or [keys for _s, _e, keys in found])[0]
        return first

    def _counted(self, keys: list[Key]) -> str:
        """The count: rows, or things of another dataset once each."""
        grouped = {k[0] for k in keys}
        others = [d for d in self.linked.named if d.dataset not in {self.dataset, *grouped}]
        is_own = any(d.dataset == self.dataset for d in self.linked.named)
        if others and not is_own:
            own = self.field_of(
                others[0].dataset, next(iter(self.index.catalog.datasets[others[0].dataset].primary_key), "")
            )
            if own:
                return f"COUNT(DISTINCT {self.name((others[0].dataset, own))})"
        return "COUNT(*)"

    def _counts(self, bound: Bound) -> bool:
        """10只以上: a count of things, and no bound of a column."""
        text = self.text[bound.span.start : bound.span.end + 2]
        if not re.search(rf"\d\s*{_MEASURE}|[一二两三四五六七八九十]{_MEASURE}", text):
            return False
        if bound.field is None:
            return True
        mention = [
            f for f in self.linked.fields if (f.dataset, f.field) == bound.field and f.span.end <= bound.span.start
        ]
        return not (mention and TO_ORDER.fullmatch(self.text[mention[-1].span.end : bound.span.start]))

    def _shows_count(self, end: int) -> bool:
        return (
            re.search(rf"(?:和|及|与|以及|并|，|、)[^，。]{{0,8}}?(?:{COUNTED}|多少)|分别", self.text[end:]) is not None
        )

    def _is_totalled(self, key: Key) -> bool:
        """总成交金额最高的: said as a total."""
        return any(
            (f.dataset, f.field) == key
            and (re.search(r"(?:总|累计|合计)(?:的)?$", self.text[: f.span.start]) or self._says_total(f))
            for f in self.linked.fields
        )

    def _says_total(self, found: FieldFound) -> bool:
        """罚款总额 of a column 罚款金额, each of whose rows is one fine."""
        name = bare_name(self.index.field((found.dataset, found.field)).display.zh)
        said = self.text[found.span.start : found.span.end]
        return self.is_event and "总" in said and "总" not in name

    def _is_named(self, match: re.Match[str]) -> bool:
        """Whether a column's own name holds the words: 持股数量最多."""
        return any(
            f.span.start <= match.start() < f.span.end and self.is_number((f.dataset, f.field))
            for f in self.linked.fields
        ) or self.number_before(match.start())
