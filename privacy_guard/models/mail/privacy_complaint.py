from odoo import api, fields, models


class PrivacyComplaint(models.Model):
    """A complaint about a mail of which nobody can be told who it is (RCH-1).

    Many providers black the recipient out, and whoever passes mail on may give it
    another Message-Id. Somebody objects all the same: an officer finds out who, or says
    that it was none. Whoever likes writes reports, so that nothing follows by itself.
    """

    _name = "privacy.complaint"
    _description = "Complaint about a mail"
    _inherit = ["privacy.doubt.mixin"]

    email = fields.Char(
        "Address that it names",
        readonly=True,
        index="btree_not_null",
        help="Nobody here has it, or it has been erased. Whoever reports writes it.",
    )
    body = fields.Text("What it says", readonly=True)
    state = fields.Selection(
        [
            ("doubt", "To look at"),
            ("refused", "A complaint"),
            ("harmless", "No complaint"),
        ]
    )

    @api.model
    def _take(self, report):
        """Keep a report that leads to nobody; the same is not taken twice.

        :param report: ``FeedbackReport``, of anybody
        :return: ``privacy.complaint``, as superuser
        """
        # superuser: whoever reports is no user
        complaints = self.sudo()
        rows = complaints.browse()
        for address in report.addresses or (False,):
            known = [("email", "=", address), ("body", "=", report.text)]
            rows |= complaints.search(known, limit=1) or complaints._make(
                [complaints._prepare(report, address)]
            )
        for row in rows._open()[:1]:
            row._ask_officer()
        return rows

    @api.model
    def _prepare(self, report, address):
        """The hook for add-ons that know more.

        :return: values of a new row"""
        return {
            **self._prepare_doubt(self.env.company),
            "email": address,
            "body": report.text,
        }

    def _question(self):
        return self.env._("Who has complained of a mail?")

    def _open(self):
        return self.filtered(lambda row: row.state == "doubt")

    def _waiting(self):
        """One activity for all of a company: whoever likes writes reports."""
        domain = [("state", "=", "doubt"), ("company_id", "in", self.company_id.ids)]
        # superuser: the activity may be another officer's
        return self.sudo().search(domain)

    def action_refuse(self):
        """It is one. Where it names an address, no more marketing goes there.

        :raise AccessError: for anybody but a privacy officer
        """
        self._check_officer()
        opened = self._open()
        for address in filter(None, opened.mapped("email")):
            # superuser: an objection binds more people than the officer may see
            self.env["mail.thread"].sudo()._privacy_object(address)
        opened._close("refused", self.env.user)
