"""Words without content of their own in a question about figures: polite forms, question words, verbs of showing."""

from __future__ import annotations

import re

_ZH = """
请问 请 麻烦 帮我 帮忙 帮 给我 我想知道 我想看看 我想看 我想了解 我想 我要 想知道 想看看 想看 想了解 了解一下
了解 告诉我 告诉 能否 能不能 可以 可否 是否 谢谢 您好 你好 一下 查一下 查询 查找 查看 查 看看 看一下 看 显示
展示 列出 列示 列 统计 汇总 计算 算一下 算 给出 提供 输出 返回 对比 比较 相比 分析 说明 描述 得出 求 多少 几
是多少 有多少 为多少 分别是 分别为 分别 各是 各为 各自 怎么样 怎样 怎么 如何 什么样 什么 是什么 哪个 哪家 哪些
哪几个 哪几家 哪几 哪一个 哪一家 哪里 哪 谁 何时 为什么 为何 情况 数据 数值 数字 数 金额 水平 表现 结果 信息
指标 明细 名单 清单 排序 排列 降序 升序 从高到低 从低到高 由高到低 由低到高 从大到小 从小到大 由大到小 高到低
低到高 最高 最低 最大 最小 最多 最少 最快 最慢 最好 最差 较高 较低 更高 更低 偏高 偏低 以及 还有 并且 并 且 和
与 及 或者 或 而 但 跟 同 的 地 得 了 着 过 吗 呢 吧 啊 呀 嘛 是 为 有 在 于 从 自 到 至 由 对 对于 关于 按照 按
以 用 把 被 让 使 将 会 要 应 该 能 都 也 还 又 再 就 才 只 仅 共 总共 一共 合计 总计 总的 总额 总量 总 全部
所有 全行 我行 本行 我们行 我们 整体 总体 全体 全辖 辖内 辖区 下辖 下属 其中 其 它 他们 它们 各个 各家 各类 各
每个 每家 每 不同 单个 这个 这些 那个 那些 这 那 此 目前 当前 现在 最新 现有 截至 截止 截至到 时点 期间 时间
时候 之间 以来 以上 以下 以内 之内 左右 大约 大概 约 变化 变动 增加 减少 增长 下降 上升 增减 升降 提高 提升 降低
升高 恶化 改善 上涨 下跌 增量 变 高于 低于 大于 小于 超过 达到 不足 不到 高 低 大 小 多 少 好 差 快 慢 个 家 名
户 笔 位 条 项 元 万元 亿元 亿 万 千元 百万 单位 人民币 折人民币 本外币 分布 构成 结构 走势 趋势 占 占比 比例
比重 比 较 上 中 下 内 里 外 前 后 来 去 做 作 一个 一些 一家 情况下 方面 角度 维度 口径 范围 银行 哪年 月份
年份 年度 月度 季度 每月 每年 除了 除去 不含 不包括 不包含 剔除 排除 扣除 之外 以外 另外 同时 满足 符合 条件
需要 希望 具体 详细 主要 重点 一览 报表 图表 图 表 画 画出 曲线 柱状图 折线图 饼图 期末 期初 末 初 底 年末 月末
季末 日 月 季 年 平均 均值 客户 机构 业务 产品 发生 实现 完成 没有 无 不 未 非 曾 已 已经 正在 进行 如果 假设
请按 如下 哪一
"""  # fmt: skip
_EN = """
a an the and or but nor of in on at by for from to with without within into onto per as is are was were be been
being am do does did done doing have has had having can could may might shall should will would must please show
me give list tell us you your our ours my i we they them their it its he she this that these those there here
what which who whom whose where when why how much many long far often want wants wanted need needs like see know
get find fetch display present provide return calculate compute report reports summarize summarise summary
compare comparing compared comparison versus vs between among across each every any all some both either other
others another same different total totals overall whole entire sum combined altogether amount amounts number
numbers count figure figures value values level levels data information details detail result results current
currently now latest today recent most least highest lowest largest smallest biggest best worst top bottom high
low higher lower larger smaller greater big small more less fewer over under above below than exceed exceeds
exceeding exceeded up down out about around roughly approximately so until since before after during through
throughout end start beginning month months monthly quarter quarters quarterly year years yearly annual annually
week weeks weekly day days daily date dates period periods time trend trends trending change changes changed
changing growth grow grew growing increase increases increased increasing decrease decreased decreases
decreasing rise rose risen rising fall fell fallen falling drop dropped drops decline declined declining improve
improved improvement worsen worsened deteriorate deteriorated develop developed development movement rank ranks
ranked ranking order ordered sort sorted descending ascending broken breakdown split grouped group distribution
mix composition structure share proportion percentage percent rate ratio average mean avg cny rmb yuan million
millions billion billions thousand bank banks bank's s t re not no non except excluding exclude excluded
including include only just also too very quite let lets let's hello hi hey thanks thank chart graph plot table
line bar pie draw customer customers branch branches customer's business perform performed performing
performance look looks looking against relative if then else because while whereas respectively one two three
four five six seven eight nine ten first last previous prior next past make made held hold holding stand stood
stands come came go went happen happened month's year's quarter's
"""  # fmt: skip

ENGLISH = frozenset(_EN.split())
_CHINESE = re.compile("|".join(sorted(set(_ZH.split()), key=len, reverse=True)))


def chinese_content(run: str) -> list[str]:
    """What is left of a stretch of Chinese without stop words, in pieces of two letters or more."""
    return [piece for piece in _CHINESE.split(run) if len(piece) > 1]
