from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import attempt

# whose rights choose the recipients
CHOSEN_BY = "privacy_chosen_by_id"
# whoever writes one of these chooses them
CHOOSING = frozenset(
    {
        "mailing_domain",
        "mailing_filter_id",
        "mailing_model_id",
        "contact_list_ids",
        "user_id",
        CHOSEN_BY,
    }
)


class MailingMailing(models.Model):
    """A mailing goes to people whom the user who has chosen them may read, by what that
    user may read: the queue, which looks for them as superuser, tells nothing that the
    form would not."""

    _inherit = "mailing.mailing"

    privacy_chosen_by_id = fields.Many2one(
        "res.users",
        "Recipients chosen by",
        readonly=True,
        help="Who has last changed whom the mailing goes to, or who is responsible. It "
        "goes to those whom this user may read.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.uid != SUPERUSER_ID:
            by_user = {CHOSEN_BY: self.env.uid}
            # superuser code, such as that of a copy, may say who
            vals_list = [
                {**by_user, **vals} if self.env.su else {**vals, **by_user}
                for vals in vals_list
            ]
        mailings = super().create(vals_list)
        mailings._privacy_check_choice()
        return mailings

    def write(self, vals):
        is_choice = not self.env.su and CHOOSING & vals.keys()
        if is_choice:
            vals = {**vals, CHOSEN_BY: self.env.uid}
        if CHOSEN_BY in vals or self.env.uid == SUPERUSER_ID:
            result, chosen = super().write(vals), self
        else:
            before = {mailing: mailing._privacy_goes_to() for mailing in self}
            result = super().write(vals)
            # whatever was written, and whatever was computed anew for it
            chosen = self.filtered(lambda m: m._privacy_goes_to() != before[m])
            if chosen:
                super(MailingMailing, chosen).write({CHOSEN_BY: self.env.uid})
                is_choice = not self.env.su
        if is_choice:
            chosen._privacy_check_choice()
        return result

    def _privacy_note_chooser(self):
        """Note that the user changes whom these go to, from the side of a list."""
        if self and self.env.uid != SUPERUSER_ID:
            # superuser: noted of mailings that they may not write as well
            self.sudo().write({CHOSEN_BY: self.env.uid})

    def _privacy_goes_to(self):
        """:return: all that its recipients follow from; what is to be computed is"""
        # superuser: no more than whether it changes is told
        mailing = self.sudo()
        return (
            mailing.mailing_type,
            mailing.mailing_model_id.id,
            mailing.mailing_domain,
            mailing.mailing_filter_id.id,
            frozenset(mailing.contact_list_ids.ids),
            mailing.ab_testing_enabled and mailing.ab_testing_pc,
        )

    def _privacy_check_choice(self):
        """Said while it is typed; the search for recipients refuses it in any case.

        :raise AccessError: when a field, or a model, that the recipients are chosen by
            is not the user's to read
        """
        if not self.env["privacy.gate"]._is_enabled():
            return
        for mailing in self.filtered("mailing_model_real"):
            self.env["mailing.filter"]._privacy_check_readable(
                mailing.mailing_model_real, mailing.mailing_domain
            )

    def _privacy_chooser(self):
        """:return: the user whose rights the recipients are chosen by; empty where
        these are no other than those of who asks, or have no limits"""
        self.ensure_one()
        # superuser: it concerns all who see the mailing, and the queue
        mailing = self.sudo()
        # what no user has made, or was made before this was noted
        chooser = mailing.privacy_chosen_by_id or mailing.user_id or mailing.create_uid
        is_asking = chooser == self.env.user and not self.env.su
        is_enabled = self.env["privacy.gate"]._is_enabled()
        if is_asking or chooser.id == SUPERUSER_ID or not is_enabled:
            return chooser.browse()
        return chooser

    def _privacy_narrow(self, domain):
        """:param domain: Domain of records of the mailing's model
        :return: the same, of those whom the chooser of the recipients may read
        :raise AccessError: when they may not read a field of it, or none at all
        """
        chooser = self._privacy_chooser()
        if not chooser:
            return domain
        # in all of their companies, whichever of them who looks has chosen
        context = {**self.env.context, "allowed_company_ids": []}
        theirs = self.env[self.mailing_model_real].with_env(
            self.env(user=chooser, context=context, su=False)
        )
        # what it says of archived records is to be seen beside the query
        return domain & Domain("id", "in", theirs._search(domain))

    def _privacy_narrowed(self, domain):
        """:return: as :meth:`_privacy_narrow`; nobody, where it is refused"""
        try:
            return self._privacy_narrow(domain)
        except AccessError:
            return Domain.FALSE

    def _privacy_choice_refusal(self):
        """:return: why nobody can be found to send it to, "" if some may be: who has
        chosen them has lost a right since, or what they are chosen by is no domain"""
        self.ensure_one()
        _found, reason = attempt(self, self._privacy_count_chosen)
        if not reason:
            return ""
        return self.env._(
            "Not sent, with the rights of %(user)s, who has chosen the recipients: "
            "%(reason)s",
            # superuser: a name, as beside any record
            user=(self._privacy_chooser() or self.env.user).sudo().name,
            reason=reason,
        )

    def _privacy_count_chosen(self):
        chosen = self._privacy_narrow(Domain(self._parse_mailing_domain()))
        return self.env[self.mailing_model_real].search_count(chosen)
