from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import addresses, sender_dns

# as many as are looked up within the seconds that it may take
MOST_DOMAINS = 10
GOOD, WARNING, BAD, UNKNOWN = "good", "warning", "bad", "unknown"
# what a finding means, by its code
STATES = {
    "spf": GOOD,
    "dmarc": GOOD,
    "dkim": GOOD,
    "spf_open": WARNING,
    "dmarc_watching": WARNING,
    "dkim_unknown": UNKNOWN,
    "unanswered": UNKNOWN,
}


class PrivacySenderCheck(models.TransientModel):
    """What the name servers say of the domains that mail comes from, looked up when an
    administrator presses the button, and at no other time: mail that nobody vouches for
    is not delivered, and who did not get a request was not asked (ASK-1)."""

    _name = "privacy.sender.check"
    _description = "Check of the sender's domains"

    signature = fields.Text(
        "DKIM-Signature",
        help="The selector, or the header of this name in a mail of yours that has "
        "arrived: which key signs stands there and nowhere else.",
    )
    line_ids = fields.One2many("privacy.sender.check.line", "check_id", readonly=True)

    @api.model
    def _open(self):
        """:return: action that shows what is known of the domains
        :raise AccessError: for whoever may not change settings
        :raise UserError: it cannot be looked up; it says why"""
        check = self.create({})
        return check.action_look()

    def action_look(self):
        """Ask the name servers, for some seconds at most.

        :return: action that shows what they said
        :raise AccessError, UserError: as above
        """
        self.ensure_one()
        self._check_possible()
        findings = sender_dns.check(self._domains(), self.signature or "")
        lines = [Command.create(self._line(finding)) for finding in findings]
        self.line_ids = [Command.clear(), *lines]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_guard.privacy_sender_check_action"
        )
        return {**action, "res_id": self.id}

    def _check_possible(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Checking the sender needs the right to change settings.")
            )
        if not sender_dns.is_available():
            raise UserError(
                self.env._(
                    "The Python package %(name)s is not installed on the server. "
                    "Install it (pip install %(name)s) and restart Odoo.",
                    name=sender_dns.PACKAGE,
                )
            )

    def _domains(self):
        """:return: list of the domains that mail comes from, in ASCII
        :raise UserError: there is none"""
        found = {
            address.rpartition("@")[2]
            for text in self._senders()
            for address in addresses.find(text)
        }
        if not found:
            raise UserError(self.env._("There is no sender yet: set a From address."))
        return sorted(found)[:MOST_DOMAINS]

    def _senders(self):
        """The hook for who sends from other addresses.

        :return: list of texts with addresses
        """
        # superuser: which companies, servers and templates there are is no secret to
        # whoever may change settings; of others' companies nothing is said
        companies = self.env.user.company_ids.sudo()
        servers = self.env["ir.mail_server"].sudo()
        filters = servers.search([("from_filter", "!=", False)]).mapped("from_filter")
        templates = self.env["mail.template"].sudo()
        ours = [("model", "=", companies._name), ("email_from", "!=", False)]
        parts = [part.strip() for text in filters for part in text.split(",")]
        return [
            *(company._privacy_sender() for company in companies),
            *(f"x@{name}" for name in companies.alias_domain_id.mapped("name")),
            *(part if "@" in part else f"x@{part}" for part in parts if part),
            *templates.search(ours).mapped("email_from"),
        ]

    def _line(self, finding):
        """:return: values of a line"""
        return {
            "domain": finding.domain,
            "kind": finding.kind,
            "state": STATES.get(finding.code, BAD),
            "advice": self._advice(finding),
            "record": finding.record,
        }

    def _advice(self, finding):
        """:return: what a finding means, and what to do"""
        told = self._spf_advice() | self._dmarc_advice() | self._dkim_advice()
        told["unanswered"] = self.env._("No answer in time: try again.")
        return told[finding.code].replace("%s", finding.detail)

    def _spf_advice(self):
        return {
            "spf": self.env._("There is one. It has to name your mail server."),
            "spf_none": self.env._(
                "There is none: publish a TXT record that names your mail server."
            ),
            "spf_several": self.env._(
                "There are several, which counts as none: make them one."
            ),
            "spf_lookups": self.env._(
                "It takes more than 10 lookups, which counts as broken: name fewer."
            ),
            "spf_broken": self.env._("It is broken at %s: correct this, or remove it."),
            "spf_open": self.env._(
                "It keeps nobody from sending in your name: end it with ~all or -all."
            ),
        }

    def _dmarc_advice(self):
        return {
            "dmarc": self.env._("There is one. Mail that fails: %s."),
            "dmarc_none": self.env._(
                "There is none: publish a TXT record at %s, v=DMARC1; p=none to begin."
            ),
            "dmarc_broken": self.env._(
                "It is broken at %s: correct this, or remove it."
            ),
            "dmarc_watching": self.env._(
                "It only watches. Once your own mail passes, set p=quarantine or "
                "p=reject."
            ),
        }

    def _dkim_advice(self):
        return {
            "dkim": self.env._("The key is at %s."),
            "dkim_unknown": self.env._(
                "Which key signs is not known here: enter it above, from a mail that "
                "has arrived."
            ),
            "dkim_other": self.env._(
                "That mail is signed by %s, which does not count for this domain."
            ),
            "dkim_none": self.env._("There is no key at %s: publish it."),
            "dkim_unusable": self.env._(
                "The key at %s is revoked, broken or too short: publish another one."
            ),
        }


class PrivacySenderCheckLine(models.TransientModel):
    """One thing that was looked up."""

    _name = "privacy.sender.check.line"
    _description = "What is known of a sender's domain"
    _order = "id"

    check_id = fields.Many2one(
        "privacy.sender.check", required=True, ondelete="cascade", index=True
    )
    domain = fields.Char(readonly=True)
    kind = fields.Selection(
        [("spf", "SPF"), ("dmarc", "DMARC"), ("dkim", "DKIM")], readonly=True
    )
    state = fields.Selection(
        [
            (GOOD, "In order"),
            (WARNING, "To improve"),
            (BAD, "Wrong"),
            (UNKNOWN, "Not known"),
        ],
        readonly=True,
    )
    advice = fields.Char("What to do", readonly=True)
    record = fields.Char(readonly=True)
