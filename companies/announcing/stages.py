"""Which action an act is, and how far it has come: by negation, tense and what governs it.

- *ne livre plus*, *no longer sells*, *stops selling*, *won’t accept new customers* suspend;
- a withdrawal denied (*ne quittera pas*, "has no plans to leave", "denies leaving",
  *renonce à quitter*) is `continue`; *pas encore* and a resumption denied say nothing;
- future, present and what is decided are announced; what has been done is in effect, and
  completed where the company has left; *commencer* is in effect, *achever* completed.
"""

from companies.announcing.acts import BEGIN, CEASE, CONSIDER, DENY, FINISH, KEEP, NOUN, PLAN, SAY
from companies.announcing.verbs import Tense

WITHDRAWALS = ("exit", "suspend", "scale_back")
NEWLY = frozenset(
    "nouveaux nouvelles nouveau nouvelle nouvel new further any more additional".split()
)
ABSENT = frozenset("opérer operate exercer présent present".split())  # no longer: it has left


def action_of(scene, act, spot, frame, first) -> str:
    """The action, before a denial turns it; "" where the act is none here."""
    senses = frame.senses()
    if act.kind != "trade":
        return "" if CEASE in senses and act.action not in WITHDRAWALS else act.action
    if CEASE in senses:
        return "" if frame.negated else "suspend"
    if _no_more(scene, spot, frame, first):
        return "exit" if act.lemma in ABSENT else "suspend"
    goes_on = KEEP in senses or _still(scene, spot)
    return "continue" if goes_on and not frame.negated else ""


def _still(scene, spot):
    """*still sells*, *vend toujours*."""
    if scene.language == "en":
        return "still" in scene.words[spot - 2 : spot]
    return scene.words[spot + 1 : spot + 2] == ["toujours"]


def _no_more(scene, spot, frame, first):
    """*ne … plus*, *no longer*, and *will not accept new customers*."""
    if scene.language == "fr":
        near = scene.words[max(first, spot - 6) : spot]
        more = frame.no_more or "plus" in scene.words[spot + 1 : spot + 3]
        if more and ("ne" in near or "n" in near):
            return True
    elif frame.no_more or (frame.negated and _anymore(scene, spot)):
        return True
    ahead = scene.words[spot + 1 : spot + 4]
    return frame.negated and not frame.have and not NEWLY.isdisjoint(ahead)


def _anymore(scene, spot):
    line = " ".join(scene.words[spot : spot + 12])
    return any(form in line for form in ("anymore", "any more", "any longer"))


def turned(act, action, frame, passive) -> tuple[str, str]:
    """(action, stage) with negation; ("", "") where nothing is said."""
    senses = frame.senses()
    if act.kind == "trade":
        return action, _stage_of_trade(act, action, frame)
    if frame.no_more:
        return "", ""
    denied = frame.negated != bool(senses & {DENY, CEASE})
    if not denied:
        return action, _stage(act, action, frame, passive)
    if frame.yet or action not in WITHDRAWALS:
        return "", ""
    done = act.tense in (Tense.DONE, Tense.INFINITIVE) and frame.have and PLAN not in senses
    return "continue", "in_effect" if done else "announced"


def _stage_of_trade(act, action, frame):
    over = [(sense, tense) for sense, tense in frame.governors if sense in (CEASE, KEEP)]
    tense = over[0][1] if over else act.tense
    if frame.senses() & {PLAN, CONSIDER, "would"} or tense in (Tense.FUTURE, Tense.CONDITIONAL):
        return "announced"
    if action == "continue":
        return "in_effect"
    if over and tense in (Tense.PRESENT, Tense.INFINITIVE, Tense.GERUND) and not frame.have:
        return "announced"  # stops selling
    return "completed" if action == "exit" else "in_effect"


def _stage(act, action, frame, passive):
    senses, tense = frame.senses(), act.tense
    if FINISH in senses:
        return "announced" if senses & {PLAN, CONSIDER} else "completed"
    if BEGIN in senses:
        return "announced" if senses & {PLAN, CONSIDER} else "in_effect"
    if tense == Tense.INFINITIVE and frame.have and not frame.to and not senses:
        tense = Tense.DONE  # *has cut*
    planned = PLAN in senses and not frame.perfect
    if planned or (senses & {CONSIDER, "would"} and not (tense == Tense.DONE and frame.have)):
        return "announced"
    if tense in (Tense.FUTURE, Tense.CONDITIONAL, NOUN):
        return "announced"
    if action == "continue":
        return "announced" if frame.to and KEEP not in senses else "in_effect"
    if act.lemma.endswith(("en vente", "for sale")):
        return "announced"
    if passive:
        return "announced" if frame.to_come else "in_effect"
    done = "completed" if action == "exit" and act.kind in ("from", "sell") else "in_effect"
    if tense == Tense.DONE or (tense == Tense.GERUND and frame.had):
        return done
    if tense == Tense.PAST:
        return "announced" if SAY in senses or frame.reported else done
    return "announced"
