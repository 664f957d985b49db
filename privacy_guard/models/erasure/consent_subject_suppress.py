import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...constants import PENDING_REQUEST
from ...tools import keyring

_logger = logging.getLogger(__name__)


class ConsentSubjectMixin(models.AbstractModel):
    """Erased people do not come back by an import, a form or a mail (ERA-2).

    It holds for creating a person and for giving one another address or number, whoever
    does so: below all of these.
    """

    _inherit = "consent.subject.mixin"

    privacy_suppression_hint = fields.Char(
        "Reason", compute="_compute_privacy_suppression_hint"
    )

    @api.depends("privacy_status")
    def _compute_privacy_suppression_hint(self):
        """Why somebody is locked who has asked for nothing."""
        suppressed = self._origin._privacy_suppressed()
        reason = self.env["privacy.gate"]._reason_label("quarantined")
        hint = reason[:1].upper() + reason[1:]
        for subject in self:
            subject.privacy_suppression_hint = subject._origin in suppressed and hint

    @api.model
    def _privacy_reach_names(self):
        """:return: names of the fields that say how a person is reached, and where they
        are known"""
        return {self._primary_email, *({"company_id", "phone"} & self._fields.keys())}

    def _privacy_suppress_changed(self, vals):
        """:param dict vals: what was written"""
        changed = self._privacy_reach_names().intersection(vals)
        if changed:
            # whom an officer has unlocked may be given another number
            kinds = ("phone",) if changed == {"phone"} else ("email", "phone")
            self._privacy_apply_suppression(kinds)

    def _privacy_apply_suppression(self, kinds=("email", "phone")):
        """Do with those who are on the list what the setting says.

        :param kinds: of terms by which they are looked up
        :raise UserError: the setting is to refuse them
        """
        found = self._privacy_on_suppression_list(kinds)
        if not found:
            return
        policy = self.env["privacy.suppression"]._policy()
        if policy == "refuse":
            raise UserError(found._privacy_suppression_message())
        for people in found._privacy_to_readers():
            if policy == "quarantine":
                people._privacy_set_status(
                    "stopped", people._privacy_suppression_message(), suppressed=True
                )
            else:
                people._privacy_note_suppression()

    def _privacy_on_suppression_list(self, kinds):
        """:return: those of these people who were erased once; one query"""
        suppression = self.env["privacy.suppression"]
        if not self or not suppression._is_used():
            return self.browse()
        # superuser: an address that the user may not read is suppressed as well
        people, terms = self.sudo(), {}
        companies = people._privacy_suppressing_companies()
        for id_, kind, value, _is in people._privacy_terms():
            if kind in kinds:
                terms.setdefault((kind, value, companies[id_]), set()).add(id_)
        try:
            found = suppression._suppressed(terms)
        except keyring.KeyringError as error:
            _logger.error("The suppression list cannot be read: %s", error)
            return self.browse()
        ids = set().union(*(terms[term] for term in found))
        active = self.sudo().filtered(
            lambda subject: subject.privacy_status == "active"
        )
        return self & self.browse(ids) & active.with_env(self.env)

    def _privacy_suppressing_companies(self):
        """:return: {id: id of the company whose erasures bind}: of whom no company has
        to itself, the one that works on them"""
        own = self.env.company.id
        if "company_id" not in self._fields:
            return dict.fromkeys(self.ids, own)
        return {subject.id: subject.company_id.id or own for subject in self}

    def _privacy_suppressed(self):
        """:return: those of these people whom the suppression list keeps locked, and
        who have not asked for it themselves; one query"""
        stopped = self.filtered(lambda subject: subject.privacy_status == "stopped")
        if not stopped:
            return stopped
        self.env["privacy.request"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT log.res_id
                  FROM (SELECT DISTINCT ON (res_id) * FROM privacy_status_log
                         WHERE res_model = %(model)s AND res_id = ANY(%(ids)s)
                         ORDER BY res_id, id DESC) AS log
                 WHERE log.suppressed AND NOT EXISTS (
                       SELECT FROM privacy_request_subject asked
                         JOIN privacy_request request ON request.id = asked.request_id
                        WHERE asked.res_model = log.res_model
                          AND asked.res_id = log.res_id AND request.kind = 'stop'
                          AND (request.state = ANY(%(pending)s)
                               OR request.state = 'done'
                               AND request.closed_at >= log.date))
                """,
                model=self._name,
                ids=stopped.ids,
                pending=list(PENDING_REQUEST),
            )
        )
        return stopped.browse(id_ for (id_,) in rows)

    def _privacy_asked_to_stop(self):
        """:return: those who have stopped, but for whom the suppression list locked"""
        stopped = self.filtered(lambda subject: subject.privacy_status == "stopped")
        return stopped - stopped._privacy_suppressed()

    def _privacy_suppression_message(self):
        return self.env._(
            "The personal data of somebody with this address or number was erased at "
            "their request. A privacy officer can release it from the suppression list."
        )

    def _privacy_note_suppression(self):
        """A line in the history of each, where there is one."""
        if hasattr(self, "_message_log_batch"):
            message = self._privacy_suppression_message()
            # superuser: the note is ours, whoever creates the contact
            notes = self.sudo()._message_log_batch(dict.fromkeys(self.ids, message))
            notes._privacy_keep()
