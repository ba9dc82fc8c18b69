"""By which means a plan is carried out: people, groups, contacts, money, and what it forbids itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.strategies.plan import Plan
from experiments.strategies.section import Section
from experiments.strategies.words import duration, number, value

__all__ = ["groups", "leads", "money", "rules", "staff"]

_LIMITS = {
    "messages_per_group_day": "messages to a group a day",
    "offers_per_group_week": "messages with an offer to a group within 7 days",
    "letters_per_person_week": "personal messages to somebody within 7 days",
}
_CONDITIONS = {
    "muted_share": "more than {} of members have muted it",
    "week_exits_share": "more than {} left within a week",
    "week_writers_share": "fewer than {} of members wrote within a week",
}
_GATES = {"fee": "fee_yuan", "task": "effort_yuan", "invitation": "trouble_yuan"}


def groups(plan: Plan) -> Iterator[Section]:
    """Describe types of groups, and who keeps order in ordinary ones."""
    types = plan.strategy.get("groups") or {}
    if types:
        columns = ("type", "kind", "who is sent there", "gate", "members", "likeness", "order")
        yield Section("Types of groups", columns, tuple(_type(name, own) for name, own in types.items()))
    kept = _moderation(plan.strategy.get("moderation") or {})
    if kept:
        yield Section("Ordinary groups", rows=(("order", kept),))


def _type(name: str, own: Mapping[str, Any]) -> tuple[str, ...]:
    gate = own.get("gate") or {}
    cost = f" ({number(gate[_GATES[gate['kind']]])} yuan)" if gate.get("kind") in _GATES else ""
    sent = " / ".join(own.get("channels") or []) or "whom items send"
    invited = f"; invited people go to {own['invitees_to']}" if own.get("invitees_to") else ""
    full = f"{own.get('capacity')}, then {'parted in two' if own.get('split') else 'the next opens'}"
    return (
        *(name, str(own.get("kind")), f"{sent}{invited}", f"{gate.get('kind', 'free')}{cost}", full, str(own.get("form_by"))),
        _moderation(own.get("moderation") or {}) or "nobody keeps it",
    )


def _moderation(own: Mapping[str, Any]) -> str:
    words = []
    if own.get("removed_share"):
        words.append(f"{number(100 * own['removed_share'])} % of adverts removed after {number(own['delay_minutes'])} minutes")
    if own.get("found_per_day"):
        words.append(f"infiltrators found at {number(own['found_per_day'])} a day")
    if own.get("yuan_per_day"):
        words.append(f"{number(own['yuan_per_day'])} yuan a day and group")
    return ", ".join(words)


def rules(plan: Plan) -> Iterator[Section]:
    """Describe what the strategy forbids itself, and the caps of the platform."""
    own, caps = plan.strategy.get("rules") or {}, plan.strategy.get("caps") or {}
    rows = [(f"{words} at most", number(own[key])) for key, words in _LIMITS.items() if own.get(key) is not None]
    rows += [(f"stop {name}", _stop(stop)) for name, stop in (own.get("stops") or {}).items()]
    if caps:
        limits = (number(caps[key]) for key in ("mass_per_group_day", "mass_per_person_day"))
        rows.append(("mass messages a day at most", "{} to a group, {} to a person".format(*limits)))
    if rows:
        yield Section("Rules", rows=tuple(rows))


def _stop(stop: Mapping[str, Any]) -> str:
    reasons = [words.format(f"{number(100 * stop[key])} %") for key, words in _CONDITIONS.items() if stop.get(key) is not None]
    what = [*(f"every {kind}" for kind in stop.get("kinds") or []), *(stop.get("items") or [])]
    return f"{', '.join(what)} in a group of which {' or '.join(reasons)}"


def staff(plan: Plan) -> Iterator[Section]:
    """Describe who works: the payroll, the desk that answers, the guides of groups."""
    own, desk = plan.strategy.get("staff") or {}, plan.strategy.get("desk") or {}
    wage = float((plan.values.get("brand") or {}).get("wage_yuan_per_day") or 0.0)
    rows = []
    if "people" in own:
        people = float(own["people"])
        paid = f", {number(people * wage)} yuan a day" if wage and people else ""
        rows.append(("payroll", f"{number(people)} full-time{paid}"))
    for name, shift in (desk.get("shifts") or {}).items():
        rows.append((f"desk, shift {name}", f"{number(shift['people'])} people, {shift['when']}"))
    if rows and desk:
        rows += _desk(desk)
    guides = _changed(plan, "guides")
    if guides:
        rows.append(("guides", guides))
    if rows:
        yield Section("Staff", rows=tuple(rows))


def _desk(desk: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    robot = float(desk.get("robot_share") or 0.0)
    if desk.get("shifts"):
        length = f"{number(desk['minutes'])} minutes a conversation"
        coupon = float(desk.get("coupon_yuan") or 0.0)
        terms = f", coupon of {number(coupon)} yuan from {number(desk['floor_yuan'])}, good for {duration(desk['valid'])}" if coupon else ""
        yield "desk", f"{length}, script {number(desk['script'])}, persona {number(desk['persona'])}{terms}"
    if robot:
        yield "robot", f"answers {number(100 * robot)} % of questions at once, script {number(desk['robot_script'])}"
    if not desk.get("shifts") and not robot:
        yield "desk", "nobody answers members' questions"


def _changed(plan: Plan, key: str) -> str:
    """Write what of a group of parameters differs from the model's defaults."""
    fields = plan.fields((key,))
    own = (plan.strategy.get(key) or {}).items()
    return ", ".join(
        f"{name} {value(entry, fields[name].get('unit', ''))}"
        for name, entry in own
        if name in fields and entry != fields[name].get("default")
    )


def leads(plan: Plan) -> Iterator[Section]:
    """Describe the contacts by channel, with what they cost."""
    found = {name: a_day for name, a_day in (plan.strategy.get("leads") or {}).items() if a_day}
    channels = (plan.values.get("brand") or {}).get("channels") or {}
    rows = []
    for name, a_day in found.items():
        each = (channels.get(name) or {}).get("cost_yuan")
        rows.append((name, number(a_day), *(("", "") if each is None else (number(each), number(each * a_day)))))
    if rows:
        yield Section("Contacts", ("channel", "a day", "yuan each", "yuan a day"), tuple(rows))
    elif "leads" in plan.strategy:
        yield Section("Contacts", notes=("There are none: nobody new comes but walk-ins and people whom members invite.",))


def money(plan: Plan) -> Iterator[Section]:
    """Describe what may be spent, and on which terms."""
    budget, referral = plan.strategy.get("budget") or {}, plan.strategy.get("referral") or {}
    rows = []
    for key, words in (("total_yuan", "over the whole run"), ("month_yuan", "in each 30 days")):
        if budget.get(key) is not None:
            rows.append((f"budget {words}", f"{number(budget[key])} yuan"))
    if not rows:
        rows.append(("budget", "no limit"))
    rows += [(f"budget of {name}", f"{number(limit)} yuan over the whole run") for name, limit in (budget.get("items") or {}).items()]
    if "discount_ceiling" in plan.strategy:
        rows.append(("deepest discount allowed", f"{number(100 * plan.strategy['discount_ceiling'])} %"))
    if referral:
        reward, incentive = referral.get("reward_yuan") or 0.0, referral.get("incentive") or 0.0
        words = f"{number(reward)} yuan to who invited somebody, members invite by a factor of {number(1 + incentive)}"
        rows.append(("referral", words if reward or incentive else "no reward"))
    tiers = plan.strategy.get("tiers") or {}
    for name, level in (tiers.get("levels") or {}).items():
        spent = f"from {number(level['spend_yuan'])} yuan within {number(tiers['window_days'])} days"
        rows.append((f"tier {name}", f"{number(100 * level['discount'])} % off everything {spent}"))
    yield Section("Budget", rows=tuple(rows))
