from odoo import api, fields, models

from ...tools import ledger
from .consent_purpose import DEFAULTS, LEGAL_BASES

# what the hash covers, in the order of ``ledger.notice_digest``
DIGESTED = (
    "version",
    "purpose_id",
    "lang",
    "name",
    "text",
    "default_selection",
    "legal_basis",
)


class ConsentNotice(models.Model):
    """One published, frozen text version of a purpose in one language."""

    _name = "consent.notice"
    _description = "Published text of a consent"
    _inherit = ["consent.frozen.mixin"]
    _order = "purpose_id, version desc, lang"
    _rec_name = "name"
    # The database refuses updates of this table: no key to a user that may be deleted.
    _log_access = False

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="restrict", index=True
    )
    version = fields.Integer(required=True)
    lang = fields.Char("Language", required=True)
    name = fields.Char(required=True)
    text = fields.Text(required=True)
    default_selection = fields.Selection(DEFAULTS, required=True)
    legal_basis = fields.Selection(LEGAL_BASES, required=True)
    sha256 = fields.Char("SHA-256", required=True)
    published_at = fields.Datetime("Published on", required=True)

    _version_uniq = models.Constraint(
        "UNIQUE (purpose_id, version, lang)",
        "A version of a text is published once per language.",
    )

    @api.private
    def init(self):
        self._refuse_changes_in_database()

    @api.model
    def _freeze(self, vals_list):
        """Make notices, each with its hash; only publishing a purpose does.

        :param list vals_list: all values but ``sha256``
        :return: the new notices
        """
        for vals in vals_list:
            digested = [vals[name] for name in DIGESTED]
            vals["sha256"] = ledger.notice_digest(*digested)
        return models.BaseModel.create(self, vals_list)

    def _digest(self):
        """:return: the SHA-256 of what was published"""
        return ledger.notice_digest(*self._digested())

    def _hashed(self):
        """:return: the text that the hash is taken of"""
        return ledger.notice_payload(*self._digested())

    def _digested(self):
        self.ensure_one()
        values = {name: self[name] for name in DIGESTED}
        values["purpose_id"] = self.purpose_id.id
        return values.values()
