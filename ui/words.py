"""The page's own words, in Chinese and English: constants, and nothing that comes from data or the agent."""

from __future__ import annotations

from collections.abc import Mapping

from t2sql.catalog import Language

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("{bank} · 指标问答", "{bank} · ask for a metric"),
    "tab": ("指标问答", "Ask for a metric"),
    "language": ("语言", "Language"),
    "principal": ("提问人", "Who asks"),
    "as": ("提问人：{name}", "As {name}"),
    "loaded": (
        "{metrics} 个指标 · {dimensions} 个维度 · 数据截至 {day}",
        "{metrics} metrics · {dimensions} dimensions · loaded to {day}",
    ),
    "nothing_loaded": (
        "{metrics} 个指标 · {dimensions} 个维度 · 尚未装载数据",
        "{metrics} metrics · {dimensions} dimensions · nothing is loaded yet",
    ),
    "opening": ("正在打开……", "Opening …"),
    "ask": ("请输入问题，按回车提问", "Type a question and press Enter"),
    "busy": ("正在回答上面的问题……", "Answering the questions above …"),
    "fresh": ("新问题", "New question"),
    "fresh_help": (
        "下一个问题不再沿用上面的条件。",
        "The next question carries nothing over from those above.",
    ),
    "first": ("可以这样问", "Questions to start with"),
    "first_help": (
        "用中文或英文提问：说出指标、时间，以及按什么分组。每个数字都附定义、公式和 SQL。",
        "Ask in Chinese or English: name a metric, a time, and what to group by. "
        "Every figure comes with its definition, formula and SQL.",
    ),
    "all_names": ("可以问的全部指标和维度", "All metrics and dimensions to ask for"),
    "metric": ("指标", "Metric"),
    "dimension": ("维度", "Dimension"),
    "unit": ("单位", "Unit"),
    "definition": ("定义", "Definition"),
    "dimensions": ("维度", "Dimensions"),
    "warming": (
        "正在准备语言模型，首次启动约需一分钟。现在就可以提问。",
        "Getting the llm ready; the first time this takes about a minute. You can ask already.",
    ),
    "cold": (
        "语言模型不可用。只有一种理解的问题仍可回答。",
        "The llm is not available. Questions with a single reading can still be answered.",
    ),
    "cancel": ("停止", "Stop"),
    "again": ("再问一次", "Ask again"),
    "cancelled": ("已停止。", "Stopped."),
    "cancelled_help": ("没有返回任何数据。", "No data came back."),
    "step_read": ("理解问题", "Reading the question"),
    "step_understood": ("已识别", "Recognised"),
    "step_nothing": ("没有识别到名称", "No name recognised"),
    "step_write": ("书写语义 SQL", "Writing semantic SQL"),
    "step_draft": ("语义 SQL", "Semantic SQL"),
    "step_compile": ("编译并校验", "Compiling and certifying"),
    "step_plan": ("已编译并校验", "Compiled and certified"),
    "step_run": ("正在查询", "Running"),
    "step_result": ("返回 {rows} 行", "{rows} rows"),
    "seconds": ("{seconds} 秒", "{seconds} s"),
    "understood": ("理解为", "Understood as"),
    "exact": ("精确值", "Exact"),
    "empty": ("没有符合条件的数据。", "No data meet the conditions."),
    "empty_help": ("请放宽条件，或换一个时间。", "Loosen the conditions, or choose another time."),
    "truncated": (
        "结果超过 {limit} 行，已截断：请勿据此求合计。",
        "Cut at {limit} rows: do not make totals from these.",
    ),
    "first_rows": ("表中只显示前 {shown} 行，共 {rows} 行。", "The table shows the first {shown} of {rows} rows."),
    "note": ("注意", "Note"),
    "proof": ("口径、SQL 与过程", "Definition, SQL and how it was made"),
    "definitions": ("口径", "Definitions"),
    "semantic_sql": ("语义 SQL", "Semantic SQL"),
    "physical_sql": ("物理 SQL", "Physical SQL"),
    "how": ("过程", "How it was made"),
    "route": ("路径", "Route"),
    "confidence": ("置信度", "Confidence"),
    "timings": ("用时", "Timings"),
    "tokens": ("词元", "Tokens"),
    "tokens_used": (
        "读入 {prompt}（其中缓存 {cached}），写出 {completion}",
        "{prompt} read, {cached} of them cached; {completion} written",
    ),
    "asked_by": ("提问人", "Asked by"),
    "rows": ("{rows} 行", "{rows} rows"),
    "one_row": ("1 行", "1 row"),
    "route_verified": ("已审定的查询", "A verified query"),
    "route_composed": ("只有一种理解，按规则写成，未用语言模型", "One reading only, written by rule without the llm"),
    "route_generated": ("语言模型在几种理解中选定", "The llm chose among the possible readings"),
    "route_written": ("由人选定的语义 SQL", "Semantic SQL that a person chose"),
    "route_refused": ("未回答", "Not answered"),
    "confidence_high": ("高", "High"),
    "confidence_medium": ("中：请核对上面的理解", "Medium: check how it was understood"),
    "confidence_low": ("低：请仔细核对上面的理解", "Low: check carefully how it was understood"),
    "confidence_none": ("未测量", "Not measured"),
    "time_ground": ("理解", "read"),
    "time_write": ("书写", "write"),
    "time_compile": ("编译", "compile"),
    "time_run": ("查询", "run"),
    "time_total": ("合计", "total"),
    "which": ("需要您确认", "One thing to settle first"),
    "rephrase": ("请换一种说法再问。", "Please ask in other words."),
    "refused": ("这个问题没有回答", "This question was not answered"),
    "failed": ("没能完成", "This could not be done"),
    "next": ("下一步", "What to do"),
    "unexpected": (
        "出现了意外错误，已写入服务器日志。",
        "Something unexpected happened; the server's log has the details.",
    ),
    "unexpected_help": (
        "请再问一次；如仍出现，请告知管理员。",
        "Ask again; if it happens again, tell whoever runs this server.",
    ),
    "closed": ("页面还不能使用", "The page cannot be used yet"),
    "retry": ("重试", "Try again"),
    "history": ("更早的回答已从页面移除。", "Earlier answers have left the page."),
    "error_config": ("设置或定义文件有误", "A settings or definition file is wrong"),
    "error_llm_unavailable": ("语言模型不可用", "The llm is not available"),
    "error_retrieval": ("检索索引不可用", "The search index is not available"),
    "error_generation": ("语言模型没有写完", "The llm could not finish"),
    "error_access_denied": ("没有权限", "No rights"),
    "error_certify": ("SQL 未通过校验，没有执行", "The SQL did not pass certification and was not run"),
    "error_warehouse": ("数据库出错", "The database failed"),
    "error_timeout": ("查询超时，已停止", "The query took too long and was stopped"),
    "error_warehouse_unavailable": ("数据库不可用", "The database is not available"),
    "error_query": ("无法编译这个问题", "This question cannot be compiled"),
    "error_refused_syntax": ("不支持这种写法", "This form is not supported"),
    "error_unknown_name": ("有不认识的名称", "A name is not known"),
    "error_not_computable": ("这个数无法正确算出", "This figure cannot be computed correctly"),
}
"""Key -> the words in Chinese and English; {names} are filled in."""


class Words:
    """The page's words in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, key: str, **values: object) -> str:
        """The words under `key`, filled in with `values`."""
        text = WORDS[key][0 if self.language == "zh" else 1]
        return text.format(**values) if values else text

    def error(self, code: str) -> str:
        """A heading for an error or refusal of `code`."""
        return self(f"error_{code}") if f"error_{code}" in WORDS else self("failed")
