"""Common English verbs in all their forms: words that a question may hold without asking for anything by them.

Only verbs of everyday and office speech; one that also names a measure or a product (lend, fund, trade) is left out.
"""

from __future__ import annotations

_REGULAR = """
accept accumulate achieve act add adjust agree allow amount analyse analyze answer appear apply arrive ask assume
attract attribute average base behave belong believe boast boost book bother bundle call carry cause change check
chart clarify classify climb close collect combine compare compile complete comprise compute concern confirm consider
consist contain continue contract contribute convert correspond count cover create crunch cut-off date decide decline
decrease define deliver depend derive describe detail determine develop differ dig dip disclose discuss display
distribute divide double drill dump earn edge end enjoy ensure enter establish estimate evolve examine exceed exclude
exist expand expect explain extract face fare feature figure fill finish focus follow form format gain gather
generate grab graph group handle happen help highlight identify ignore improve include incur indicate inform inquire
inspect interpret involve itemise itemize join jump keep label lag last launch learn like list live locate log
look love manage mark match matter maintain measure mention mind monitor move narrow need note notice obtain occur
offer open operate order originate outline outperform outpace output own pass peak perform pick place plan plot plunge
point post prefer prepare present process produce progress provide pull push query raise range rank reach realise
realize receive recognise recognize record recover reduce refer reflect register relate release remain remark
remember remind remove render report represent request require reside respond restrict retrieve reveal
review round sample save scan score search seem segment separate serve settle share shift shrink show
slice slide slip slow sort specify spike stack stand start state stay stop stretch suggest sum summarise
summarize supply support suppose surge tabulate talk tally target tell thank tie total touch track trail transact
transfer trend trim triple try turn type underlie underperform understand update use vary verify view visit wait walk
want warrant watch weigh wish wonder work worsen
express state quote phrase word spell print download email mail forward flag circle underline tick jot note pin
recap refresh rerun retry redo recheck recompute recalculate reconcile review skim browse peek glimpse cross-check
boil spare hurry rush head lean tend seem prove strike trace track chase crank churn-out whip knock land settle
lump combine merge blend stack pile pack roll bring tidy clean trim round reorder resort rearrange regroup restate
assist guide teach illustrate visualise visualize demonstrate exhibit
""".split()
_IRREGULAR = """
become became becoming becomes coming comes going arise arose arising arises
begin began begun beginning begins break broke broken breaking breaks bring brought bringing brings build built
building builds buy bought buying buys choose chose chosen choosing chooses cut cutting cuts draw drew drawn drawing
draws drive drove driven driving drives eat ate eaten eats feel felt feeling feels find found finding finds fly flew
get got gotten getting gets give gave given giving gives go went gone going goes hear heard hearing hears hit hitting
hits keep kept keeping keeps know knew known knowing knows lay laid lays lead led leading leads leave left leaving
leaves let letting lets lie lay lain lying lies lose lost losing loses make made making makes mean meant meaning means
meet met meeting meets pay paid paying pays put putting puts read reading reads ride rode run ran running runs say
said saying says see saw seen seeing sees sell sold selling sells send sent sending sends set setting sets shrink
shrank shrunk shrinks sink sank sunk sinking sinks sit sat sitting sits sleep slept slide slid speak spoke spoken
speaking speaks spend spent spending spends split splitting splits spread stand stood standing stands stick stuck
take took taken taking takes teach taught tell told telling tells think thought thinking thinks throw threw thrown
understand understood grown shown drawn gone done seen known wear wore win won winning wins write wrote
written writing writes
""".split()


def common_verbs() -> frozenset[str]:
    """Every form of every verb here, lower case."""
    forms = set(_IRREGULAR)
    for verb in _REGULAR:
        forms |= {verb, third_person(verb), *_past_and_participle(verb)}
    return frozenset(forms)


def forms_of(verb: str) -> frozenset[str]:
    """A regular verb in all its forms."""
    return frozenset((verb, third_person(verb), *_past_and_participle(verb)))


def third_person(verb: str) -> str:
    """goes, carries, ranks."""
    if verb.endswith(("s", "x", "ch", "sh", "z")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeiou" else verb + "s"


def _past_and_participle(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied", verb + "ing"
    is_short = len(verb) > 2 and verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" and verb[-3] not in "aeiou"
    doubled = (verb + verb[-1] + "ed", verb + verb[-1] + "ing") if is_short else ()
    return verb + "ed", verb + "ing", *doubled
