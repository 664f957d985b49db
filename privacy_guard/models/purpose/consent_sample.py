from odoo import fields, models

# what a consent takes over from what it starts from
TAKEN = ("name", "text", "condition", "covers_email", "dpv_purpose", "dpv_data")


class ConsentSample(models.Model):
    """A ready-made consent to start from, in each language that contacts are written
    to in. It binds nobody: what is made of it is a draft until it is published."""

    _name = "consent.sample"
    _description = "Ready-made consent"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    text = fields.Text(required=True, translate=True)
    sequence = fields.Integer(default=10)
    condition = fields.Char("Conditions", default="[]", required=True)
    covers_email = fields.Boolean("Is about e-mail")
    dpv_purpose = fields.Char("Purpose in receipts")
    dpv_data = fields.Char("Data in receipts")
    purpose_id = fields.Many2one(
        "consent.purpose",
        "Built in",
        ondelete="set null",
        help="What there is one of, and comes with the add-on: it is opened.",
    )

    def action_use(self):
        """Make a consent of it, switched off and not published, and open it to be read.

        :return: action that shows the consent
        :raise AccessError: for who may not define consents
        """
        self.ensure_one()
        purpose = self.purpose_id or self._make_purpose()
        return purpose._get_records_action(context={})

    def action_write_own(self):
        """:return: action that shows the consents that there are, to write another"""
        actions = self.env["ir.actions.act_window"]
        return actions._for_xml_id("privacy_guard.consent_purpose_action")

    def _make_purpose(self):
        vals = {name: self[name] for name in TAKEN}
        purpose = self.env["consent.purpose"].create(vals)
        purpose._take_texts(self, {"name": "name", "text": "text"})
        return purpose
