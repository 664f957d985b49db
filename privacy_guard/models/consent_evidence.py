import base64
import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hmac

from ..tools import ledger

MAX_USER_AGENT = 512  # characters; browsers send up to a few hundred


class ConsentEvidence(models.Model):
    """The personal part of an event's evidence, erasable by itself.

    The event holds only a keyed hash of it: with the row gone, nothing in the event
    tells the person's address or browser, and with the row there, forging it shows.
    """

    _name = "consent.evidence"
    _description = "Personal evidence of a consent event"
    _inherit = ["consent.subject.row.mixin"]
    _order = "id desc"
    _keeps_rows_of_deleted_subjects = True

    digest = fields.Char(required=True, readonly=True, index=True)
    salt = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    ip = fields.Char("IP address", readonly=True)
    user_agent = fields.Char("Browser", readonly=True)
    note = fields.Text(readonly=True)
    document = fields.Binary(attachment=True, readonly=True)
    document_name = fields.Char(readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self.env._("Evidence is recorded with its consent only."))

    def write(self, vals):
        raise UserError(self.env._("Evidence cannot be changed."))

    @api.model
    def _store(self, res_model, res_id, vals):
        """Keep the personal part of the evidence of one answer.

        :param str res_model: model of the subject
        :param int res_id: its id
        :param dict vals: any of ip, user_agent, note, document (base64),
            document_name
        :return: the digest that the event holds
        """
        user_agent = (vals.get("user_agent") or "")[:MAX_USER_AGENT]
        values = dict(vals, user_agent=user_agent, salt=secrets.token_hex(16))
        # superuser: the person themself may cause it, and nobody may read it but
        # officers
        evidence = super(ConsentEvidence, self.sudo()).create(
            [{"res_model": res_model, "res_id": res_id, "digest": "-", **values}]
        )
        digest = evidence._digest()
        super(ConsentEvidence, evidence).write({"digest": digest})
        return digest

    def _digest(self):
        """:return: the keyed hash of what the row holds now"""
        self.ensure_one()
        document = self.with_context(bin_size=False).document
        payload = ledger.evidence_payload(
            self.salt,
            self.ip or "",
            self.user_agent or "",
            self.note or "",
            hashlib.sha256(base64.b64decode(document)).hexdigest() if document else "",
        )
        return hmac(self.sudo().env, "privacy_guard.evidence", payload)
