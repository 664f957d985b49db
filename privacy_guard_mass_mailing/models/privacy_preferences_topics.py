from odoo import api, models

from odoo.addons.privacy_guard.extending import BY_LOGIN, is_id

# what is posted of a topic: on the list, or not
MEMBER = {"yes": True, "no": False}


class PrivacyPreferencesPage(models.AbstractModel):
    """Topics of a question about messages (PRF-2): the public lists that rely on it.
    Leaving one is a no, and joining one takes the proof that a yes takes: the link that
    was mailed to the address."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _offer_less(self, questions, subjects):
        result = super()._offer_less(questions, subjects)
        topics = self._topics([question["id"] for question in questions])
        member_of = self._member_of(topics, subjects)
        by_login = self.env.context.get(BY_LOGIN)
        for question in questions:
            own = topics.filtered(
                lambda t, q=question: t.privacy_purpose_id.id == q["id"]
            )
            if by_login:
                own &= member_of
            options = [self._topic_option(topic, topic in member_of) for topic in own]
            if options:
                less = self._less(question["id"], options)
                question["less"] = [*question.get("less", ()), *less]
        return result

    @api.model
    def _topics(self, purpose_ids):
        """:return: the lists that people choose among; none where there is one alone"""
        # superuser: public lists are for the public
        lists = self.env["mailing.list"].sudo()
        public = [("is_public", "=", True), ("privacy_purpose_id", "in", purpose_ids)]
        by_purpose = lists.search(public).grouped("privacy_purpose_id").values()
        return lists.union(*(some for some in by_purpose if len(some) > 1))

    @api.model
    def _member_of(self, topics, subjects):
        """:return: those of the topics that the person is on"""
        present = topics._privacy_subscriptions(subjects)
        return present.filtered(lambda row: not row.opt_out).list_id

    @api.model
    def _topic_option(self, topic, is_member):
        """:return: as of ``_less_options``"""
        name = f"topic-{topic.id}"
        if is_member:
            return name, topic.name, None, {"no": self._less_label(name, "no")}
        return name, topic.name, "no", {"yes": self._less_label(name, None)}

    # ------------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------------

    @api.model
    def _wish(self, name, value):
        if not name.startswith("topic-"):
            return super()._wish(name, value)
        if value not in MEMBER:
            raise ValueError("neither on the list nor off it")
        return {name: MEMBER[value]}

    @api.model
    def _parse_less(self, form, questions):
        """A no to a topic counts, whether it is still offered or not."""
        wishes = super()._parse_less(form, questions)
        # superuser: as above
        lists = self.env["mailing.list"].sudo()
        for name, value in form.items():
            topic, _separator, number = name.partition("_")
            list_id = topic.removeprefix("topic-")
            if value == "no" and topic != list_id and is_id(list_id):
                of_question = ("privacy_purpose_id", "=", int(number))
                if lists.search_count([("id", "=", int(list_id)), of_question]):
                    wishes.setdefault(int(number), {})[topic] = False
        return wishes

    @api.model
    def _split_topics(self, wishes):
        """:param dict wishes: of ``_parse_less``
        :return: {id of a list: whether to be on it}, the other wishes"""
        topics, others = {}, {}
        for purpose_id, wish in wishes.items():
            own = {name for name in wish if name.startswith("topic-")}
            topics |= {int(name.partition("-")[2]): wish[name] for name in own}
            if rest := {name: wish[name] for name in wish.keys() - own}:
                others[purpose_id] = rest
        return topics, others

    @api.model
    def _widens(self, subjects, wishes):
        topics, others = self._split_topics(wishes)
        return any(topics.values()) or super()._widens(subjects, others)

    @api.model
    def _save_less(self, subjects, wishes, *, may_widen=True, **how):
        topics, others = self._split_topics(wishes)
        recorded = super()._save_less(subjects, others, may_widen=may_widen, **how)
        # superuser: as above
        lists = self.env["mailing.list"].sudo()
        left = lists.browse(id_ for id_, member in topics.items() if not member)
        joined = lists.browse(id_ for id_, member in topics.items() if member)
        if not (may_widen and how.get("by_address")):
            joined = lists
        left, joined = self._leave(left, subjects), self._join(joined, subjects)
        self._note_topics(left, joined, subjects, **how)
        return recorded + len(left | joined)

    @api.model
    def _leave(self, lists, subjects):
        """:return: those of the lists that the person was on"""
        present = lists._privacy_subscriptions(subjects)
        left = present.filtered(lambda row: not row.opt_out)
        left.opt_out = True
        return left.list_id

    @api.model
    def _join(self, lists, subjects):
        """:return: those of the lists that the person was not on; none of a consent
        that they refuse, or after a stop"""
        proven = self.env["privacy.preferences.link"]._proven(subjects)
        consents = [p._consent_applying() for p in proven] if lists else []
        allowed = {
            consent.purpose_id.id
            for some in consents
            for consent in some
            if consent.value != "refused"
        }
        lists = lists.filtered(lambda one: one.privacy_purpose_id.id in allowed)
        joined = lists - self._member_of(lists, subjects)
        address = proven and proven[0][:1][proven[0]._consent_email_field]
        if not (joined and address) or self.env["privacy.gate"]._has_stopped(address):
            return lists[:0]
        joined._privacy_join(address)
        return joined

    @api.model
    def _note_topics(self, left, joined, subjects, **how):
        """An event of each consent says what was chosen."""
        for persons in subjects if left | joined else ():
            notes = {}
            for consent in persons._consent_applying():
                off, on = self._names(left, consent), self._names(joined, consent)
                parts = [
                    off and self.env._("Topics left: %s", off),
                    on and self.env._("Topics joined: %s", on),
                ]
                if note := "; ".join(filter(None, parts)):
                    notes[consent] = note
            persons._consent_note_preferences(notes, **how)

    @api.model
    def _names(self, lists, consent):
        own = lists.filtered(lambda o: o.privacy_purpose_id == consent.purpose_id)
        return ", ".join(own.mapped("name"))

    @api.model
    def _add_less(self, lines, subjects):
        """Which topics the person is not on, too."""
        lines = super()._add_less(lines, subjects)
        topics = self._topics([line["id"] for line in lines])
        absent = topics - self._member_of(topics, subjects)
        for line in lines:
            off = [
                f"{topic.name}: {self._less_label('topic', 'no')}"
                for topic in absent
                if topic.privacy_purpose_id.id == line["id"]
            ]
            line["less"] = " · ".join(filter(None, (line["less"], *off)))
        return lines
