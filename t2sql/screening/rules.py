"""Words that would set rules aside: claimed roles, instructions to the machine, SQL typed as a question."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

BREAKING = re.compile(
    r"(?:忽略|无视|绕过|绕开|跳过|突破|解除|关闭|取消|不要管|不用管|忘记|忘掉|不受|撇开|屏蔽).{0,12}(?:规则|指令|限制|权限|要求|提示|约束|脱敏|审批|管控|设定|身份|过滤|行级)|(?:系统提示|提示词|系统指令|系统设定|越权|提权|没有任何限制|开发者模式|调试模式|上帝模式|管理员模式)"
    r"|(?:你现在(?:是|扮演|变成)|从现在(?:起|开始)你|假装(?:你|我)?是|扮演|假设你是|当作你是|你的(?:角色|身份)(?:是|变)).{0,16}|(?:我|本人)(?:是|现在是|就是)(?:系统)?(?:管理员|超级用户|数据库管理员|dba|root|admin|开发(?:人员|者)|行长|总行领导|董事长|审计)|以(?:管理员|超级用户|dba|root|行长|总行)(?:的)?身份"
    r"|\b(?:ignor|disregard|forget|bypass|overrid|circumvent|skip|disabl|break|suspend|lift|drop|turn off|switch off|without)\w*\b.{0,32}\b(?:(?:your |all |previous |prior |the )?(?:rules?|instructions?|restrictions?|permissions?|polic(?:y|ies)|guardrails?|limits?|prompts?|what (?:i|you|they) (?:said|told|were told)|everything (?:above|before|i)|the above|access control|access rights|row filters?|filters?|masking|safeguards?))\b"
    r"|(?:数据库|库)(?:里面?|中)?(?:都)?(?:有)?(?:哪些|什么|所有|全部)(?:的)?表(?!现|示)|(?:列出|显示|有)(?:哪些|所有|全部|什么)(?:的)?(?:数据)?表(?!现|示|格|外)|表结构|建表语句|字段清单|连接串|\btables? in (?:the|your|this) (?:database|db|schema|warehouse)\b|\b(?:list|show|dump|describe)(?: me)?(?: all)?(?: the| your)? (?:database |physical |raw )?(?:tables|schemas?|databases|connection string|credentials)\b"
    r"|\bsystem prompt\b|\byour (?:prompt|instructions|rules|guidelines|system message|initial message)\b|\bjailbreak|\b(?:database|db|full|whole) schema\b|\bdeveloper mode\b|\bdebug mode\b|\bgod mode\b|\bdo anything now\b|\bprompt (?:injection|above)\b"
    r"|\b(?:you are|you're|u r|you will be|act|behave|respond|answer|pretend|roleplay|imagine)\b(?: now| henceforth| from now on)?(?: as| to be| you are| that you are| like)? (?:an? |the )?(?:now )?(?:\w+ )?(?:dba|admin\w*|root|superuser|sysadmin|hacker|unrestricted|different (?:ai|assistant)|developer|terminal|sql (?:console|shell|engine)|database|shell|python)\b|\bfrom now on,? you\b|\b(?:i am|i'm|im|this is) (?:the |an? |your )?(?:\w+ )?(?:dba|admin(?:istrator)?|root|superuser|sysadmin|developer|ceo|auditor|regulator)\b|\bas (?:an? |the )?(?:dba|admin(?:istrator)?|root|superuser|sysadmin)\b|\bwith (?:full|all|root|admin|dba) (?:rights|privileges|access|permissions)\b",
    re.IGNORECASE,
)
_NAME = r"[a-z_][\w.]*"
SQL = re.compile(
    rf"^[\s'\";]*(?:with\b.+\bas\s*\(|explain\s+(?:select|analyze)\b|show (?:tables|databases|schemas|columns)\b|describe\b \w+;?$|call\b.+\(|pragma\b)"
    rf"|\bselect\s+(?:distinct\s+)?(?:\*|count\s*\(|sum\s*\(|avg\s*\(|max\s*\(|min\s*\(|{_NAME}\s*,\s*{_NAME}|\w+_\w+|\w+\.\w+)[^?]*?\bfrom\s+[\"`]?{_NAME}"
    rf"|\bselect\s+{_NAME}\s+from\s+[\"`]?{_NAME}[\"`]?\s*(?:;|$|where\b|limit\b|group\b|order\b|join\b|,)"
    r"|\bunion\s+(?:all\s+)?select\b|;\s*(?:drop|delete|update|insert|alter|select|truncate)\b|\b(?:or|and)\s+['\"]?1['\"]?\s*=\s*['\"]?1|--\s*$|\binformation_schema\b|\bpg_catalog\b|\bduckdb_\w+\(|\bread_(?:csv|parquet|text)\w*\s*\("
    r"|\b(?:run|execute|exec|eval)\b.{0,20}\b(?:select|sql|query|script|code|command|python|shell|statement)\b|(?:执行|运行|跑)(?:一下|以下|下面|这段|这个|这条|如下|一段|一条)?(?:的)?(?:sql|语句|代码|脚本|命令|程序|select)",
    re.IGNORECASE | re.DOTALL,
)
