"""The decode loop over a byte vocabulary and scripted logits: no weights needed."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from llguidance import LLTokenizer

from t2sql.errors import Cancelled, GenerationError
from t2sql.generation.decoding import Draft, compile_grammar, decode

TOKENIZER = LLTokenizer("byte")


class Wish:
    """A reader whose llm wants to write one text, byte by byte, and then to end."""

    def __init__(self, text: str, *, second: str = "", stop_after: threading.Event | None = None) -> None:
        self.vocabulary_size = TOKENIZER.vocab_size
        self.end_tokens = (TOKENIZER.eos_token,)
        self.batches: list[list[int]] = []
        self._text = text.encode()
        self._second = second.encode()
        self._stop_after = stop_after

    def read(self, tokens: list[int]) -> None:
        self.batches.append(list(tokens))
        if self._stop_after is not None:
            self._stop_after.set()

    def logits(self) -> np.ndarray:
        written = sum(map(len, self.batches)) - 1  # the prompt is one token
        row = np.zeros(self.vocabulary_size, np.float32)
        for text, logit in ((self._second, 2.0), (self._text, 4.0)):
            row[text[written] if written < len(text) else self.end_tokens[0]] = logit
        return row

    def piece(self, token: int) -> bytes:
        return bytes([token]) if token < 256 else b""


def run(wish: Wish, grammar: str, max_tokens: int = 50, cancel: threading.Event | None = None) -> Draft:
    return decode(wish, compile_grammar(TOKENIZER, grammar), [0], max_tokens=max_tokens, cancel=cancel)


@pytest.mark.parametrize(
    ("grammar", "wish", "text", "forced"),
    [
        ('start: "a" | "b"', "b", "b", 0),
        ('start: "SELECT " ("x" | "y") " FROM t"', "SELECT y FROM t", "SELECT y FROM t", 14),
        ('start: "SELECT x"', "anything", "SELECT x", 8),
        ('start: "ab" | "cd"', "cx", "cd", 1),
        ('start: "不良率" | "余额"', "余额", "余额", 5),
        ("start: /[a-c]*/", "abc", "abc", 0),
        ("start: /[a-c]*/", "", "", 0),
    ],
)
def test_writes_what_the_llm_wants_within_the_grammar(grammar: str, wish: str, text: str, forced: int) -> None:
    draft = run(Wish(wish), grammar)
    assert (draft.text, draft.forced) == (text, forced)
    assert len(draft.tokens) == len(text.encode())


def test_a_forced_stretch_is_read_as_one_batch() -> None:
    wish = Wish("SELECT y FROM tx")
    assert run(wish, 'start: "SELECT " ("x" | "y") " FROM t" ("x" | "z")').text == "SELECT y FROM tx"
    assert [len(batch) for batch in wish.batches] == [1 + len("SELECT "), len("y FROM t")]


def test_the_end_is_written_only_where_the_grammar_accepts() -> None:
    assert run(Wish("a"), "start: /[ab]{3,5}/").text.startswith("a")
    assert len(run(Wish("a"), "start: /[ab]{3,5}/").text) >= 3


def test_shares_are_taken_over_allowed_tokens_only() -> None:
    (choice,) = run(Wish("x", second="b"), 'start: "a" | "b" | "c"').choices
    over = np.exp([2.0, 0.0, 0.0]) / np.exp([2.0, 0.0, 0.0]).sum()
    assert choice.text == "b" and choice.position == 0
    assert choice.probability == pytest.approx(over[0])
    assert choice.alternatives == (("a", pytest.approx(over[1])), ("c", pytest.approx(over[2])))


def test_positions_count_characters_and_the_end_is_a_choice() -> None:
    choices = run(Wish("余额b"), 'start: "余额" /[ab]*/').choices
    assert [(choice.text, choice.position) for choice in choices] == [("b", 2), ("", 3)]


def test_no_more_than_four_runners_up() -> None:
    (choice,) = run(Wish("c"), "start: /[a-z]/").choices
    assert choice.text == "c" and len(choice.alternatives) == 4


@pytest.mark.parametrize("grammar", ["start: /[a-z]+/", 'start: "forced to be far too long"'])
def test_max_tokens_is_a_limit_on_forced_and_chosen_tokens(grammar: str) -> None:
    with pytest.raises(GenerationError, match="longer than 5 tokens"):
        run(Wish("abcdefghijkl"), grammar, max_tokens=5)


def test_cancel_is_seen_between_tokens() -> None:
    cancel = threading.Event()
    wish = Wish("abcdef", stop_after=cancel)
    with pytest.raises(Cancelled):
        run(wish, "start: /[a-z]+/", cancel=cancel)
    assert len(wish.batches) == 1


def test_a_bad_grammar_is_an_error_without_the_grammar_in_it() -> None:
    with pytest.raises(GenerationError) as caught:
        compile_grammar(TOKENIZER, 'start: "secret_metric" nowhere')
    assert "secret_metric" not in str(caught.value)
