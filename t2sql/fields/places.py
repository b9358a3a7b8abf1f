"""Names of the United States' states for their codes, so that California finds CA where a column holds codes."""

from __future__ import annotations

from collections.abc import Collection

_STATES = (
    "AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;"
    "DC District of Columbia;FL Florida;GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;"
    "KY Kentucky;LA Louisiana;ME Maine;MD Maryland;MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;"
    "MO Missouri;MT Montana;NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;"
    "NC North Carolina;ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;"
    "SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia;WA Washington;"
    "WV West Virginia;WI Wisconsin;WY Wyoming"
)


def state_names(stored: Collection[str]) -> dict[str, str]:
    """Code -> name for a column whose values are codes of states; {} for any other."""
    names = dict(entry.split(" ", 1) for entry in _STATES.split(";"))
    known = [value for value in stored if value in names]
    return {value: names[value] for value in known} if known and len(known) >= 0.6 * len(stored) else {}
