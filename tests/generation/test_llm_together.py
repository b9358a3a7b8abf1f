"""Several texts written at once: each is the text, with the very numbers, that it is alone."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.errors import Cancelled, GenerationError
from t2sql.flow import Loads, Question
from t2sql.generation.grammar import build_grammar
from t2sql.generation.llama import CHUNK_TOKENS
from t2sql.generation.llm import LlamaLlm, Writing
from t2sql.generation.prompt import TAIL, build_prefix, build_suffix
from t2sql.generation.together import MOST_ROWS, SHORT_TOKENS, WIDE, Active, Request, plan
from t2sql.grounding import Grounding, NameIndex, ValueIndex
from t2sql.policy import Narrowed
from t2sql.reading.readings import readings

GRAMMAR = """start: "SELECT " column (", " column)* " FROM bank" where?
column: "branch" | "npl_ratio" | "loan_balance"
where: " WHERE branch = '" /[^']{1,20}/ "'"
"""
PREFIXES = {
    who: f"<|im_start|>system\n{who} may know: npl_ratio (不良率), loan_balance (贷款余额), branch (分行).\n"
    + note * 12
    for who, note in (("Head office", "Balances are in CNY.\n"), ("East", "余额单位是元。\n"))
}
ASKS = (
    "各分行的不良率",
    "loan balance of 上海分行",
    "How high is the NPL ratio?",
    "branches",
    "北京分行贷款余额是多少",
)
PROMPTS = 12


@pytest.fixture(scope="module")
def alone(small_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaLlm]:
    llm = LlamaLlm(small_weights, "a" * 64, state_dir=tmp_path_factory.mktemp("alone"))
    yield llm
    llm.close()


@pytest.fixture(scope="module")
def llm(small_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaLlm]:
    states = tmp_path_factory.mktemp("together")
    llm = LlamaLlm(small_weights, "a" * 64, state_dir=states, context_tokens=1024, sequences=3)
    yield llm
    llm.close()


def ask(llm: LlamaLlm, text: str, who: str = "Head office", **changes: Any) -> Writing:
    options = {"max_tokens": 60, "tail": TAIL, **changes}
    return llm.write(PREFIXES[who], text, GRAMMAR, **options)


def at_once(calls: Sequence[Callable[[], Writing]]) -> list[Writing | Exception]:
    """What each call gives, all started together, each in a thread of its own."""
    outcomes: list[Writing | Exception | None] = [None] * len(calls)

    def run(number: int) -> None:
        try:
            outcomes[number] = calls[number]()
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert None not in outcomes, "a call did not end"
    return [outcome for outcome in outcomes if outcome is not None]


def words(outcomes: Sequence[Writing | Exception]) -> list[object]:
    """Text and choices with their probabilities, to the last bit; errors as they are."""
    return [(o.text, o.choices) if isinstance(o, Writing) else repr(o) for o in outcomes]


@pytest.mark.slow
def test_who_waits_is_told_how_many_go_before(alone: LlamaLlm) -> None:
    long = PREFIXES["Head office"] + "Rates are fractions.\n" * 150
    cancels = [threading.Event() for _ in range(3)]
    ended: list[int] = []

    def write(number: int) -> None:
        try:
            alone.write(long, ASKS[number], GRAMMAR, max_tokens=60, tail=TAIL, cancel=cancels[number])
        except Cancelled:
            ended.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    _until(lambda: sorted(alone.ahead(cancel) for cancel in cancels) == [0, 1, 2])
    first, second, third = sorted(cancels, key=alone.ahead)
    second.set()
    _until(lambda: alone.ahead(third) == 1)
    first.set()
    third.set()
    for thread in threads:
        thread.join(60)
    assert sorted(ended) == [0, 1, 2]
    assert [alone.ahead(cancel) for cancel in cancels] == [0, 0, 0]


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.slow
def test_two_prefixes_and_more_calls_than_sequences(alone: LlamaLlm, llm: LlamaLlm) -> None:
    calls = [(text, who) for text in ASKS for who in PREFIXES]
    expected = [ask(alone, *call) for call in calls]
    random.Random(3).shuffle(calls)
    outcomes = at_once([lambda call=call: ask(llm, *call) for call in calls])  # type: ignore[misc]
    found = dict(zip(calls, words(outcomes), strict=True))
    assert [found[text, who] for text in ASKS for who in PREFIXES] == words(expected)
    assert {tuple(held) for held in llm._together._sequences._held} <= {
        tuple(llm._prefix_tokens(prefix)) for prefix in PREFIXES.values()
    }


@pytest.mark.nightly
def test_real_prompts_of_the_bank_have_the_same_probabilities_beside_others(
    usual_weights: Path, tmp_path: Path, head_office: Narrowed, loads: Loads
) -> None:
    prompts = real_prompts(head_office, loads)
    prefix = build_prefix(head_office.catalog)

    def call(llm: LlamaLlm, prompt: tuple[str, str]) -> Writing:
        return llm.write(prefix, prompt[0], prompt[1], max_tokens=300, tail=TAIL)

    one = LlamaLlm(usual_weights, "a" * 64, state_dir=tmp_path)
    expected = words([call(one, prompt) for prompt in prompts])
    one.close()
    several = LlamaLlm(usual_weights, "a" * 64, state_dir=tmp_path, sequences=5)
    for seed in (1, 2):
        order = random.Random(seed).sample(range(PROMPTS), PROMPTS)
        outcomes = at_once([lambda n=n: call(several, prompts[n]) for n in order])  # type: ignore[misc]
        found = dict(zip(order, words(outcomes), strict=True))
        assert [found[n] for n in range(PROMPTS)] == expected
    several.close()


def real_prompts(head_office: Narrowed, loads: Loads) -> list[tuple[str, str]]:
    """Suffix and grammar of twelve questions of the dev set, each with eight metrics to choose among."""
    file = YAML(typ="safe").load((Path(__file__).parents[1] / "evals" / "bank_dev.yml").read_text(encoding="utf-8"))
    catalog, names = head_office.catalog, sorted(head_office.catalog.metrics)
    grounding = Grounding(catalog, ValueIndex.build(()), NameIndex.build(catalog), lambda text: [])
    drawn, found = random.Random(5), []
    while len(found) < PROMPTS:
        text = drawn.choice(file["questions"])["question"]
        question = Question(text, "hq", date.fromisoformat(str(file["clock"])), "en")
        context = grounding.ground(question, loads.last())
        pool = list(dict.fromkeys([*(m.name for m in context.metrics), *drawn.sample(names, 8)]))[:8]
        texts = [reading.semantic_sql for reading in readings(context, catalog, pool=pool)]
        if len(texts) > 1:
            found.append((build_suffix(context, catalog, pool), build_grammar(texts)))
    return found


def test_a_cancelled_call_leaves_the_others_unharmed(alone: LlamaLlm, llm: LlamaLlm) -> None:
    cancel = threading.Event()
    calls = [
        lambda: ask(llm, "number " * 400, cancel=cancel),
        *[lambda text=text: ask(llm, text) for text in ASKS[:4]],  # type: ignore[misc]
    ]
    threading.Timer(0.5, cancel.set).start()
    cancelled, *others = at_once(calls)
    assert isinstance(cancelled, Cancelled)
    assert words(others) == words([ask(alone, text) for text in ASKS[:4]])


def test_a_call_cancelled_while_it_waits_for_a_sequence_never_starts(llm: LlamaLlm) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        ask(llm, ASKS[0], cancel=cancel)
    request = Request(llm._prefix_tokens(PREFIXES["East"]))
    llm._together.stop(request)
    with pytest.raises(Cancelled):
        llm._together.run(request)
    assert not request.is_done and ask(llm, ASKS[0]).text
    assert not llm._together._waiting


def test_an_error_ends_only_its_own_call(alone: LlamaLlm, llm: LlamaLlm) -> None:
    def tell(share: float) -> None:
        raise ValueError("the bar broke")

    broken: Any = lambda: llm.prepare("Another prefix. ", tell)  # noqa: E731
    calls = [lambda: ask(llm, ASKS[0], max_tokens=3), broken, *[lambda t=t: ask(llm, t) for t in ASKS[:3]]]  # type: ignore[misc]
    short, bar, *others = at_once(calls)
    assert isinstance(short, GenerationError) and "longer than 3 tokens" in short.message
    assert isinstance(bar, ValueError)
    assert words(others) == words([ask(alone, text) for text in ASKS[:3]])


def test_a_failure_of_llama_cpp_ends_all_and_the_next_call_works(
    alone: LlamaLlm, llm: LlamaLlm, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = words([ask(llm, ASKS[0])])
    decode = llm._llama._native.llama_decode
    everybody_is_in = threading.Event()

    def failing(context: object, batch: Any) -> int:
        if len(llm._together._active) == 3 and not everybody_is_in.is_set():
            everybody_is_in.set()
            return -3
        return int(decode(context, batch))

    monkeypatch.setattr(llm._llama._native, "llama_decode", failing)
    outcomes = at_once([lambda t=t: ask(llm, t + " " + "and " * 60) for t in ASKS[:3]])  # type: ignore[misc]
    assert everybody_is_in.is_set()
    failures = [outcome for outcome in outcomes if isinstance(outcome, GenerationError)]
    assert len(failures) == 3 and {"code -3" in failure.message for failure in failures} == {True}
    assert words([ask(llm, ASKS[0])]) == before == words([ask(alone, ASKS[0])])


def test_each_sequence_has_its_own_room(small_weights: Path, tmp_path: Path) -> None:
    llm = LlamaLlm(small_weights, "a" * 64, state_dir=tmp_path, context_tokens=512, sequences=8)
    outcomes = at_once([lambda t=t: ask(llm, t) for t in ASKS])  # type: ignore[misc]
    assert all(isinstance(outcome, Writing) for outcome in outcomes)
    with pytest.raises(GenerationError, match="the llm holds 512"):
        ask(llm, "number " * 500)
    llm.close()


@pytest.mark.parametrize("seed", range(40))
def test_a_batch_is_never_of_a_shape_that_changes_numbers(seed: int) -> None:
    drawn = random.Random(seed)
    active = []
    for number in range(drawn.randint(1, 8)):
        one = Active(Request([0]), number)
        one.wants(list(range(drawn.choice((1, 2, 3, 4, 7, 8, 50, 64, 300, 1000)))))
        active.append(one)
    while active:
        batch = plan(active, can_pad=True)
        widths = {len(stretch.tokens) + stretch.padding for _, stretch in batch}
        assert len(batch) <= MOST_ROWS and len(widths) == 1
        assert sum(widths) * len(batch) <= CHUNK_TOKENS
        is_wide = {one.is_wide for one, _ in batch}
        assert is_wide == ({True} if min(widths) >= WIDE else {False}) and (widths == {1} or min(widths) >= WIDE)
        for one, stretch in batch:
            assert stretch.tokens == one.unread[: len(stretch.tokens)] and len(stretch.tokens) > 0
            assert stretch.wants_logits is (len(stretch.tokens) == len(one.unread))
            del one.unread[: len(stretch.tokens)]
        active = [one for one in active if one.unread]


def test_weights_that_cannot_step_back_are_never_padded() -> None:
    active = [Active(Request([0]), number) for number in range(3)]
    for one, count in zip(active, (5, 300, SHORT_TOKENS), strict=True):
        one.wants(list(range(count)))
    ((one, stretch),) = plan(active, can_pad=False)
    assert one is active[1] and len(stretch.tokens) == CHUNK_TOKENS and stretch.padding == 0
