from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_list

# what a ready-made text leaves to fill in
GAP = "[…]"


class ConsentPurpose(models.Model):
    """Publishing: freezing what people are shown."""

    _inherit = "consent.purpose"

    def _publish(self, ask_again=False, in_substance=False):
        """Freeze the text in every installed language as a new version.

        Nothing happens where nothing changed. Answers to an earlier version are
        kept and marked to review, of which the weekly run tells the person; or all
        who answered are asked again (T6). A language that was installed since joins
        the published version: who has answered read the same words as before.

        :param bool ask_again: reset the answers instead of keeping them; who is left in
            peace is asked once that is over (TIM-1)
        :param bool in_substance: whether another thing is asked now, so that peace does
            not bind: who has not answered is asked again, too
        :return: the ``consent.notice`` records made
        :raise UserError: when a purpose has no text, or one with a gap
        """
        made = self.env["consent.notice"]
        for purpose in self:
            purpose._check_text()
            if drafts := purpose._drafts_of_new_languages():
                made |= purpose._freeze(drafts)
            elif drafts := purpose._changed_drafts():
                made |= purpose._freeze(drafts)
                purpose._begin_version(ask_again)
                purpose._review_answers(ask_again, ask_again and in_substance)
        return made

    def _check_text(self):
        if not (self.text or "").strip():
            raise UserError(
                self.env._(
                    "%(name)s has no text: write what the person should read.",
                    name=self.name,
                )
            )
        if languages := self._languages_with_gaps():
            raise UserError(
                self.env._(
                    "%(name)s: the text says %(gap)s where you have to say what only "
                    "you know (%(languages)s).",
                    name=self.name,
                    gap=GAP,
                    languages=format_list(self.env, languages),
                )
            )

    def _languages_with_gaps(self):
        return [
            name
            for code, name in self.env["res.lang"].get_installed()
            if GAP in (self.with_context(lang=code).text or "")
        ]

    def _changed_drafts(self):
        """:return: values of the notices to make, of all languages as soon as one of
        them differs from what is published, else an empty list"""
        self.ensure_one()
        if not (self.text or "").strip():
            return []
        drafts = [
            self._draft(code) for code, _name in self.env["res.lang"].get_installed()
        ]
        published = self._published_texts()
        unchanged = all(
            self._is_text_of(published.get(draft["lang"]), draft) for draft in drafts
        )
        return [] if unchanged else drafts

    def _published_texts(self):
        """:return: {code of a language: notice of the published version}"""
        return {
            notice.lang: notice
            for notice in self.notice_ids
            if notice.version == self.version
        }

    @api.model
    def _is_text_of(self, notice, draft):
        """:return: whether a notice, or None, says what a draft does"""
        content = ("name", "text", "default_selection", "legal_basis")
        return bool(notice) and all(notice[key] == draft[key] for key in content)

    def _draft(self, lang):
        purpose = self.with_context(lang=lang)
        return {
            "purpose_id": self.id,
            "version": self.version + 1,
            "lang": lang,
            "name": purpose.name,
            "text": purpose.text,
            "default_selection": purpose.default_selection,
            "legal_basis": purpose.legal_basis,
        }

    def _freeze(self, drafts):
        now = fields.Datetime.now()
        for draft in drafts:
            draft["published_at"] = now
        # superuser: publishing is the only way to make notices, and nobody may else
        return self.env["consent.notice"].sudo()._freeze(drafts)

    def _begin_version(self, ask_again):
        vals = {"version": self.version + 1}
        if ask_again:
            vals["ask_again_at"] = fields.Datetime.now()
        # past the refusal for everybody else
        models.BaseModel.write(self, vals)
        self._clear_caches()

    @api.model
    def _check_version_unset(self, *vals_list):
        """What is published, and that it is, follows from publishing alone.

        :raise AccessError: one of these has a version
        """
        names = {"version", "ask_again_at", "valid_from"}
        if any(names & vals.keys() for vals in vals_list):
            raise AccessError(
                self.env._("Nobody sets the version of a consent: publish its text.")
            )

    def _review_answers(self, ask_again, in_substance):
        """T6: what becomes of the answers given to an earlier version. A no of late
        stands, unless the text says another thing (TIM-1); where silence allows, any
        does: asked again, who has objected would be written to until they object."""
        if in_substance:
            self.env["consent.peace"]._forget(self)
        changes = SQL(
            """
            SELECT purpose_id, res_model, res_id,
                   CASE WHEN asked_again THEN 'reset' ELSE 'review' END AS kind,
                   CASE WHEN asked_again AND value IN ('granted', 'refused', 'waiting')
                        THEN 'applicable' ELSE value END AS value,
                   NULL::int AS notice_id,
                   NULL::int AS merged_res_id
              FROM consent_record record
        CROSS JOIN LATERAL (
                   SELECT %(again)s AND (%(in_substance)s OR answer = 'granted'
                                         OR NOT %(in_peace)s)
                          AND NOT (%(silence_allows)s AND value = 'refused')
                          AS asked_again) AS review
             WHERE purpose_id = %(purpose_id)s
               -- a yes that has ended is no answer, whatever it has become
               AND (answer IS NOT NULL OR %(again)s AND value = 'refused'
                    OR %(in_substance)s
                       AND (value = 'waiting' OR peace_since IS NOT NULL))
            """,
            again=ask_again,
            in_substance=in_substance,
            silence_allows=self.default_selection == "yes",
            in_peace=self.env["consent.record"]._in_peace_sql("record"),
            purpose_id=self.id,
        )
        return self.env["consent.record"]._apply_changes(
            changes, source="officer", user_id=self.env.uid
        )

    def _answered_count(self):
        """:return: how many persons have answered, for the publishing dialogue"""
        # superuser: the decision concerns contacts the user may not read too
        return (
            self.env["consent.record"]
            .sudo()
            .search_count([("purpose_id", "in", self.ids), ("answer", "!=", False)])
        )

    @api.model
    def _notice_languages(self):
        """:return: languages to look for a text in, best first"""
        return [self.env.lang or "en_US", "en_US"]

    def _current_notices(self):
        """What a person is shown now, in the language of the context, else in
        English, else in any.

        :return: {purpose id: ``consent.notice``, empty where nothing is published}
        """
        preferred = self._notice_languages()
        current = dict.fromkeys(self.ids, self.env["consent.notice"].sudo())
        # superuser: the person reads the text, whoever prepares the page
        for purpose in self.sudo():
            notices = purpose.notice_ids.filtered(
                lambda notice, version=purpose.version: notice.version == version
            )
            by_lang = notices.grouped("lang")
            found = [by_lang[lang] for lang in preferred if lang in by_lang]
            current[purpose.id] = (found or [notices])[0][:1]
        return current
