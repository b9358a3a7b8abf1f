"""Every value that travels from a Question to its Answer. Nouns only: nothing here computes, and what a step learned
is kept, not computed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from t2sql.catalog import Display, Grain, Language

Route = Literal["verified", "composed", "generated", "written", "refused"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, and what was answered."""

    text: str
    semantic_sql: str
    """As it was drafted, so that a period nobody named is not stated; "" where it was not answered."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked."""

    text: str
    principal: str
    """Name of who asks; "" is nobody."""
    today: date
    """The clock: what "this month" counts from."""
    language: Language
    """Language of the answer's words."""
    hints: str = ""
    """What the person added: a definition, a formula, a note. Only the llm reads it."""
    before: tuple[Turn, ...] = ()
    """Earlier turns of the same conversation, the latest last; at most six."""
    id: str = field(default="", compare=False)
    """Name of this asking, in the journal and in links; "" where nobody needs one."""
    repeats: str = field(default="", compare=False)
    """Id of the asking that this runs again (a pin, a board, a link), which is no new question; "" for none."""
    is_replayed: bool = field(default=False, compare=False)
    """Asked only to understand a later one anew, or to review it: nobody's question, and told to nobody."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the question something was found: start and end offsets into `Question.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """A time expression as period literals of semantic SQL: `grain` >= first and <= last ("2024-12", "2024-Q2",
    "2024-H1", "2024", "2024-12-31").
    """

    span: Span
    grain: Grain
    first: str
    last: str
    """Equal to `first` for a single period."""
    is_cumulative: bool = False
    """Year to date up to `last` (前三季度, 今年以来, YTD)."""
    dimension: str = ""
    """The date that it limits (明年到期: matures_on); "" for the metrics' own time."""
    side: Literal["", "before", "after", "from", "to"] = ""
    """For a limited date: all before `first`, after `last`, from `first` on or up to `last`; "" within the period."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a comparison: over 5000万, top 5; or an order with no number: largest first."""

    span: Span
    kind: Literal["threshold", "limit", "order"]
    operator: Literal["", ">", ">=", "<", "<=", "=", "between"]
    value: float
    """Scaled to one (yuan, not 万); a percentage as a fraction; the N of a top-N; 0 for an order."""
    upper: float | None = None
    unit: Literal["", "CNY", "ratio", "count", "bp", "whole"] = ""
    """ "whole": bounded by the same metric's figure for everybody, not by `value`."""
    descending: bool = True
    """For a limit or an order: whether the largest come first."""


@dataclass(frozen=True, slots=True)
class ValueMention:
    """A dimension's value named in the question."""

    span: Span
    dimension: str
    value: str
    """As stored."""
    score: float
    """1.0 exact or alias; less for a typo."""
    is_negated: bool = False
    is_shared: bool = False
    """Several bear this name (two customers): they are told apart by their number."""


@dataclass(frozen=True, slots=True)
class NameMention:
    """A metric, dimension or comparison named in the question."""

    span: Span | None
    """None when found by meaning only."""
    kind: Literal["metric", "dimension", "grain", "comparison"]
    name: str
    score: float
    """0 to 1, comparable within a kind."""
    grain: Grain | None = None
    """Of a date dimension grouped by (按放款年份); None for all else."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word of the question that nothing explains."""

    word: str
    weight: float
    """0 means nothing (politeness, filler), 1 changes what is asked (a name, a measure, a number)."""
    is_known: bool = False
    """Understood, but nothing here does what it asks (以外, "lost the most"); else it may be a name."""


@dataclass(frozen=True, slots=True)
class Context:
    """What was recognised in, and retrieved for, one question."""

    question: Question
    periods: tuple[Period, ...]
    quantities: tuple[Quantity, ...]
    values: tuple[ValueMention, ...]
    metrics: tuple[NameMention, ...]
    """Best first; those to choose among."""
    dimensions: tuple[NameMention, ...]
    """Dimensions named in words (各分行, by branch)."""
    grains: tuple[NameMention, ...]
    """Grains asked as grouping (每月, monthly)."""
    comparisons: tuple[NameMention, ...]
    """Functions of semantic SQL: yoy, yoy_diff, prev_diff …"""
    ungrounded: tuple[str, ...]
    """Content words that nothing explains."""
    doubts: tuple[Doubt, ...] = ()
    """Every word that nothing explains, with how much it may change what is asked."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Semantic SQL as written by the llm, a rule or a person."""

    semantic_sql: str
    route: Route
    confidence: float | None
    """0 to 1; None: not measured."""
    tokens: Tokens | None = None
    carried: Note | None = None
    """What a follow-up kept of the question before."""
    verified: Note | None = None
    """Who signed the checked question that this answers, and when."""


@dataclass(frozen=True, slots=True)
class Load:
    """One load of a dataset: everything up to and including `as_of`."""

    as_of: date
    rows: int


@dataclass(frozen=True, slots=True)
class Loads:
    """The load calendars, read unfiltered from the warehouse. Dataset name -> loads in date order."""

    by_dataset: Mapping[str, tuple[Load, ...]]

    def dates(self, dataset: str) -> tuple[date, ...]:
        """As-of dates of `dataset`, ascending; () when nothing is loaded."""
        return tuple(load.as_of for load in self.by_dataset.get(dataset, ()))

    def last(self) -> date | None:
        """The latest date that any dataset is loaded for."""
        return max((loads[-1].as_of for loads in self.by_dataset.values() if loads), default=None)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result."""

    name: str
    kind: Literal["dimension", "period", "metric"]
    type: Literal["text", "integer", "number", "date", "boolean"]
    unit: str
    """The metric's unit; "points" for a difference of ratios (told in percentage points); "" for text."""
    metric: str
    """Name of the metric it shows, "" for a dimension."""
    function: str
    """Comparison applied to the metric ("yoy_diff"), "" for none."""
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one metric's number comes from."""

    metric: str
    definition: str
    formula: str
    datasets: tuple[str, ...]
    filters: tuple[str, ...]
    as_of: str
    """The dates read, in words of SQL literals: "2024-12-31", "2024-01-01..2024-12-31"."""
    owner: str
    version: str
    reference: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must know about the number, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Certified:
    """Physical SQL that `certify` has read and let through. Made there and nowhere else; the only thing a warehouse
    runs.
    """

    sql: str
    dialect: str
    row_limit: int
    """Most rows to hand on; the SQL itself asks for one more, so that a cut is seen."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A query that must return no row; when it does, `message` is refused with the first value filled in for {}."""

    physical: Certified
    message: str
    hint: str
    zh: tuple[str, str] | None = None
    """Message and hint in Chinese; None where nobody wrote them."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The compiled request in parts that explain.py can say in either language."""

    periods: tuple[str, ...]
    """Period labels shown; () when nothing is dated."""
    as_of: tuple[str, ...]
    conditions: tuple[str, ...]
    """Conditions as semantic SQL."""
    order: str
    limit: int | None
    is_default_period: bool
    """True when the question named no period."""
    offset: int = 0
    """Rows left out at the beginning of the order; 0 for none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Compiled physical SQL with all it takes to explain it. `certify` has read it."""

    semantic_sql: str
    """Normalised: names as in the catalog, period stated."""
    physical: Certified
    columns: tuple[Column, ...]
    provenance: tuple[Provenance, ...]
    notes: tuple[Note, ...]
    guards: tuple[Guard, ...]
    understood: Understood


@dataclass(frozen=True, slots=True)
class Result:
    """Rows as the warehouse gave them. Ratios are fractions; decimals stay exact; NULL is None."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    """True when the row limit cut it; totals must not be computed from it."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the llm read and wrote."""

    prompt: int
    cached: int
    completion: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a question that was answered."""

    question: Question
    draft: Draft
    plan: Plan
    result: Result
    explanation: str
    """The question as understood, one sentence in the question's language."""
    context: Context | None
    chart: Mapping[str, Any] | None
    """Declarative Vega-Lite spec without data; None when a table says it best."""
    timings_ms: Mapping[str, float]
    tokens: Tokens = field(default=Tokens(0, 0, 0))
    outcome: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question: a sentence and its semantic SQL."""

    text: str
    semantic_sql: str


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question back."""

    question: Question
    text: str
    readings: tuple[Reading, ...]
    timings_ms: Mapping[str, float]
    context: Context | None = None
    tokens: Tokens = field(default=Tokens(0, 0, 0))
    outcome: Literal["clarification"] = "clarification"


@dataclass(frozen=True, slots=True)
class Named:
    """A metric or dimension by its name and what people call it."""

    name: str
    display: Display


@dataclass(frozen=True, slots=True)
class DefinedVersion:
    """What one version of a definition says, and when it is in force."""

    version: str
    effective_from: str
    """ISO day; "" where nobody wrote one."""
    effective_to: str
    """ISO day, the last one; "" for the version in force."""
    formula: str
    """Over metric names, or the aggregate over fields, as the definition writes it."""
    told: Display
    """The formula and its conditions in words."""
    filter: str
    """SQL condition over fields; "" for none."""
    reference: str
    note: str
    """What this version changed; "" for none."""


@dataclass(frozen=True, slots=True)
class Defined:
    """Everything that the catalog says about one metric or dimension; what it leaves empty is empty here."""

    kind: Literal["metric", "dimension"]
    name: str
    display: Display
    description: str
    """Both languages, as "中文 / English"."""
    unit: str
    owner: str
    datasets: tuple[Named, ...]
    versions: tuple[DefinedVersion, ...]
    """Oldest first, the last one in force; one where a metric never changed, () for a dimension."""
    splits: tuple[Named, ...]
    """Dimensions that a metric can be split by."""
    values: tuple[str, ...]
    """Values that the definition itself names."""
    synonyms: tuple[str, ...]
    alike: tuple[Named, ...]
    """Metrics that are easily taken for it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be asked of one part of the bank."""

    display: Display
    metrics: tuple[Named, ...]
    splits: tuple[Named, ...]
    """Dimensions that one of its metrics at least can be split by."""
    examples: tuple[Reading, ...]
    """Questions with their semantic SQL, each seen to compile."""


@dataclass(frozen=True, slots=True)
class Definition:
    """The end of a question about definitions: answered out of the catalog, no SQL written and no data read."""

    question: Question
    text: str
    """The answer in a sentence or two, in the question's language."""
    terms: tuple[Defined, ...]
    """What was asked about; () where it was asked what can be asked."""
    topics: tuple[Topic, ...]
    timings_ms: Mapping[str, float]
    tokens: Tokens = field(default=Tokens(0, 0, 0))
    outcome: Literal["definition"] = "definition"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that is not answered, and why."""

    question: Question
    code: str
    text: str
    hint: str
    timings_ms: Mapping[str, float]
    context: Context | None = None
    tokens: Tokens = field(default=Tokens(0, 0, 0))
    readings: tuple[Reading, ...] = ()
    """What near it can be computed, to choose from."""
    outcome: Literal["refusal"] = "refusal"


Outcome: TypeAlias = Answer | Clarification | Definition | Refusal
Step: TypeAlias = Question | Context | Draft | Plan | Result | Answer | Clarification | Definition | Refusal
