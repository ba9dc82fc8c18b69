"""What the brand publishes in groups: a message of an occasion, whether it goes out in a group, and how its guide puts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sim.brand.accounts import Accounts
from sim.brand.actions import Due
from sim.brand.guides import NOBODY, Team
from sim.brand.keeping import Keeping
from sim.brand.restraint import Restraint
from sim.brand.rhythm import Creatives
from sim.codes import MESSAGE_KINDS
from sim.encode import topic_vector
from sim.ledger import Deed, PostNote
from sim.touch import MessageSpec

#: For no topic another one.
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Publishing(Keeping):
    """Verbs for messages in groups."""

    guides: Team
    accounts: Accounts
    creatives: Creatives
    restraint: Restraint
    #: How many mass messages a group has had on a day, shared with the history: the platform counts on.
    _mass_group: dict[tuple[int, int], int]
    _turns: dict[str, int]
    _topics: dict[tuple[str, str | None], Any]

    def message(self, due: Due, *, kind: str, column: str, part: str = "", product: str | None = None, **values: Any) -> MessageSpec:
        """Return a message of an occasion."""
        brand = self.scenario.brand
        about = (column, product)
        if about not in self._topics:
            topics = topic_vector(brand, brand.columns[column].topics)
            if product is not None:
                own = topic_vector(brand, list(brand.products.values())[brand.product_index(product)].topics)
                topics = 0.5 * topics + 0.5 * own
            self._topics[about] = topics
        quality = values.pop("quality", None)
        creative, version = self.creatives.of(due.item, due.hour)
        return MessageSpec(
            key=self.key(due, part),
            kind=MESSAGE_KINDS.index(kind),
            topics=self._topics[about],
            quality=brand.columns[column].quality if quality is None else quality,
            creative=creative,
            version=version,
            slot=self.slots.get(due.item, -1) if self._at_its_hour(due) else -1,
            **{"appeal": 0.0, **values},
        )

    def _at_its_hour(self, due: Due) -> bool:
        """Return whether it is the minute of the occasion: announcements come before it, further posts after it."""
        return round(self.hour * 60) == round(due.hour * 60)

    def _within_caps(self, due: Due, group: int, delivery: str) -> bool:
        """Return whether the platform lets a message out to a group; a refusal is recorded."""
        if delivery == "staff":
            return True
        key = (group, int(self.hour // 24))
        if self._mass_group.get(key, 0) >= self.scenario.strategy.caps.mass_per_group_day:
            self._keep_back(due, group)
            return False
        self._mass_group[key] = self._mass_group.get(key, 0) + 1
        return True

    def _within_rules(self, due: Due, group: int, spec: MessageSpec) -> bool:
        """Return whether the strategy's own rules let a message out to a group; a refusal is recorded."""
        if self.restraint.stops:
            self.community.catch_up(self.hour)
        reason = self.restraint.refusal(self.community, due.item, group, self.hour, sells=spec.offer >= 0)
        if reason:
            self._keep_back(due, group, reason)
        return not reason

    def _keep_back(self, due: Due, group: int, reason: str = "cap of the platform") -> None:
        """Record that a message was kept back from a group, from people in it, or from people in none (-1)."""
        self.refuse(self.hour, due.item, "message", group, reason, 0.0)
        self._miss(due, group)

    def _miss(self, due: Due, group: int) -> None:
        """Let a group feel that an occasion does not come, if this is its hour. People in none (-1) expect nothing at fixed hours."""
        if group >= 0 and self._at_its_hour(due):
            self._break_promise(due.item, group)

    def _guides(self) -> dict[int, int]:
        """Return the guide of each group."""
        return {group: guide for guide, group in enumerate(self.community.community_groups())}

    def _reached(self, due: Due, spec: MessageSpec, delivery: str, groups: Iterable[int]) -> Iterator[tuple[int, MessageSpec]]:
        """Yield in which of some groups a message of an occasion goes out, and what it is there: guides do it or not, well or badly."""
        guides, hour, sells = self._guides(), self.hour, spec.offer >= 0
        for group in groups:
            guide = guides[group]
            goes_out = self._goes_out(due, guide, group, spec) and self._within_rules(due, group, spec)
            if goes_out and self._within_caps(due, group, delivery):
                self.restraint.count(group, hour, sells=sells)
                self.accounts.write(self._account(guide), group, hour)
                yield group, self._told_by(guide, spec)

    def _goes_out(self, due: Due, guide: int, group: int, spec: MessageSpec) -> bool:
        """Return whether a guide carries an occasion out and their account may write; what does not go out is recorded."""
        booked = -1 if guide == NOBODY else group
        if not (self.guides.reliable or self._carries_out(due, guide, group)):
            self.ledger.deeds.append(Deed(self.hour, due.item, MESSAGE_KINDS[spec.kind], booked, "skipped", "not carried out", 0.0))
        elif self.accounts.is_banned(self._account(guide), self.hour):
            self.refuse(self.hour, due.item, "message", booked, "account banned", 0.0)
        else:
            return True
        self._miss(due, booked)
        return False

    def _carries_out(self, due: Due, guide: int, group: int) -> bool:
        """Return whether a guide, who may not be reliable, carries an occasion out in a group."""
        begins_h = due.hour - self.scenario.strategy.items[due.item].lead_hours()
        return self.guides.carries_out(guide, self.key(due), begins_h, self.community.type_of(group))

    def _account(self, guide: int) -> str:
        """Return the name of the account that a guide writes from; people in no group hear from the brand's."""
        return "brand" if self.scenario.strategy.account == "brand" or guide == NOBODY else f"guide {guide}"

    def _told_by(self, guide: int, spec: MessageSpec) -> MessageSpec:
        """Return a message as the guide of a group puts it."""
        skill = self.guides.skill(guide)
        return spec if skill == 1.0 else replace(spec, quality=min(1.0, skill * spec.quality))

    def publish(self, due: Due, told: Iterable[tuple[int, MessageSpec]], column: str) -> None:
        """Publish a message in groups, as it is put in each; see :meth:`sim.community.Community.publish`."""
        published = list(told)
        for group, spec in published:
            self._note_done(due, group, spec, column)
        if published:
            self.community.publish(published, self.items.index(due.item))

    def _note_done(self, due: Due, group: int, spec: MessageSpec, column: str) -> None:
        self._note(due, spec, column)
        self.ledger.deeds.append(Deed(self.hour, due.item, MESSAGE_KINDS[spec.kind], group, "done", "", 0.0))

    def _note(self, due: Due, spec: MessageSpec, column: str) -> None:
        self.ledger.posts.append(PostNote(self.hour, due.item, MESSAGE_KINDS[spec.kind], column))

    def turn(self, due: Due) -> int:
        """Count the occasions of an item, and return which this one is, from 0."""
        self._turns[due.item] = self._turns.get(due.item, -1) + 1
        return self._turns[due.item]

    def publish_everywhere(
        self,
        due: Due,
        *,
        kind: str,
        column: str,
        delivery: str,
        by_tag: Mapping[str, str] = NOTHING,
        product: str | None = None,
        product_by_tag: Mapping[str, str] = NOTHING,
        offers: Mapping[str, int] = NOTHING,
        offer: int = -1,
        **values: Any,
    ) -> None:
        """Publish one message in every group, where the platform lets it out.

        ``by_tag`` has another column for groups about a topic, ``product_by_tag`` another product, whose offer is among ``offers``.
        """
        versions: dict[tuple[str, str | None], list[int]] = {}
        for group in self.reach(due):
            topic = self._topic_of(group) if by_tag or product_by_tag else ""
            versions.setdefault((by_tag.get(topic, column), product_by_tag.get(topic, product)), []).append(group)
        for (content, goods), groups in versions.items():
            spec = self.message(due, kind=kind, column=content, product=goods, offer=offers.get(goods or "", offer), **values)
            self.publish(due, self._reached(due, spec, delivery, groups), content)

    def _topic_of(self, group: int) -> str:
        """Return the topic by which a group of a type gathers people, by tag or by interest; empty if it gathers them by something else."""
        group_type = self._type_of(group)
        place = int(self.community.world.groups[group]["attribute"])
        known = group_type is not None and group_type.form_by in ("tag", "interest") and place >= 0
        return list(self.scenario.brand.topics)[place] if known else ""
