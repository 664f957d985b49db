from odoo import api, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """What a relationship with the company allows (TIM-3)."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_relationships_sql(self, within):
        """The hook for modules that know of purchases and inquiries. What it selects is
        looked at by :meth:`_privacy_renew_relationships`, and of everybody by the daily
        run, in batches.

        :param SQL within: what the ids of the subjects must meet, such as ``= ANY(…)``
        :return: list of SQL selects of (id of the subject, "purchase" or "inquiry",
            when it was, in UTC, id of the company or NULL, reference of the record as
            "sale.order,42"); what they read is flushed
        """
        return []

    def _privacy_renew_relationships(self, withdrawn=()):
        """To be called by modules on all people who have just bought or inquired
        something, or whose purchase is called off, once it is recorded. One statement
        for any number of people; nobody who has said no, who has stopped or was erased
        is related by it.

        :param withdrawn: references of what is no purchase, or no inquiry, any more
        """
        if not self or not self.env["privacy.gate"]._is_enabled():
            return
        purposes = self.env["consent.purpose"]._active_for(self._name)._implied()
        if not purposes:
            return
        # superuser: what a purchase allows depends on nobody's rights
        records = self.env["consent.record"].sudo()
        within = SQL("= ANY(%s)", self.ids)
        self.env["consent.evidence"].flush_model()
        condition = SQL(
            "record.res_model = %s AND record.res_id %s AND evidence.note = ANY(%s)",
            self._name,
            within,
            list(withdrawn),
        )
        resting = records._resting_sql(condition)
        rows = self.env.execute_query(resting) if withdrawn else ()
        # a yes that is over is settled before what came after it
        records._end_over(self._name, purposes, within)
        records._relate(
            self._name,
            purposes,
            within,
            withdrawn=[id_ for (id_,) in rows],
            **self._privacy_who_links(),
        )

    def _privacy_unrelate_former_addresses(self):
        """A purchase allows messages to the address that the person had then: another
        one may be anybody's."""
        if not self.env["consent.purpose"]._any_implied():
            return
        digests = self._consent_address_hashes()
        present = [digests.get(id_, "") for id_ in self.ids]
        condition = SQL(
            """record.res_model = %s AND EXISTS (
                   SELECT FROM unnest(%s::int[], %s::text[]) AS present (id, digest)
                    WHERE present.id = record.res_id
                      AND present.digest IS DISTINCT FROM event.address_hash)""",
            self._name,
            self.ids,
            present,
        )
        # superuser: whoever changes an address need not read the consents
        records = self.env["consent.record"].sudo()
        resting = SQL("id IN (%s)", records._resting_sql(condition))
        records._unrelate(resting, **self._privacy_who_links())

    def _privacy_merge_relationships(self, sources):
        """Of merged people what allows messages longest does.

        :param sources: subjects that are about to be deleted
        """
        self.ensure_one()
        self.env["consent.evidence"].flush_model()
        # superuser: as with their answers
        records = self.env["consent.record"].sudo()
        purposes = self.env["consent.purpose"]._active_for(self._name)._implied()
        if not purposes:
            return
        select = SQL(
            """
            SELECT %s::int, theirs.related_by, theirs.related_at, purpose.company_id,
                   -- the order itself, so that it can still be called off
                   (SELECT evidence.note
                      FROM consent_event event JOIN consent_evidence evidence
                        ON evidence.digest = event.evidence_hash
                     WHERE event.res_model = theirs.res_model
                       AND event.res_id = theirs.res_id
                       AND event.purpose_id = theirs.purpose_id
                       AND event.kind = theirs.related_by
                  ORDER BY event.sequence DESC LIMIT 1)
              FROM consent_record theirs
              JOIN consent_purpose purpose ON purpose.id = theirs.purpose_id
             WHERE theirs.res_model = %s AND theirs.res_id = ANY(%s)
               AND theirs.value IN ('applicable', 'waiting')
               AND theirs.related_by IS NOT NULL
            """,
            self.id,
            self._name,
            sources.ids,
        )
        how = self._privacy_who_links()
        records._relate_by(self._name, purposes, [select], merged=sources.ids, **how)
