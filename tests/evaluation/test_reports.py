"""A report as files and in the terminal: JSON and back, JUnit, the page's own text, tables."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from rich.console import Console

from t2sql.errors import ConfigError
from t2sql.evaluation.reports.costs import Prices
from t2sql.evaluation.reports.diff import compare_reports
from t2sql.evaluation.reports.figures import find_figures
from t2sql.evaluation.reports.files import read_report, write_report, write_text
from t2sql.evaluation.reports.gates import Limits, check_gates, parse_accuracy
from t2sql.evaluation.reports.junit import junit_xml
from t2sql.evaluation.reports.page import difference_page, report_page, status_of
from t2sql.evaluation.reports.page_words import ZH
from t2sql.evaluation.reports.report import CaseResult, Report
from t2sql.evaluation.reports.terminal import print_difference, print_figures

from made_reports import drawn, failed, made_of, refused, report, result, wrong

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202eabc\x00'\"&]]>{{7*7}}{% x %}"
ALL_ENDS = [result("a"), wrong("b", detail="row 1"), refused("c"), failed("d"), failed("e", "not asked")]


def _hostile_report() -> Report:
    hostile = {key: HOSTILE for key in ("question", "category", "difficulty", "detail", "told", "gold", "pair")}
    hostile |= {"semantic_sql": HOSTILE, "physical_sql": HOSTILE, "principal": HOSTILE}
    found = [wrong(f"{HOSTILE}{i}", options=[HOSTILE], **hostile) for i in range(3)]
    return report(found, cases=HOSTILE, llm=HOSTILE, settings={HOSTILE: HOSTILE})


def test_a_report_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = drawn(40)
    path = tmp_path / "report.json"
    write_report(made, find_figures(made), path)
    assert read_report(path) == made
    assert json.loads(path.read_text(encoding="utf-8"))["figures"]["accuracy"]["of"] == 40
    assert list(tmp_path.iterdir()) == [path], "nothing is left aside"


def test_report_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Even over a file, and a half of one, that everybody could read."""
    path = tmp_path / "report.html"
    for there in (path, tmp_path / "report.html.partial"):
        there.write_text("before", encoding="utf-8")
        there.chmod(0o644)
    write_text(path, "now \udcff")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8") == "now \\udcff"
    assert list(tmp_path.iterdir()) == [path]
    write_report(drawn(2), find_figures(drawn(2)), tmp_path / "report.json")
    assert (tmp_path / "report.json").stat().st_mode & 0o777 == 0o600


def test_failures_left_out_of_waiting_are_said() -> None:
    for results, says in (([*ALL_ENDS, failed("f")], True), ([result("a")], False)):
        made = report(results)
        console, out = _printed()
        print_figures(console, made, find_figures(made))
        assert ("without 2 failures" in out.getvalue()) is says
        assert ("Failures left out" in report_page(made, find_figures(made))) is says


def test_figures_that_somebody_typed_are_not_believed(tmp_path: Path) -> None:
    made, path = drawn(20), tmp_path / "report.json"
    write_report(made, find_figures(made), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["figures"]["accuracy"] = {"count": 20, "of": 20}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert find_figures(read_report(path)).accuracy == find_figures(made).accuracy


def test_a_report_has_its_gates(tmp_path: Path) -> None:
    made, path = drawn(20), tmp_path / "report.json"
    write_report(made, find_figures(made), path, check_gates(made, Limits(min_accuracy=parse_accuracy("99%"))))
    gate = json.loads(path.read_text(encoding="utf-8"))["gates"][0]
    assert gate["name"] == "min-accuracy"
    assert gate["is_passed"] is False
    assert gate["ids"] == [r.id for r in made.results if not r.is_right]


WRONG_FILES = {
    "not json at all": "not JSON",
    '{"format": 1, "made_of": {}, "results"': "not JSON",
    "[" * 100_000: "not JSON",
    "[]": "not a report",
    '{"cases": []}': "not a report",
    '{"format": 99, "made_of": {}, "results": []}': "format 99",
    '{"made_of": {}, "results": []}': "format None",
    '{"format": 1, "made_of": {}, "results": []}': "made_at: Field required",
}


@pytest.mark.parametrize(("text", "says"), WRONG_FILES.items(), ids=list(WRONG_FILES.values()))
def test_a_wrong_file_is_named_with_its_cure(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(says)) as caught:
        read_report(path)
    assert str(path) in caught.value.message
    assert caught.value.hint


def test_keys_of_another_version_are_passed_over(tmp_path: Path) -> None:
    path, made = tmp_path / "report.json", drawn(3)
    write_report(made, find_figures(made), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["made_of"]["new"] = document["results"][1]["new"] = document["new"] = 1
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read_report(path) == made


def test_a_report_that_lacks_a_key_names_the_version_that_wrote_it(tmp_path: Path) -> None:
    path, made = tmp_path / "report.json", drawn(3)
    write_report(made, find_figures(made), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["results"][1]["outcome"]
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"results\.1\.outcome: Field required\. Version '0\.1\.0' of t2sql wrote it"):
        read_report(path)


def test_two_results_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.json"
    made = report([result("a"), result("a")])
    write_report(made, find_figures(made), path)
    with pytest.raises(ConfigError, match="two results are called 'a'"):
        read_report(path)


def test_a_missing_report_and_a_page_given_for_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_report(tmp_path / "none.json")
    page = tmp_path / "report.html"
    page.write_text(report_page(drawn(3), find_figures(drawn(3))), encoding="utf-8")
    with pytest.raises(ConfigError, match="not JSON") as caught:
        read_report(page)
    assert "HTML" in caught.value.hint


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_report(drawn(1), find_figures(drawn(1)), tmp_path / "none" / "report.json")


def test_junit_counts_each_end_as_its_own_kind() -> None:
    root = ET.fromstring(junit_xml(report(ALL_ENDS)))
    suite = root[0]
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5", "failures": "2", "errors": "1", "skipped": "1",
    }  # fmt: skip
    ends = {c.get("name", "")[0]: [(e.tag, e.get("type")) for e in c] for c in suite.iter("testcase")}
    assert ends == {
        "a": [],
        "b": [("failure", "silent error")],
        "c": [("failure", "flagged miss")],
        "d": [("error", "time-out")],
        "e": [("skipped", None)],
    }
    made = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert made["catalog_fingerprint"] == made_of().catalog_fingerprint
    assert made["settings.row_limit"] == "100000"


@hypothesis(deadline=None)
@given(st.text(), st.text())
def test_junit_opens_whatever_was_asked(question: str, sql: str) -> None:
    text = junit_xml(report([wrong("a", question=question, semantic_sql=sql, category=sql, detail=sql)]))
    case = ET.fromstring(text.encode("utf-8")).find(".//testcase")
    assert case is not None
    assert case.get("name", "").startswith("a: ")
    assert case[0].get("type") == "silent error"


def test_junit_keeps_what_xml_can_write() -> None:
    case = ET.fromstring(junit_xml(_hostile_report())).find(".//testcase")
    assert case is not None
    assert "<script>alert(1)</script>" in case.get("name", "")
    assert "\\x1b[31m" in case.get("name", "")


def test_the_page_shows_hostile_text_as_text() -> None:
    made = _hostile_report()
    gates = check_gates(made, Limits(min_accuracy=parse_accuracy("1")))
    for page in (report_page(made, find_figures(made), gates), difference_page(compare_reports(made, made))):
        assert page.count("<script") == 1
        assert "<img" not in page
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page)
        assert "{{7*7}}" in page or "7*7" not in page


def test_the_page_names_no_address_but_its_own_namespaces() -> None:
    made = drawn(30)
    page = report_page(made, find_figures(made))
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["data:,"]
    assert not re.search(r'\sstyle="|\son\w+="', page), "the page's policy would stop them"


def test_the_page_lists_what_must_be_seen_first() -> None:
    made = report([*reversed(ALL_ENDS)])
    page = report_page(made, find_figures(made))
    assert re.findall(r'data-status="([^"]+)"', page) == [
        "silent error", "flagged miss", "failed", "not asked", "right",
    ]  # fmt: skip


@pytest.mark.parametrize("results", [[], ALL_ENDS, [result("a", confidence=0.9)]], ids=["none", "all ends", "one"])
def test_a_page_can_be_made_of_anything(results: list[CaseResult]) -> None:
    made = report(results, cpu_seconds=0.0)
    page = report_page(made, find_figures(made, Prices(person_hour=100.0)))
    assert page.count('<details class="case ') == len(results)
    assert not re.search(r"\b(nan|NaN)\b|None(?!\.)", page)


def test_every_word_of_the_page_has_its_chinese() -> None:
    from typing import get_args

    from t2sql.evaluation.judging.verdicts import Reason
    from t2sql.evaluation.reports.page import FOLDER, LOOKS

    words = set(get_args(Reason)) | set(LOOKS) | set(get_args(CaseResult.model_fields["outcome"].annotation))
    for template in FOLDER.glob("*.j2"):
        words |= set(re.findall(r'\bt\("([^"~]+)"\)', template.read_text(encoding="utf-8")))
    words |= set(type(made_of()).model_fields) - {"settings"}
    assert words - {""} - set(ZH) == set()
    assert all(re.search("[\u4e00-\u9fff]", zh) for zh in ZH.values())


def _printed(*, width: int = 100, is_terminal: bool = False) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=width, force_terminal=is_terminal, markup=False, highlight=False, emoji=False), out


def test_the_terminal_says_the_headline_and_names_the_misses() -> None:
    made = report([*ALL_ENDS, wrong("zz", "wrong metric")])
    console, out = _printed()
    print_figures(console, made, find_figures(made), check_gates(made, Limits(min_accuracy=parse_accuracy("0.5"))))
    text = out.getvalue()
    assert "execution accuracy" in text
    assert "16.7% (3.0–56.4%, 1 of 6)" in text
    assert re.search(r"zz\s+question zz\s+wrong metric\s+silent", text)
    assert "FAILED min-accuracy" in text
    assert "\x1b" not in text, "plain when piped"


def test_no_control_character_of_a_question_reaches_the_terminal() -> None:
    made = _hostile_report()
    console, out = _printed(width=500)
    print_figures(console, made, find_figures(made), check_gates(made, Limits(min_accuracy=parse_accuracy("1"))))
    print_difference(
        console,
        compare_reports(
            made, report([r.model_copy(update={"reason": "", "is_right": True}) for r in made.results], llm="x")
        ),
    )
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", out.getvalue())


def test_each_end_has_one_status() -> None:
    assert [status_of(r) for r in ALL_ENDS] == ["right", "silent error", "flagged miss", "failed", "not asked"]


def test_twins_are_no_test_cases_and_stand_last_on_the_page() -> None:
    made = report([result("a"), wrong("a~", question="question a", twin="full-width"), refused("b")])
    assert [c.get("name") for c in ET.fromstring(junit_xml(made)).iter("testcase")] == [
        "a: question a",
        "b: question b",
    ]
    page = report_page(made, find_figures(made))
    assert re.findall(r'class="quiet said">([^<]+)<', page) == ["b", "a", "a~"]
