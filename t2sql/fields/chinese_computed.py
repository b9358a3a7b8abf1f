"""Chinese questions for what is computed of two columns: shown, ordered by, bounded, added up by groups or counted.

The figure is read elsewhere; here stands what the question does with it. Where it does more, nothing is made.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.chinese_figures import Figure, defines, figure_of
from t2sql.fields.chinese_parts import TO_ORDER, Parts, Sentence
from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import Key
from t2sql.fields.linked import Bound
from t2sql.fields.writing import bounded
from t2sql.flow import Span

_ASKED_AGAIN = re.compile(r"差额|差值|差距|之差|之和|比值|占比|比例|比率|比重|百分比|结果")
_MEAN = re.compile(r"平均(?:每\w)?的?$")
_TOTAL = re.compile(r"(?:合计|总计|累计|总)的?$")
_TO_FIGURE = re.compile(r"(?:的|是|都|均|也|在|为|达到?|比例|占比|比率|数?值|金额)*")


class Computed(Sentence):
    """Reads figures made of two columns."""

    def computed(self) -> Parts | None:
        """The figure, whatever the question does with it; None where it makes none of columns."""
        numbers = [f for f in self.linked.fields if self.is_figure((f.dataset, f.field)) and f.score >= 0.75]
        figure = figure_of(self.text, self.hints.lower(), numbers, self.name, self._columns)
        if figure is None or any(key[0] not in self._reach() for key in figure.keys):
            if defines(self.text, self.hints.lower()):
                self.unread()
            return None
        bounds = [b for b in self.linked.bounds if self._is_of(b.span, figure)]
        order = self.linked.order
        is_by = order is not None and (order.field in figure.keys or self._is_of(order.span, figure))
        if order is not None and (not is_by or order.is_latest):
            return None
        groups = [
            f"{g.grain}({self.name((g.dataset, g.field))})" if g.grain else self.name((g.dataset, g.field))
            for g in self.linked.groups
        ]
        if is_by and not groups:
            groups = self._ordered_things()
        call = self._call(figure, is_grouped=bool(groups))
        again = max((span.end for span in figure.spans), default=0)
        read = [*figure.spans, *(b.span for b in bounds)]
        read += [Span(*m.span()) for m in _ASKED_AGAIN.finditer(self.text, again)]
        taken = {b.span for b in bounds}
        rest = [c.alternatives[0].sql for c in self.conditions if c.span not in taken]
        having = " AND ".join(self._laid(call, b, figure) for b in bounds)
        by = [f"{call}{' DESC' if order.descending else ''}"] if order is not None else []
        limit = order.limit if order is not None else 0
        if self._counts_rows(figure):
            inner = rest if groups else [*rest, *([having] if having else [])]
            if groups:
                return None
            return Parts(["COUNT(*)"], inner, sure=0.8, read=read)
        shown = self._shown(figure, call, is_chosen_by=bool(bounds or limit))
        if groups:
            amounts = {
                self.name((f.dataset, f.field)) for f in self.linked.fields if self.is_figure((f.dataset, f.field))
            }
            columns = [*groups, *(f"SUM({s})" if s in amounts else s for s in shown if s not in groups)]
            return Parts(columns, rest, groups=groups, having=having, order=by, limit=limit, sure=0.8, read=read)
        is_sum = call != figure.of_row
        if is_sum and len(shown) > 1:
            return None
        return Parts(shown, [*rest, *([having] if having else [])], order=by, limit=limit, sure=0.8, read=read)

    def _call(self, figure: Figure, *, is_grouped: bool) -> str:
        before = [self.text[: span.start] for span in figure.spans]
        if any(_MEAN.search(text) for text in before):
            return f"AVG({figure.of_row})"
        return figure.of_rows if is_grouped or any(_TOTAL.search(text) for text in before) else figure.of_row

    def _laid(self, call: str, bound: Bound, figure: Figure) -> str:
        """A percentage is said of a ratio, whose ones are hundreds of it."""
        is_part = figure.is_ratio and re.search(r"%|％|百分之", self.text[bound.span.start : bound.span.end + 1])
        scale = 100.0 if is_part else 1.0
        upper = round(bound.upper / scale, 9) if bound.upper is not None else None
        return bounded(f"({call})" if " " in call else call, bound.operator, round(bound.value / scale, 9), upper)

    def _shown(self, figure: Figure, call: str, *, is_chosen_by: bool) -> list[str]:
        """The columns that the question lists, the figure where it stands among them."""
        inside = [f for f in self.linked.fields if not self._is_in(f.span, figure)]
        kept: dict[Key, int] = {}
        for key in self.roles.shown:
            said = [f.span.start for f in inside if (f.dataset, f.field) == key]
            if key not in figure.keys or said:
                kept[key] = min(said, default=-1)
        used = [key for _f, key in self.roles.figures if key is not None and key not in figure.keys]
        names = {self.name(key): at for key, at in kept.items() if key not in used}
        if not names and not self.linked.groups and not is_chosen_by and call == figure.of_row:
            names = {self.name(key): -1 for key in self.labels(self.dataset)} if self._asks_things() else {}
        if not names and is_chosen_by and not self.linked.groups:
            names = {self.name(key): -1 for key in self._things()}
        mentions = [span.start for span in figure.spans if not (figure.name and self._defines(span, figure))]
        again = max((span.end for span in figure.spans), default=0)
        asked = [m.start() for m in _ASKED_AGAIN.finditer(self.text, again)]
        places = [*(mentions[1:] if is_chosen_by else mentions[:1]), *(asked[:1] if is_chosen_by else [])]
        if places or not is_chosen_by:
            alias = figure.name or ("part" if figure.is_ratio else "difference" if " - " in figure.of_row else "total")
            at = places[0] if places else 10**6
            written = f'{call} AS "{alias}"' if figure.name else f"{call} AS {alias}"
            before = [name for name, place in names.items() if place < at]
            return [*before, written, *(name for name in names if name not in before)]
        return [*names]

    def _ordered_things(self) -> list[str]:
        """药品费占比最高的科室: things that have many rows each are told by all of them."""
        order = self.linked.order
        if order is None or len(self.index.catalog.datasets[self.dataset].primary_key) != 1:
            return []
        behind = [d for d in self.linked.named if d.span is not None and d.span.start >= order.span.end]
        key = self.index.catalog.datasets[self.dataset].primary_key
        pointed = {r.from_columns for r in self.index.catalog.relationships if r.from_dataset == self.dataset}
        if not behind or behind[0].dataset == self.dataset or key in pointed:
            return []
        return [self.name(k) for k in self.labels(behind[0].dataset)]

    def _asks_things(self) -> bool:
        return any(d.dataset == self.dataset for d in self.linked.named)

    def _things(self) -> list[Key]:
        named = [d.dataset for d in self.linked.named]
        return [key for name in [*reversed(named), self.dataset] for key in self.labels(name)][:1]

    def _counts_rows(self, figure: Figure) -> bool:
        counts = [a for a in self.linked.aggregates if a.function == "count" and not self._is_in(a.span, figure)]
        return bool(counts)

    def _is_in(self, span: Span, figure: Figure) -> bool:
        return any(s.start <= span.start < s.end for s in figure.spans)

    def _defines(self, span: Span, figure: Figure) -> bool:
        """Whether a span is the definition itself."""
        return span.end - span.start > len(figure.name)

    def _is_of(self, span: Span, figure: Figure) -> bool:
        """Whether a bound or an order is said of the figure: right behind one of its mentions."""
        gaps = [self.text[s.end : span.start] for s in figure.spans if s.end <= span.start]
        return any(_TO_FIGURE.fullmatch(gap) or TO_ORDER.fullmatch(gap) for gap in gaps)

    def _reach(self) -> set[str]:
        return {self.dataset, *self.index.reach[self.dataset]}

    def _columns(self, text: str) -> dict[str, Key]:
        """The columns of numbers that some words name, each by its words; nearest first."""
        words = words_of(text)
        found: dict[str, Key] = {}
        hits = [h for h in name_hits(words, self.index) if h.is_field and h.sure >= 0.75 and h.key[0] in self._reach()]
        hits.sort(key=lambda h: (h.key[0] != self.dataset, -h.sure))
        for hit in hits:
            if self.is_figure(hit.key):
                span = words.folded.span(hit.start, hit.end)
                found.setdefault(text[span.start : span.end], hit.key)
        return found
