"""Words without content of their own in a question about figures: polite forms, question words, verbs of showing.

A name never stands here: what only a name can be (a place, a product, a measure) must be told back when nobody knows it;
so must a word that changes what is measured (average, new).
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.grounding.words.verbs import common_verbs

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
升高 恶化 改善 上涨 下跌 变 高于 低于 大于 小于 超过 达到 不足 不到 高 低 大 小 多 少 好 差 快 慢 个 家 名
户 笔 位 条 项 元 万元 亿元 亿 万 千元 百万 单位 人民币 折人民币 本外币 分布 构成 结构 走势 趋势 占 占比 比例
比重 比 较 上 中 下 内 里 外 前 后 来 去 做 作 一个 一些 一家 情况下 方面 角度 维度 口径 范围 银行 哪年 月份
年份 年度 月度 季度 每月 每年 除了 除去 不含 不包括 不包含 剔除 排除 扣除 之外 以外 另外 同时 满足 符合 条件
需要 希望 具体 详细 主要 重点 一览 报表 图表 图 表 画 画出 曲线 柱状图 折线图 饼图 期末 期初 末 初 底 年末 月末
季末 日 月 季 年 客户 机构 业务 产品 发生 实现 完成 没有 无 不 未 非 曾 已 已经 正在 进行 如果 假设
请按 如下 哪一
咱们行 咱们 咱 本银行 该行 行内 我司 辖 盘子 大盘 盘 摊子 家底 规模 体量 总量 总数 总计 共计 加总 加起来 拢共
拉一下 拉 捞一下 捞 跑一下 跑 导出 导 调出 提取 取出 取 汇报 报 报一下 报送 披露 公布 显 瞧瞧 瞧 看下 查下 算下 比一比 比比
比一下 列一下 列个 说说 说一下 讲讲 讲一下 谈谈 弄 搞 整理 整 拆 拆开 拆分 拆解 细分 切分 归类 归集 分组 罗列 排一排 排一下
排个 排 做到 达到了 干到 冲到 来到 去到 放到 放 收 收到 拿 拿到 花 花了 刷 刷了 卖 卖了 买 赚 赚了 挣 亏 用了 办 办了
办理 存了 贷了 借 欠 还有多少 剩 剩下 差 差了 差多少 相差 差距 缺口 涨 跌 涨了 跌了 涨跌 变了 变成 变为 动了
多大 多高 多低 多长 多久 多快 多重 几何 若干 几个 几家 几户 几笔 几成 百分之几 百分之多少 百分之 百分点 个点 几个点 点 成
折成 折合 折算 折算成 换算 换算成 折 折人民币 折合人民币 计价 计算口径 以人民币计 元人民币 人民币元 元计 计 合并 并表
急用 急 尽快 快点 马上 立刻 辛苦 辛苦了 有劳 劳驾 拜托 多谢 感谢 谢了 谢 早上好 上午好 中午好 下午好 晚上好 早安 大家好 哈喽
好的 行吗 好吗 可以吗 行不行 对吗 是吗 呗 哦 哈 嗯 哎 喂 嘞 咯 嘢 一下子 一点 一些 有点 有些 大体 大致 基本 基本上 总体来看
总的来说 整体来看 来看 看来 来说 而言 来讲 方面看 角度看 分别 各 各为多少 各有多少 下面 下边 底下 里面 里边 里头 当中 中间 之中
旗下 名下 项下 手里 手上 手头 这边 那边 这儿 那儿 那里 这里 上面 上边 前面 后面 左右吧 以及各 连同 外加 再加上 加上 加 顺便
顺带 另 另外再 此外 以外还 并且还 同时还 最近 近期 近来 眼下 如今 时下 现阶段 现如今 迄今 至今 为止 全年 全月 全季 整年 整月
整个 全部加起来 历史 往年 往期 逐步 逐渐 逐 依次 依 依照 根据 基于 凡是 凡 属于 属 归 归属于 来自 来源 出自 位于 处于 所在 所 之
其余 相关 有关 涉及 对应 相应 各自的 自己 一起 一并 一同 共同 单独 单 独 唯一 仅仅 只有 只看 只要 就是 即 也就是
也是 都是 都有 都在 还是 还在 还会 究竟 到底 其实 实际 实际上 真实 真正 真的 确实 大家 人 咋样 咋 啥 啥样 啥时候 么 谁家
想问 问一下 问下 问问 问 请教 请帮 请给 请看 请列 请查 请算 劳烦 需 需求 得到 得知 知道 知 想 要看 要的 要求 觉得 认为
发展 推移 起伏 波动 动态 进展 进度 完成情况 状况 状态 面貌 总览 概览 概况 简况 简要 简单 大概情况 情形 局面 态势
分开 分列 单列 并列 并排 放一起 放在一起 摆一起 列一起 给 就行 就行了 就成 就好 就好了 就可以 就可以了 即可 就够 就够了 便可
一个季度 一个月 一年 一季 口 口径下 口径的 名义 名 码 号 份 期 次 回 番 倍 翻 成为 算是 算作 当作 作为 视为 叫 叫做 称 称为
再分 再按 再拆 再来 再把 一期 最新一期 最近一期 最新 本期 当期 该期 这期 一张 一张表 一份 一份表 做张表 做个表 出个 出张 来个 来一份 来张 发我 发给 发给我 发到 麻烦给 老板 领导 行长 开会 会上 会议 材料 汇报材料 写报告 报告 稿子 急着 等着用 帮个忙 有空 方便 顺手 回头 待会 一会 今早 今晚 上会 摸底 摸个底 心里有数 搞清楚 弄清楚 弄明白 搞明白 理一理 理一下 捋一捋 捋一下 盘一盘 盘一下 过一遍 过一下 排最上面 排最前面 排最前 排在最前 排前面 排在前 放最前 放前面 放最上面 最上面 最前面 最上头 拆细 分细 细化 拆到 分到 连数 连同数 连数字 连金额 连名字 连名称 没数 心里没底 看眼 瞅眼 瞄眼 看两眼 瞅瞅 瞅一眼 看一眼 瞄一眼 截到 相当于 翻一下 翻翻 核一下 核对 核实 复核 对一下 确认 确认一下 账上 账面 账面上 帐上 手中 名单里 各档 各项 各种 各级 各段 各组 明显 显著 大幅 小幅 稳步 持续 连续 总体上 普遍 一般 通常 往往 经常 常 常常 总是 一直 始终 依然 仍然 仍 尚 尚未 暂 暂时
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
mix composition structure share proportion percentage percent      cny rmb yuan million
millions billion billions thousand bank banks bank's s t re not no non except excluding exclude excluded
including include only just also too very quite let lets let's hello hi hey thanks thank chart graph plot table
line bar pie draw customer customers branch branches customer's business perform performed performing
performance look looks looking against relative if then else because while whereas respectively one two three
four five six seven eight nine ten first last previous prior next past make made held hold holding stand stood
stands come came go went happen happened month's year's quarter's
pls plz thx ty cheers good morning afternoon evening day night dear sir madam team folks everyone kindly appreciate
sorry excuse sure ok okay yes please hey hiya greetings regards best mind glad happy urgent urgently asap quick
quickly full whole entire complete completely exact exactly precise precisely actual actually really indeed simply
simple merely exclusively solely alone together jointly separately individually apart each respective own ones
per cent percentages point points pp fraction part parts piece portion half double triple twice once again still
yet already ever never always often usually normally generally typically recently lately formerly originally
eventually finally firstly secondly lastly mainly mostly chiefly largely partly nearly almost barely hardly
strongly weakly sharply slightly significantly notably considerably steadily gradually rapidly slowly fast slow
much little bit lot lots plenty several few couple dozen none anybody anyone anything everything something
nothing somebody someone whatever whichever whoever wherever whenever however therefore thus hence moreover
furthermore besides meanwhile otherwise instead rather although though despite unless whether why yes
above-mentioned following preceding latter former next-to-last upcoming given based regarding concerning
considering according along alongside amid beyond beneath behind beside towards toward upon via within per
onto off away back forward ahead aside around worldwide everywhere nowhere somewhere inside outside
big bigger large larger huge tiny great good better well bad worse poor rich strong weak strong stronger weaker
 newest old oldest young early earlier late later long longer short shorter wide narrow deep main major minor
key top-line general specific particular certain various different similar equal equally same-day single sole
final initial first-ever overall grand gross-total nationwide bank-wide bankwide firm-wide group-wide institution
side sides way ways kind kinds type types sort sorts case cases terms term-wise basis question questions answer
answers query queries request figure-wise picture view snapshot overview rundown status state situation position
name names label labels column columns row rows sheet dashboard slide deck memo output format units unit
yuan's currency-wise equivalent equivalents converted conversion money cash-wise
book-wise area-wise seq sequence series run-rate history historical historic timeline evolution trajectory path
gap spread-wise delta pace speed size sizes magnitude scale volume volumes
whats hows wheres whos thats heres theres lets im ive id youre dont doesnt didnt cant couldnt wont wouldnt isnt arent
wasnt gimme wanna gonna lemme btw fyi eod-report asap tia rgds aka ie eg etc viz namely colleague colleagues boss chief
manager managers management meeting board committee exco alco regulator auditor audit finance treasury dept department
desk office desk's request-for purposes purpose reason reasons context background reference ref info idea clue sense
thing things stuff matter matters item line-item point points detail bullet summary one-pager page slide slides
spreadsheet excel csv pdf powerpoint ppt word figure-only text sentence quickly-please moment second minute while
shape standing footing end-state close closing opening-line bottom-most top-most leader leaders laggard laggards winner
winners loser losers peer peers average-wise number-wise respectively-please instead thereof therein thereby hereby
whereby whatsoever nonetheless nevertheless anyhow anyway else elsewhere altogether overall-ish roughly-speaking
i'm i'd i'll i've we're we'd we'll we've you're you'd you'll it's that's what's who's where's how's there's
they're they've they'll they'd he's she's we'd who're who've there're that'll thru via vis-a-vis circa pls plss ya y'all gotta kinda sorta
ah lah leh lor hor mah liao sia aiyah um uh erm hmm oh even further furthermore needful
don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't hasn't haven't let's ours yours
"""  # fmt: skip

ENGLISH = frozenset(_EN.split()) | common_verbs()
# These part words wherever they stand; any other single letter only at the edge of what is left (身份证号 is no 身 and 证).
_PARTICLES = frozenset("的了着过吗呢吧啊呀嘛和与及或把被是")
# Closed classes, so that no list of sentences is needed: asking politely, verbs of giving and arranging with their
# complements, a pointing word with its counter, pieces of a table.
_POLITE = r"(?:烦请|劳烦|有劳|麻烦|恳请|敬请|务请|务必|还请|另请|并请|请予|请您|请贵[部处行]|请协助|协助|烦劳|辛苦|请)"
_GIVING = r"(?:提供|列示|列明|列出|列举|罗列|注明|写明|标明|标出|标示|标注|载明|写清|说明|阐明|附注|附上|附列|报送|填报|上报|报出|给出|告知|回复|反馈|呈现|展示|出具|测算|核算|统计|汇总|整理|梳理|筛选|挑选|挑出|筛出|找出|选出|点出|拎出|揪出|捞出|拉出|圈出|摘出|抽出|查明|查证|核查|核实|排列|陈列|摆出|摆上|带上|带出|写上|写出|念出|贴上|发来|传来|抄送|贴出|通报|公布|披露)"
_GIVING_BRIEFLY = r"[附给报念贴传抄发列标注写查]"
_TO_ME = r"(?:一下|下|给我们?|给咱们?|来|出来|上来|过来|下来|清楚|明白|即可)?"
_CLASSES = "|".join(
    (
        rf"{_POLITE}{{1,2}}(?:{_GIVING}{_TO_ME}|{_GIVING_BRIEFLY}(?![价息率户贷款放])(?:我们?|咱们?|俺们?)?)?",
        rf"{_GIVING}{_TO_ME}",
        r"(?:出|下|上|进|过|回|起|开)[来去]|(?:堆|排|站|落|摆|放|搁|列|写|记|用|做|干|冲|跑)得|堆[在着]|摆[在着]|搁[在着]",
        r"[这那该][一两几]?(?:些|个|家|块|档|行|列|张|份|边|头|段|层|级|项|种|类|条|样|儿|会儿|会|时候|时|阵子|阵)(?![贷存保利支率目型业均数金款息])",
        r"[一两二三四几][列栏版张份](?:表|报表|表格)?|(?:分|成|并)(?:[两二三四几])?[列栏]|一?并(?:列|附|报)|(?:对照|交叉|对比|比较|汇总|统计|明细|一览|结构|清单)表?",
        r"咱们?行|咱家|咱的|俺们?行?|我行|我们行|咱这儿?|我们这儿?",
        r"多少钱|几多钱|几个钱|多大份|多少来着|是个啥|是个什么|什么个|怎么个|什么样子|啥样子|啥情况|啥水平|什么水平|几何",
        r"(?:以|按)?(?:此|其)?为准|(?:名字|名称|名)(?:和|及|与|、)?(?=$|[和及与、])|拢共|统共|总共|一总|归总|归拢|通通|统统|全都|长短|高低|大小|多寡|快慢|好坏|轻重|先后|早晚|远近|深浅|厚薄|胖瘦|强弱",
        r"(?<!的)(?<!之)比值(?:也?带上|也?附上|也给|也要|一起给|一并给|写上|标上)|(?:也|都|一并|一起)(?:带上|附上|要|给)",
    )
)
_LONG = re.compile(
    r"第?[一二两三四五六七八九十几]+(?:家|个|名|位|种|类|条|项|户|笔|大)|"
    + _CLASSES
    + "|"
    + "|".join(sorted({w for w in _ZH.split() if len(w) > 1 or w in _PARTICLES}, key=len, reverse=True))
)
_EDGE = "".join({w for w in _ZH.split() if len(w) == 1})


def chinese_content(run: str) -> list[str]:
    """What is left of a stretch of Chinese without stop words, in pieces of two letters or more."""
    return [piece for _, piece in placed_content(run)]


def placed_content(run: str) -> list[tuple[int, str]]:
    """(offset in `run`, piece) of what is left of it without stop words."""
    found: list[tuple[int, str]] = []
    start = 0
    for stop in [*_LONG.finditer(run), None]:
        end = stop.start() if stop else len(run)
        piece = run[start:end]
        core = piece.strip(_EDGE)
        if core and len(piece) > 1:
            core = next((c for c in (core, piece.rstrip(_EDGE), piece.lstrip(_EDGE)) if len(c) > 1), piece)
            found.append((start + piece.index(core), core))
        start = stop.end() if stop else end
    return found


def content_before(run: str) -> str:
    """The end of a stretch of Chinese after its last stop word of two letters or particle."""
    return _LONG.split(run)[-1]


def is_plain(run: str) -> bool:
    """Whether a stretch of Chinese is made of whole stop words: 请问, but not 成都, which only single letters make up."""
    return bool(_LONG.search(run)) and not _LONG.sub("", run).strip(_EDGE)
