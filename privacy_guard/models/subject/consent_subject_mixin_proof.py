from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...access import check_officer

DEFAULT_DAYS = 7
FOR_GOOD = datetime(9999, 12, 31)  # whom the former address has contradicted
TEMPLATE = "privacy_guard.mail_template_address_changed"


class ConsentSubjectMixin(models.AbstractModel):
    """An address that replaced one at which the person had been asked or had answered
    is unproven (IDN-3): whoever may edit contacts may have typed their own.

    It is proven from the former address, by an officer with a reason, or by time, after
    a mail to the former one. Until then nobody is asked there, and who reads it can see
    and refuse, nothing else.
    """

    _inherit = "consent.subject.mixin"

    address_unproven_until = fields.Datetime(
        "E-mail address unproven until",
        copy=False,
        readonly=True,
        prefetch=False,
        groups="base.group_user",
        help="The e-mail address replaced one at which the person had been asked or "
        "had answered. Until then it must be confirmed from there.",
    )
    # as long as the present address is another one
    proven_email = fields.Char(
        "Last proven address",
        copy=False,
        readonly=True,
        prefetch=False,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
    )
    is_address_unproven = fields.Boolean(
        compute="_compute_is_address_unproven", groups="base.group_user"
    )

    @api.depends("address_unproven_until")
    def _compute_is_address_unproven(self):
        proven = self._privacy_proven()
        for subject in self:
            subject.is_address_unproven = subject not in proven

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def _privacy_proven(self):
        """:return: those of these records whose address is not unproven"""
        now = fields.Datetime.now()
        # superuser: what an address proves is no matter of rights
        return (
            self.sudo()
            .filtered(
                lambda s: (
                    not s.address_unproven_until or s.address_unproven_until <= now
                )
            )
            .with_env(self.env)
        )

    @api.model
    def _privacy_unproven_sql(self, alias, at=None):
        """:return: SQL of whether an address is unproven, now or at another moment"""
        until = SQL.identifier(alias, "address_unproven_until")
        return SQL("COALESCE(%s > %s, FALSE)", until, at or fields.Datetime.now())

    @api.model
    def _privacy_proof_days(self):
        """:return: after how many days an address is proven by time; a setting"""
        return int(self.env["consent.run"]._number("address_days", 0)) or DEFAULT_DAYS

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------

    def _privacy_doubt_addresses(self, before):
        """The address of these people has changed: of those who had been asked or had
        answered at another one it has to be proven. Taking the address away and giving
        another one later is no way round; giving the former one back proves it.

        :param dict before: {id: address before the change, or ""}
        """
        # superuser: no group may read the former address
        doubted = self.sudo().browse()
        rows, now = [], fields.Datetime.now()
        until = now + timedelta(days=self._privacy_proof_days())
        # and of who has a former address still, because somebody was merged into them
        known = self._privacy_answered() | self.sudo().filtered("proven_email")
        for subject in known:
            address = subject[subject._consent_email_field]
            formers = subject._privacy_bound_addresses(before[subject.id], now)
            formers.sort(key=lambda former, own=address: former == own)
            if formers in ([], [address]):
                rows.append((subject.id, [], None))
                continue
            rows.append((subject.id, formers, until if address else None))
            if address:
                doubted |= subject
        known._privacy_ask_again_where_returned()
        self._privacy_set_proof(rows)
        doubted._privacy_log_proof("changed")
        doubted._privacy_notify_former_address()

    def _privacy_log_proof(self, what, reason=None):
        """:param str what: one of ``privacy.address.log``"""
        self.env["privacy.address.log"]._make(
            [
                {
                    "res_model": self._name,
                    "res_id": subject.id,
                    "date": fields.Datetime.now(),
                    "what": what,
                    "user_id": self.env.uid,
                    "reason": reason,
                }
                for subject in self
            ]
        )

    def _privacy_notify_former_address(self):
        """Write to the last proven address of these people; the link goes in when the
        mail leaves."""
        if not self.env["privacy.gate"]._is_enabled():
            return
        groups = self.grouped(
            lambda s: (
                "company_id" in s._fields and s.company_id,
                s._privacy_own_lang(),
            )
        )
        for people in groups.values():
            # what differs is to whom it goes
            company = people[0]._privacy_company()
            # who reads the former address has no preferences page any more
            mail = people[0]._privacy_render_mail(TEMPLATE, company, linked=False)
            people[0]._privacy_send(
                *(
                    {
                        **mail,
                        "res_id": person.id,
                        "recipient_ids": [],
                        "email_to": person.proven_email,
                    }
                    for person in people
                    if mail
                )
            )

    # ------------------------------------------------------------------
    # Proving
    # ------------------------------------------------------------------

    def _privacy_prove_address(self, what, reason=None):
        """The present address of these people is theirs.

        :param str what: who says so, one of ``privacy.address.log``
        """
        unproven = self - self._privacy_proven()
        unproven._privacy_set_proof([(id_, [], None) for id_ in unproven.ids])
        unproven._privacy_log_proof(what, reason)

    def _privacy_restore_address(self):
        """Put the last proven address of one person back. Where that is refused, since
        somebody else has it now, the present one stays unproven for good.

        :return: whether it was put back
        """
        former = self.proven_email
        try:
            with self.env.cr.savepoint():
                self.write(self._privacy_address_vals(former))
        except UserError:
            self._privacy_set_proof(
                [(self.id, self.sudo()._privacy_former_list(), FOR_GOOD)]
            )
            self._privacy_log_proof("disputed")
            return False
        self._privacy_log_proof("restored")
        return True

    def _privacy_address_vals(self, address):
        """:return: values that give one person this address, and nobody else"""
        return {self._primary_email: address}

    def _privacy_vouch(self, reason):
        """An officer knows that the present address is the person's.

        :param str reason: why, shown in the log
        :raise AccessError: for anybody but a privacy officer who may write the contacts
        """
        refusal = self.env._("Only a privacy officer can vouch for an address.")
        check_officer(self.env, refusal)
        self.check_access("write")
        self._privacy_prove_address("vouched", reason)
