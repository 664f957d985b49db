from odoo import fields, models
from odoo.tools import SQL

from ...constants import PENDING_REQUEST

# of two statuses the one further to the right binds
STATUS_STRICTNESS = ["duplicate", "active", "stopped", "erased"]


class ConsentSubjectMixin(models.AbstractModel):
    """Merging: every event stays, the stricter answer wins."""

    _inherit = "consent.subject.mixin"

    def _privacy_absorb_on_merge(self, sources):
        """Take over consents and status of subjects that are merged into this one.

        The events of a source stay under its own id; a "merge" event links them.
        "No" wins over "yes", an answer over none, having been asked over not. A "yes"
        given at another address is not this person's.

        :param sources: subjects that are about to be deleted
        """
        self.ensure_one()
        self.env["consent.delivery"]._narrow(sources, self)
        self._privacy_revoke_links_of(sources)
        doubted = self._privacy_addresses_to_doubt(sources)
        for source in sources:
            self._privacy_merge_withheld(source)
            self.env["consent.record"]._apply_changes(
                self._consent_merge_sql(source),
                answered_at=SQL("change.answered_at"),
                **self._privacy_who_links(),
            )
        self._consent_merge_preferences(sources)
        self.env["consent.record"]._merge_peace(self, sources)
        self._privacy_merge_relationships(sources)
        moments = (self | sources).sudo().mapped("consent_requested_at")
        self._consent_mark_requested(max(filter(None, moments), default=None))
        asked = self.env["privacy.request.subject"]
        stays_stopped = asked._is_stopped_besides(self | sources)
        strictest = self._privacy_status_with(sources)
        stopped = sources.sudo().filtered(lambda s: s.privacy_status == "stopped")
        self._privacy_set_status(
            strictest,
            self.env._("Contacts were merged into this one."),
            suppressed=bool(stopped) and stopped == stopped._privacy_suppressed(),
        )
        # their status is ours now, and lets them be deleted
        sources._privacy_set_status_where(
            "duplicate",
            self.env._("The contact was merged into another one."),
            SQL("id = ANY(%s) AND privacy_status = 'stopped'", sources.ids),
        )
        self.env["privacy.request"]._move(sources, self)
        if stays_stopped:
            asked._of(self, "stop", PENDING_REQUEST)._set({"has_locked": False})
        self.env["consent.delivery"]._move(sources, self)
        self._privacy_opt_out_with(sources)
        if doubted:
            self._privacy_doubt_address_of(doubted)

    def _privacy_status_with(self, sources):
        """Of who was erased nothing is left that a status could protect: their refusals
        come over, and the suppression list knows their address. Who lives stays alive
        (ERA-2).

        :return: the status of all of these in one
        """
        statuses = set(sources.sudo().mapped("privacy_status")) - {"erased"}
        return max({self.sudo().privacy_status, *statuses}, key=STATUS_STRICTNESS.index)

    def _privacy_revoke_links_of(self, sources):
        """What was revoked of people who are merged into this one stays so, although
        their links lead here now."""
        # superuser: no group may read the version
        known = (self | sources).sudo().mapped("preferences_version")
        while (self.sudo().preferences_version or 0) < max(known):
            self._privacy_revoke_links()

    def _privacy_addresses_to_doubt(self, sources):
        """:return: list of the addresses at which people were asked or have answered
        who are merged into this one, and which this one has not (IDN-3)"""
        # superuser: an address that the user may not read still identifies the person
        own, now = self.sudo()[self._consent_email_field], fields.Datetime.now()
        formers = [
            former
            for source in sources._privacy_answered()
            for former in source._privacy_bound_addresses(
                source[self._consent_email_field] or "", now
            )
        ]
        # who has none gets that of the source, or has to prove another one
        return [former for former in formers if former != own]

    def _privacy_merge_withheld(self, source):
        """Withhold of this subject what is, or would be, withheld of the source. Where
        a value is withheld of both, or is still here, ours is the one that counts."""
        # superuser: nobody has a right on what is withheld
        sealed = self.env["consent.sealed.value"].sudo()
        purposes = self.env["consent.purpose"].sudo()  # superuser: as above
        for purpose in purposes.browse(self._consent_waiting_after(source)):
            source._privacy_withhold_field(purpose)
        sealed._move(self._name, source.id, self.id)

    def _consent_waiting_after(self, source):
        """:return: ids of the data consents that both will be waiting for once merged,
        and that withhold values"""
        self.env["consent.purpose"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT merged.purpose_id
                  FROM (%s) AS merged
                  JOIN consent_purpose purpose ON purpose.id = merged.purpose_id
                 WHERE merged.value = 'waiting' AND purpose.active
                   AND purpose.field_id IS NOT NULL AND purpose.default_selection = 'no'
                """,
                self._consent_merge_sql(source),
            )
        )
        return [purpose_id for (purpose_id,) in rows]

    def _privacy_may_yes_cross_on_merge(self, source):
        """:return: (whether a "yes" of the source may come over, at which address): who
        has none, and has never said anything at one, gets that of the source"""
        # superuser: as above
        own = self.sudo()
        address = own[own._consent_email_field]
        theirs = source.sudo()[own._consent_email_field] or ""
        if address:
            return self._privacy_may_yes_cross(source), address
        is_new = not own.proven_email and not self._privacy_answered()
        return bool(is_new and theirs and source._privacy_proven()), theirs

    def _consent_merge_sql(self, source):
        """One change per purpose that the source has a consent for."""
        may_cross, address = self._privacy_may_yes_cross_on_merge(source)
        digest = SQL("%s", self.env["consent.event"]._address_hash(address))
        proven = self._consent_given_at_sql("source", digest)
        return SQL(
            """
            SELECT theirs.purpose_id, %(model)s AS res_model, %(id)s AS res_id,
                   'merge' AS kind,
                   CASE WHEN 'refused' IN (theirs.answer, said.answer) THEN 'refused'
                        WHEN 'granted' IN (theirs.answer, said.answer) THEN 'granted'
                        WHEN 'waiting' IN (theirs.value, ours.value) THEN 'waiting'
                        WHEN 'applicable' IN (theirs.value, ours.value)
                        THEN 'applicable'
                        ELSE 'not_applicable' END AS value,
                   CASE WHEN said.answer = 'refused'
                          OR said.answer IS NOT NULL AND theirs.answer IS NULL
                          OR said.answer = theirs.answer
                        THEN ours.notice_id ELSE theirs.notice_id END AS notice_id,
                   %(source_id)s AS merged_res_id, theirs.answered_at
              FROM consent_record source
         LEFT JOIN LATERAL (%(said_there)s) AS there ON TRUE
        CROSS JOIN LATERAL (
                   SELECT source.purpose_id, source.notice_id, there.answered_at,
                          CASE WHEN %(may_cross)s OR there.answer = 'refused'
                               THEN there.answer END AS answer,
                          CASE WHEN %(may_cross)s OR source.value <> 'granted'
                               THEN source.value END AS value) AS theirs
         LEFT JOIN consent_record ours
                ON ours.res_model = source.res_model AND ours.res_id = %(id)s
               AND ours.purpose_id = source.purpose_id
         LEFT JOIN LATERAL (%(said_here)s) AS said ON TRUE
             WHERE source.res_model = %(model)s AND source.res_id = %(source_id)s
            """,
            may_cross=SQL("(%s AND %s)", may_cross, proven),
            said_there=self.env["consent.record"]._said_sql("source"),
            said_here=self.env["consent.record"]._said_sql("ours"),
            model=self._name,
            id=self.id,
            source_id=source.id,
        )
