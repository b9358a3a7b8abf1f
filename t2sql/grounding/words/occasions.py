"""What figures are made for: papers, meetings, plans, the offices that ask, and the words that stand before their names.

One list for headings, purposes and lead-ins. Every word here names something of the bank's own work: never a kind of
customer, product, place or period, and never a word that could be a customer's trade or project.
"""

# ruff: noqa: E501
# One list a line: a list broken over lines is read less well than a long one.
from __future__ import annotations

PAPERS = r"(?:reports?|reporting|meetings?|board|alco|exco|committees?|steerco|decks?|packs?|memos?|papers?|minutes|slides?|auditors?|audits?|samples?|regulators?|supervisors?|reviews?|presentations?|briefings?|notes?|newsletters?|calls?|boss|cfo|ceo|cro|coo|chair(?:man|woman)?|treasurer|management|purposes?|files?|filings?|submissions?|returns?|planning|offsites?|town ?halls?|press release|analysts?|pitch|workshops?|training|inspections?|visits?|dashboards?|appendix|annex|footnotes?|updates?|stand-?ups?|huddles?|catch-?ups?|check-?ins?|checks?|reconciliations?|spot checks?|follow-?ups?|write-?ups?|paperwork|use(?: only)?|information|reference|records?|working papers?|schedule|one-?pagers?|pager|models?|templates?|questionnaires?|exercise|speech|q&a|script|letter|talks?|headline|story|pitchbook|handout|disclosures?|bulletin|article|scorecards?|calendars?|trackers?|watch ?lists?|roadmaps?|roadshows?|workbooks?|spreadsheets?|debriefs?|kick-?offs?|deep[- ]dives?|retreats?|away[- ]days?|sessions?|agendas?|walkthroughs?|stress tests?|summit|conference|webinars?|seminars?|hearings?|interviews?|due diligence|appraisals?|handovers?|league tables?|benchmark(?:s|ing)?|awards?|sense checks?|sanity checks?|monitoring|sign-?off|(?:budget|target|plan|planning|bonus|forecast)(?:ing)? (?:season|round|cycle|setting|process))"
"""A paper, a meeting, or who reads it."""

PLANS = r"(?:plans?|campaigns?|budgets?|forecasts?|strateg(?:y|ies)|proposals?|tenders?|pitch(?:es)?|negotiations?|discussions?)"
"""Figures may be planned ones, so that one alone frames nothing: only what is said to be for it does."""

ORGANS = r"(?:committees?|boards?|departments?|dept|divisions?|desks?|offices?|units?|teams?|secretariat|centre|center|function|folks|guys|colleagues)"

ROUNDS = r"(?:weekly|fortnightly|bi-?weekly|monthly|bi-?monthly|quarterly|half-?year(?:ly)?|semi-?annual|annual|yearly|daily)"
"""Times a paper or a meeting comes round, and no period of the figures."""

KINDS = rf"(?:{ROUNDS}|credit|risk|funding|liquidity|capital|pricing|finance|financial|treasury|alco|alm|kpi|budget|strateg(?:y|ic)|audit|compliance|regulatory|supervisory|prudential|statutory|internal|external|business|performance|balance[- ]sheet|limits?|sectors?|industry|region|regional|products?|group|board|executive|exec|senior|steering|management|operations|operational|ops|marketing|sales|planning|markets?|economic|economics|research|portfolio|accounting|accounts|tax|legal|hr|it|digital|analytics|channels?|network|investor(?:s'|'s)? relations|relations|press|media|policy|validation|stress|concentration|recover(?:y|ies)|collections?|asset[- ]quality|asset[- ]liability|asset[- ]and[- ]liability|interest[- ]rate|cost|costs|efficiency|productivity|competitors?|peers?|benchmarking|earnings|results|profitability|governance|disclosure|control|controls|controlling|security|fraud|model|icaap|ilaap|ifrs|basel|esg|sustainability|remuneration|nomination|bonus|talent|training|leadership|staff meeting|all[- ]hands|ad[- ]hoc|quick|short|urgent|main|final|first|draft|new joiners?'?|off-?site|site|follow-?up|review|front|middle|back|(?:tomorrow|monday|tuesday|wednesday|thursday|friday|next week|next month|next quarter|cfo|ceo|cro|coo|chair(?:man|woman)?|boss|director|regulator|auditor|supervisor|management|treasurer)'?s?)"
"""What a paper, a meeting or an office is called after."""

GOODS = r"(?:cards?|deposits?|loans?|lending)"
"""Said of an office or a paper, or of what is asked."""
