"""Words of the guide, and of what stands before the first question."""

from __future__ import annotations

from collections.abc import Mapping

GUIDE: Mapping[str, tuple[str, str]] = {
    "page_guide": ("使用说明", "Guide"),
    "here": ("这里有什么数据", "What data is here"),
    "here_days": ("时间", "Days"),
    "here_span": ("{first}至{last}", "{first} to {last}"),
    "here_rows": ("您的范围", "Your rows"),
    "here_catalog": ("打开指标目录", "Open the catalog"),
    "guide_ask": ("怎么问", "How to ask"),
    "guide_ask_text": (
        "说出指标、时间和分组，用中文或英文，一句一问。没说时间时，余额取最新一期，发生额取本年累计；各指标的约定见目录。",
        "Name a metric, a time and what to group by, in Chinese or English, one question at a time. Without a time, "
        "balances are the latest and amounts are of the year to date; the catalog says so for each metric.",
    ),
    "guide_ask_click": ("以下问题点击即问：", "Click any of these to ask it:"),
    "way_time": ("时间", "Time"),
    "way_group": ("分组", "Groups"),
    "way_condition": ("条件", "Conditions"),
    "way_comparison": ("比较", "Comparisons"),
    "way_share": ("占比", "Shares"),
    "way_rank": ("排名", "Rankings"),
    "way_meaning": ("口径", "Definitions"),
    "way_topics": ("能问什么", "What there is"),
    "guide_follow": ("追问", "Asking on"),
    "guide_follow_text": (
        "短的问题接着上一问：只改它说到的，其余不变，并写明沿用了什么。例如先问“{first}”，再问：",
        "A short question follows the one above: it changes what it says and keeps the rest, and the answer says what "
        "was kept. For example, after “{first}”:",
    ),
    "guide_fresh": (
        "要从头问起，请按“新问题”，或说出完整的问题。",
        "To begin anew, press “New question”, or ask a whole question.",
    ),
    "guide_read": ("怎么看答案", "How to read an answer"),
    "read_headline": ("结论", "Headline"),
    "read_headline_text": (
        "一句话给出主要数字，单位为万、亿或百分比；指着数字可看精确值。",
        "One sentence with the main figure, in thousands, millions or per cent; point at it for every digit.",
    ),
    "read_understood": ("理解为", "Understood as"),
    "read_understood_text": (
        "系统按这句话取数。先核对它：时间、范围、指标是否就是您要问的。",
        "What was computed, in words. Check it first: is it the time, the scope and the metric that you meant?",
    ),
    "read_chart": ("图和表", "Chart and table"),
    "read_chart_text": (
        "图形按列自动选择，可以切换；表格可排序、筛选，存的是未四舍五入的值。",
        "The chart is chosen from the columns and can be switched; the table sorts and filters, over unrounded values.",
    ),
    "read_proof": ("依据", "Proof"),
    "read_proof_text": (
        "展开可看每个指标的定义、公式、责任部门与版本，条件与数据日期，您权限内的行，以及两种 SQL。",
        "Open it for each metric's definition, formula, owner and version, the conditions and as-of dates, the rows "
        "that you may see, and both SQLs.",
    ),
    "read_note": ("注意", "Notes"),
    "read_note_text": (
        "口径变更、数据不全、同期不可比等情况会写在答案上。",
        "A definition that changed, loads that are incomplete or periods that do not compare are told on the answer.",
    ),
    "guide_refused": ("什么不回答", "What is refused, and why"),
    "refused_what": ("问题", "Question"),
    "refused_why": ("原因与办法", "Why, and what to do"),
    "refused_unknown": ("没有定义的指标，或您无权查看的内容", "A metric nobody defined, or what you may not see"),
    "refused_unknown_text": (
        "只按已审定的定义计算，不临时编造。请看提示的相近指标，或在目录中查找。",
        "Figures are computed by signed definitions only. Take one of the near metrics offered, or look in the "
        "catalog.",
    ),
    "refused_wrong": ("算出来会误导的数", "A figure that would mislead"),
    "refused_wrong_text": (
        "例如把各月余额相加、对比率取平均。请按提示换一种问法。",
        "Such as balances added up over months, or a mean of ratios. Ask in the way that is offered.",
    ),
    "refused_future": ("预测、原因和建议", "Forecasts, reasons and advice"),
    "refused_future_text": (
        "这里只有已经发生的数据。可以问变化、占比和排名，由您判断。",
        "There is only what has happened. Ask for changes, shares and rankings, and judge for yourself.",
    ),
    "refused_write": ("修改或删除数据", "Changing or deleting data"),
    "refused_write_text": ("这里只能查询。", "Everything here only reads."),
    "refused_unsure": ("有几种可能的理解", "More than one way to understand it"),
    "refused_unsure_text": (
        "系统会反问，不会猜。点一种理解即可得到答案。",
        "You are asked back instead of guessed at. Click a reading to have it answered.",
    ),
    "guide_correct": ("答案不对时", "When an answer is wrong"),
    "correct_words": ("换一种说法", "Say it otherwise"),
    "correct_words_text": (
        "直接追问更正，例如“换成按区域”“改成去年”。",
        "Correct it by a follow-up, such as “by region instead” or “for last year”.",
    ),
    "correct_sql": ("修改 SQL", "Edit the SQL"),
    "correct_sql_text": (
        "改语义 SQL 再运行，并与原结果对照；修改可以保留为更正。",
        "Change the semantic SQL, run it and compare with the first result; the change can be kept as a correction.",
    ),
    "correct_judge": ("评价", "Judge"),
    "correct_judge_text": (
        "说明哪里不对、应该是什么，交给指标负责人审核；采纳后同样的问题会这样回答。",
        "Say what is wrong and what it should be. Whoever owns the definitions reviews it; once accepted, the same "
        "question is answered so.",
    ),
    "guide_keys": ("键盘", "Keyboard"),
    "guide_keys_text": (
        "单个字母只在没有输入文字时有效。",
        "Single letters work only while nothing is being typed.",
    ),
    "guide_key": ("按键", "Key"),
    "guide_does": ("作用", "What it does"),
    "guide_data": ("数据到哪天", "Where the data end"),
    "guide_loads": ("装载", "Loaded"),
}
