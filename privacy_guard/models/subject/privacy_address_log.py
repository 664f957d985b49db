from odoo import fields, models

EVENTS = [
    ("changed", "Changed: the new address is unproven"),
    ("confirmed", "Confirmed from the former address"),
    ("vouched", "Vouched for by an officer"),
    ("restored", "Former address put back by the person"),
    ("disputed", "Disputed from the former address"),
]


class PrivacyAddressLog(models.Model):
    """What became of addresses that replaced one at which people had been asked
    (IDN-3). It names no address."""

    _name = "privacy.address.log"
    _description = "Proof of an e-mail address"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True)
    what = fields.Selection(EVENTS, "What happened", required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    reason = fields.Char(readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
