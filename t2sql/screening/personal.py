"""Words for what identifies a person. Each is refused unless the principal's own catalog has a name for it."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

PERSONAL = re.compile(
    r"身份证(?:号码?|件)?|证件号码?|护照(?:号码?)?|社保号|税号|纳税人识别号|手机号码?|手机(?!银行|支付|渠道|端|app|客户端|闪付|号段)|电话号码?|电话(?!银行|渠道|中心|营销)|联系方式|联系电话|座机|邮箱|电子邮件|微信号?|qq号?|家庭住址|住址|家庭地址|通讯地址|联系地址|详细地址|地址|住在哪|住哪|生日|出生(?:日期|年月|年份|于)?|哪一?年(?:出)?生的?|多大(?:年纪|岁数|了)|年龄|年纪|几岁|岁数|性别|男性|女性|男女|民族|婚姻|婚否|结婚|配偶|学历|职业|籍贯|户籍|(?:客户|借款人|存款人|员工)(?:的)?(?:真实)?姓名|卡号|银行卡号|账号|开户账号|密码|验证码|cvv|签名|指纹|人脸|家庭成员|子女|工资单|个人收入|月薪|病历|征信(?:报告|记录)"
    r"|\bnational ids?\b|\bid (?:cards?|numbers?|nos?)\b|\bid_no\b|\bidentity (?:cards?|numbers?|documents?)\b|\bpassports?(?: numbers?)?\b|\bsocial security\b|\bssn\b|\btax (?:id|number)s?\b|\b(?:tele)?phones?(?! banking| channel| cent(?:er|re))(?: numbers?| nos?)?\b|\bmobile (?:numbers?|nos?|phones?)\b|\bcell ?phones?\b|\bcontact (?:details?|information|info|numbers?|data)\b|\be-?mails? (?:address(?:es)?|of|for|list|ids?)\b|\b(?:customer|client|borrower|depositor)s?'? e-?mails?\b|\bwechat\b|\b(?:home |postal |street |mailing |residential )?address(?:es)?\b(?! (?:the|this|that|our|it))|\bwhere (?:do|does) .{1,40} live\b|\bbirth ?(?:days?|dates?|years?)\b|\bdates? of birth\b|\bdob\b|\bborn\b|\bhow old\b|\bages?\b(?! (?:of|band|group)s? (?:loan|deposit|account|overdue|arrears|book))|\bgenders?\b|\bsex\b|\bmale\b|\bfemale\b|\bmen\b|\bwomen\b|\bethnic\w*\b|\bnationality\b|\bmarital\b|\bmarried\b|\bspouses?\b|\breligion\b|\bpasswords?\b|\bpins?\b(?! ?point)|\bcvv\b|\bcard numbers?\b|\baccount numbers?\b|\bfull names?\b|\bcustomers?'? (?:first |last |full )?names\b|\bnames of (?:our |the |all )?(?:\w+ )?(?:customers|clients|borrowers|depositors|cardholders)\b|\bsalar(?:y|ies) of\b|\bcredit reports?\b",
    re.IGNORECASE,
)
