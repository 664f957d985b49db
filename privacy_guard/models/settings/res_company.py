import re

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.mail import email_normalize, formataddr

from ...constants import OFFICER
from ...notifications import RELOAD, notification
from ...tools import addresses

WEB_PAGE = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)


class ResCompany(models.Model):
    """Who asks, from where and at what time, and who handles what people ask for."""

    _inherit = "res.company"

    privacy_from_name = fields.Char(
        "Privacy: From name",
        help="Name that consent requests come from. Empty: the company's name.",
    )
    privacy_from_email = fields.Char(
        "Privacy: From address",
        help="Address that consent requests come from. Empty: the company's address.",
    )
    privacy_tz = fields.Selection(
        _tz_get,
        "Privacy: Time zone",
        default=lambda self: self.env.company.partner_id.tz or "UTC",
        help="The hour at which contacts are informed is of this time zone. The main"
        " company's decides, as there is one run for all companies.",
    )

    privacy_information = fields.Text(
        "Privacy: Information about data",
        translate=True,
        help="Where the company has people's data from, whom it passes them on to, and"
        " how long it keeps them (GDPR Art. 15). Part of each copy of a person's data.",
    )
    privacy_policy_url = fields.Char(
        "Privacy: Privacy policy",
        translate=True,
        help="Address of the page with your privacy policy (GDPR Art. 13).",
    )
    privacy_dpo_email = fields.Char(
        "Privacy: Data protection officer",
        help="E-mail address of the data protection officer (GDPR Art. 13(1)(b), 37).",
    )
    privacy_authority = fields.Char(
        "Privacy: Supervisory authority",
        translate=True,
        help="The authority that people may complain to (GDPR Art. 13(2)(d), 77).",
    )
    privacy_authority_url = fields.Char(
        "Privacy: Page of the supervisory authority",
        help="Where people complain to the authority.",
    )
    privacy_storage_country_ids = fields.Many2many(
        "res.country",
        "privacy_storage_country_rel",
        string="Privacy: Where data is stored",
        help="Countries of the servers with people's data, for receipts. Empty: the"
        " company's country.",
    )
    privacy_officer_id = fields.Many2one(
        "res.users",
        "Privacy: Owner of new requests",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(OFFICER).ids),
            ("share", "=", False),
        ],
        help="Gets an activity for each request of a person. Empty: the privacy officer"
        " who has been here longest.",
    )

    privacy_tried_at = fields.Datetime(
        "Privacy: Test mail sent on", readonly=True, copy=False
    )

    @api.constrains("privacy_policy_url", "privacy_authority_url")
    def _check_privacy_urls(self):
        """They are links on pages for everybody: nothing else than the web."""
        for company in self:
            for name in ("privacy_policy_url", "privacy_authority_url"):
                if company[name] and not WEB_PAGE.fullmatch(company[name]):
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(value)s is no address of a web page. It "
                            "begins with https://.",
                            field=self._fields[name].get_description(self.env)[
                                "string"
                            ],
                            value=company[name],
                        )
                    )

    @api.constrains("privacy_dpo_email")
    def _check_privacy_dpo_email(self):
        for company in self:
            written = company.privacy_dpo_email
            if written and not addresses.only(written):
                raise ValidationError(
                    self.env._("%(value)s is no e-mail address.", value=written)
                )

    def write(self, vals):
        if {"privacy_from_name", "privacy_from_email"} & vals.keys():
            # another sender is another test
            vals = {**vals, "privacy_tried_at": False}
        result = super().write(vals)
        if "privacy_tz" in vals:
            # superuser: rescheduling follows from a setting that the user may write
            self.env["ir.cron"].sudo()._privacy_reschedule()
        return result

    @api.model
    def _privacy_main(self):
        """:return: the company that decides when, and sends where no other does"""
        main = self.env.ref("base.main_company", raise_if_not_found=False)
        return main or self.search([], order="id", limit=1)

    def _privacy_tz(self):
        """:return: name of the time zone in which hours of settings are meant"""
        self.ensure_one()
        return self.privacy_tz or self.partner_id.tz or "UTC"

    def _privacy_sender(self):
        """:return: the From header of what is sent about consents; never empty"""
        self.ensure_one()
        address = email_normalize(self.privacy_from_email)
        if address:
            return formataddr((self.privacy_from_name or self.name, address))
        fallback = self.email_formatted or self.catchall_formatted
        return fallback or self.env.ref("base.partner_root").email_formatted

    def _privacy_writes(self):
        """:return: values of a mail that this company writes: by them its links, and
        the way back of what cannot be delivered, are those of the company"""
        sender = self._privacy_sender()
        return {
            "email_from": sender,
            "reply_to": sender,
            "record_company_id": self.id,
            "record_alias_domain_id": self.alias_domain_id.id,
        }

    def _privacy_send_test(self):
        """Send the user a mail as people will get it, at once.

        :return: action that tells of it
        :raise AccessError: for whoever may not change settings
        :raise UserError: it cannot be sent; it says why
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Trying the mail server needs the right to change settings.")
            )
        recipient, problem = self._privacy_try(self._privacy_sender())
        if problem:
            raise UserError(
                self.env._("No mail can be sent: %(problem)s", problem=problem)
            )
        self.privacy_tried_at = fields.Datetime.now()
        message = self.env._("A test mail is on its way to %s.", recipient)
        return notification(message, RELOAD)

    def _privacy_try(self, sender):
        """Send a mail to the user, or to the sender if they have no address (ASK-1):
        whoever is asked by a server that does not work has their values withheld for
        nothing.

        :param str sender: the From header
        :return: (address that it goes to, why it cannot be sent, "" if it was)
        """
        own = email_normalize(self.env.user.email or "")
        recipient = own or email_normalize(sender)
        problem = self.env["ir.mail_server"]._privacy_try(
            sender,
            recipient,
            self.env._("Consent requests can be sent"),
            self.env._("This mail shows that the mail server takes consent requests."),
        )
        return recipient, problem

    def _privacy_owner(self, subject):
        """:return: the officer who is to handle what a person asks for; only who may
        see the person, and is of the company, comes into question"""
        self.ensure_one()
        officers = (
            self.env.ref(OFFICER)
            .sudo()
            .all_user_ids.filtered(
                lambda user: (
                    not user.share
                    and user != self.env.ref("base.user_root")
                    and self in user.company_ids
                )
            )
        )
        officers = self.privacy_officer_id & officers | officers.sorted("id")
        for officer in officers:
            # one that is archived is not allowed
            active = officer.company_ids.filtered("active")
            theirs = {"allowed_company_ids": active.ids}
            if subject.with_user(officer).with_context(**theirs).has_access("read"):
                return officer
        return officers.browse()
