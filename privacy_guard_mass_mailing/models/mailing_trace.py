from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import FAILURES

from ..scale import CLICKS, IDENTIFIED, LEVELS, OPENINGS, is_hit


class MailingTrace(models.Model):
    """Records of whom may be tracked, and of nobody else."""

    _inherit = "mailing.trace"

    failure_type = fields.Selection(selection_add=FAILURES)

    # How the mail was built, whatever is set later; nothing: by person.
    privacy_openings = fields.Selection(
        LEVELS, "Openings", readonly=True, groups=fields.NO_ACCESS
    )
    privacy_clicks = fields.Selection(
        LEVELS, "Clicks", readonly=True, groups=fields.NO_ACCESS
    )

    # Withdrawing looks for all of one person.
    _privacy_email_idx = models.Index("(email)")
    _privacy_document_idx = models.Index("(res_id, model)")

    def set_opened(self, domain=None):
        tracked = self._privacy_tracked(OPENINGS, domain)
        return super(MailingTrace, tracked).set_opened()

    def set_clicked(self, domain=None):
        tracked = self._privacy_tracked(CLICKS, domain)
        return super(MailingTrace, tracked).set_clicked()

    def _privacy_tracked(self, axis, domain=None):
        """:param str axis: what would be recorded
        :return: those of these traces, and of the domain, that may be written to: they
            were sent to be identified, and the person allows it still"""
        traces = self + (self.search(domain) if domain else self.browse())
        if not is_hit():
            return traces.browse()
        # superuser: how mails were built is nobody's to read
        built = traces.sudo().filtered(lambda t: (t[axis] or IDENTIFIED) == IDENTIFIED)
        traces = built.with_env(self.env)
        addresses = traces._privacy_addresses()
        untracked = self.env["privacy.gate"]._untracked(set(addresses.values()))
        return traces.filtered(lambda trace: addresses.get(trace.id) not in untracked)

    def _privacy_addresses(self):
        """:return: {id: address as `privacy.gate` knows it}: that of the mail, or that
        of the person whom it went to"""
        gate = self.env["privacy.gate"]
        normalised = gate._mail_addresses(self.mapped("email"))
        found = {t.id: normalised[t.email] for t in self if t.email in normalised}
        others = self.filtered(lambda trace: trace.id not in found)
        for model_name, traces in others.grouped("model").items():
            if "email_normalized" not in self.env.get(model_name, self)._fields:
                continue
            # superuser: who was written to, whoever asks
            model = self.env[model_name].sudo().with_context(active_test=False)
            persons = model.search_fetch(
                [("id", "in", traces.mapped("res_id"))], ["email_normalized"]
            )
            by_id = {person.id: person.email_normalized for person in persons}
            found.update({t.id: a for t in traces if (a := by_id.get(t.res_id))})
        return found

    @api.model
    def _privacy_scrub(self, subjects, addresses):
        """Unlink past opens, clicks, IP addresses and countries from people; what
        their mailings add up to stays.

        :param subjects: the people
        :param addresses: theirs, as `privacy.gate` knows them
        """
        self.env.flush_all()
        theirs = self._privacy_source_sql(subjects, addresses)
        self.env.execute_query(self._privacy_scrub_sql(theirs))
        for name in ("link.tracker.click", "mailing.mailing", "mailing.trace"):
            self.env[name].invalidate_model(flush=False)

    @api.model
    def _privacy_scrub_sql(self, theirs):
        """:param SQL theirs: whether a trace is to be scrubbed
        :return: the one statement that does it"""
        return SQL(
            """
            WITH mine AS (
                SELECT id, mass_mailing_id,
                       trace_status = 'open' AS opened,
                       links_click_datetime IS NOT NULL AS clicked
                  FROM mailing_trace
                 WHERE %(theirs)s
            ), click AS ( -- who clicked from where
                UPDATE link_tracker_click click
                   SET ip = NULL, country_id = NULL, mailing_trace_id = NULL
                  FROM mine WHERE click.mailing_trace_id = mine.id
            ), trace AS ( -- who opened when
                UPDATE mailing_trace trace
                   SET open_datetime = NULL, links_click_datetime = NULL,
                       trace_status = CASE WHEN mine.opened THEN 'sent'
                                           ELSE trace.trace_status END
                  FROM mine WHERE trace.id = mine.id
            ) -- how many, which names nobody
            UPDATE mailing_mailing mailing
               SET privacy_opened = COALESCE(privacy_opened, 0) + total.opened,
                   privacy_clicked = COALESCE(privacy_clicked, 0) + total.clicked
              FROM (SELECT mass_mailing_id,
                           count(*) FILTER (WHERE opened) AS opened,
                           count(*) FILTER (WHERE clicked) AS clicked
                      FROM mine GROUP BY mass_mailing_id) total
             WHERE total.mass_mailing_id = mailing.id
               AND total.opened + total.clicked > 0
         RETURNING mailing.id
            """,
            theirs=theirs,
        )

    @api.model
    def _privacy_source_sql(self, subjects, addresses):
        """:return: SQL of whether a trace is about these people, as for
        :meth:`_privacy_scrub`"""
        return SQL(
            "(email = ANY(%s) OR email IS NULL AND model = %s AND res_id = ANY(%s))",
            list(addresses),
            subjects._name,
            subjects.ids,
        )
