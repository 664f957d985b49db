from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...constants import OPT_IN, OPTED_OUT

# whom a confirmation may still be asked of
UNCONFIRMED = ("none", "single_user", "single_form")
AGREEING = ("single_user", "single_form", "double")
# setting -> the values that do not suffice for marketing mail
INSUFFICIENT = {
    "any": OPTED_OUT,
    "single": ("none", *OPTED_OUT),
    "double": (*UNCONFIRMED, *OPTED_OUT),
}


class ConsentSubjectMixin(models.AbstractModel):
    """E-mail opt-in (OPT-1): whether the person wants our mail, and who says so.

    The value changes by the named methods below alone, each change is logged.
    """

    _inherit = "consent.subject.mixin"

    email_opt_in = fields.Selection(
        OPT_IN,
        "E-mail opt-in",
        default="none",
        required=True,
        copy=False,
        readonly=True,
        prefetch=False,
    )
    opt_in_requested_at = fields.Datetime(
        "Confirmation requested",
        copy=False,
        readonly=True,
        prefetch=False,
        groups="base.group_user",
    )

    # ------------------------------------------------------------------
    # The named methods
    # ------------------------------------------------------------------

    def action_opt_in(self):
        """A user notes that the person wants e-mail. What the person or a user has said
        before stands.

        :raise AccessError: for anybody but a privacy user who may write the contacts
        """
        self._privacy_check_opt_in_user()
        self._privacy_set_opt_in("single_user", "user", former=("none",))

    def action_opt_out(self):
        """A user notes that the person wants no e-mail.

        :raise AccessError: for anybody but a privacy user who may write the contacts
        """
        self._privacy_check_opt_in_user()
        former = [value for value, _label in OPT_IN if value not in OPTED_OUT]
        self._privacy_set_opt_in("opted_out_user", "user", former=former)

    def _privacy_opt_in_by_form(self):
        """The person ticked the box of a web form, which proves no address."""
        self._privacy_set_opt_in("single_form", "form", former=("none",))

    def _privacy_opt_in_confirm(self):
        """The person confirmed by the link that only their mailbox holds."""
        self._privacy_set_opt_in("double", "confirmation")

    def _privacy_opt_out_by_contact(self):
        """The person unsubscribed."""
        self._privacy_set_opt_in("opted_out_contact", "unsubscribe")

    def _privacy_opt_in_reset(self):
        """Nobody has opted in at the new address; who has opted out has done so
        wherever they are written to (IDN-5)."""
        self._privacy_set_opt_in("none", "address", former=AGREEING)

    def _privacy_check_opt_in_user(self):
        if not self.env.user.has_group("privacy_guard.group_privacy_user"):
            raise AccessError(
                self.env._("Only privacy users may change the e-mail opt-in.")
            )
        self.check_access("write")
        self.env["privacy.gate"]._check_unlocked(self, {self._primary_email})

    def _privacy_set_opt_in(self, value, source, former=None):
        """Change the value of any number of subjects, and log each change.

        :param str value: one of OPT_IN
        :param str source: one of ``privacy.opt.in.log``
        :param former: only where the value is one of these; any by default
        """
        condition = SQL(
            "id = ANY(%s) AND email_opt_in <> %s AND email_opt_in = ANY(%s)",
            self.ids,
            value,
            list(former or dict(OPT_IN)),
        )
        self._privacy_set_logged(
            "email_opt_in",
            value,
            condition,
            "privacy.opt.in.log",
            source=source,
            user_id=self.env.uid if source == "user" else None,
        )

    def _privacy_opt_out_with(self, sources):
        """Opting out of any of the contacts outlives a merge; opting in does not."""
        values = set(sources.sudo().mapped("email_opt_in")).intersection(OPTED_OUT)
        if values:
            self._privacy_set_opt_in(
                min(values), "merge", former=(*UNCONFIRMED, "double")
            )

    # ------------------------------------------------------------------
    # What it is for
    # ------------------------------------------------------------------

    @api.model
    def _privacy_insufficient_opt_in(self):
        """:return: the values that keep marketing mail back; a setting"""
        # a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        setting = parameters.get_param("privacy_guard.marketing_opt_in") or "any"
        # what nobody knows is the strictest
        return INSUFFICIENT.get(setting, INSUFFICIENT["double"])

    @api.model
    def _privacy_insufficient_opt_in_sql(self, alias):
        """:return: SQL of whether the opt-in does not suffice for marketing mail"""
        return SQL(
            "%s = ANY(%s)",
            SQL.identifier(alias, "email_opt_in"),
            list(self._privacy_insufficient_opt_in()),
        )
