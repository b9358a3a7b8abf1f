"""A report as JUnit XML, so that a build server shows its cases as it shows tests.

A silent error and a flagged miss are failures of two types, an error or a time-out is an error, a case that was not
asked is skipped. Twins have no part in it. A build server's green is no gate: gates.py decides.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

from t2sql.evaluation.reports.figures import counted, is_failed_miss
from t2sql.evaluation.reports.report import CaseResult, Report
from t2sql.wording import visible

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, not even as a reference (section 2.2)."""


def junit_xml(report: Report) -> str:
    """One suite with a test case each, properties saying what was measured; ends with a line break."""
    made = report.made_of
    kinds = Counter(_kind(r) for r in counted(report))
    counts = {
        "tests": str(len(counted(report))),
        "failures": str(kinds["silent error"] + kinds["flagged miss"]),
        "errors": str(kinds["error"]),
        "skipped": str(kinds["skipped"]),
        "time": f"{report.wall_seconds:.3f}",
    }
    root = ET.Element("testsuites", {"name": "t2sql eval", **counts})
    suite = ET.SubElement(
        root, "testsuite", {"name": _text(made.cases), "timestamp": report.made_at.isoformat(), **counts}
    )
    properties = ET.SubElement(suite, "properties")
    flat = made.model_dump(mode="json")
    flat |= {f"settings.{key}": value for key, value in flat.pop("settings").items()}
    for name, value in flat.items():
        ET.SubElement(properties, "property", {"name": _text(name), "value": _text(str(value))})
    for result in counted(report):
        _add_case(suite, result, _text(made.cases))
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _kind(result: CaseResult) -> str:
    if result.is_right:
        return "passed"
    if result.reason == "not asked":
        return "skipped"
    if is_failed_miss(result):
        return "error"
    return "silent error" if result.is_silent else "flagged miss"


def _add_case(suite: ET.Element, result: CaseResult, cases: str) -> None:
    place = ".".join(_text(part) for part in (cases.rsplit(".", 1)[0], result.category) if part)
    name = {"classname": place, "name": _text(f"{result.id}: {result.question}")}
    case = ET.SubElement(suite, "testcase", {**name, "time": f"{result.milliseconds / 1000:.3f}"})
    kind = _kind(result)
    if kind == "passed":
        return
    message = _text(f"{result.reason}: {result.detail}" if result.detail else result.reason)
    if kind == "skipped":
        ET.SubElement(case, "skipped", {"message": message})
        return
    miss = ET.SubElement(case, "error" if kind == "error" else "failure", {"message": message})
    miss.set("type", result.reason if kind == "error" else kind)
    parts = (
        ("told", result.told),
        ("semantic SQL", result.semantic_sql),
        ("physical SQL", result.physical_sql),
        ("gold", result.gold),
    )
    miss.text = "\n".join(f"{title}:\n{_text(text)}\n" for title, text in parts if text)


def _text(text: str) -> str:
    r"""`text` with what XML forbids, and what turns a terminal or a reader around, written out.

    >>> _text("a\x00b")
    'a\\x00b'
    """
    return FORBIDDEN.sub("\ufffd", visible(text, keep_newlines=True))
