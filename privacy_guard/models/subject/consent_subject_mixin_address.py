from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """The e-mail address identifies the person: changing it and sharing it (DUP-3)."""

    _inherit = "consent.subject.mixin"

    def _privacy_emails(self):
        """:return: {id: normalised address} of the person, or False"""
        # superuser: an address the user may not read still identifies the person
        return {
            subject.id: subject[self._consent_email_field] for subject in self.sudo()
        }

    def _privacy_after_address_change(self, before):
        """Nobody has opted in at a new address. It voids the links sent to the old one,
        and must be unused.

        :param dict before: what :meth:`_privacy_emails` returned before the change
        """
        after = self._privacy_emails()
        changed = self.browse(id_ for id_ in after if after[id_] != before[id_])
        if not changed:
            return
        changed._privacy_opt_in_reset()
        changed._privacy_revoke_links()
        if self.env["privacy.gate"]._is_enabled():
            changed._privacy_check_address_unused()

    def _privacy_revoke_links(self):
        """Void every personal link sent to these subjects so far."""
        self.env.execute_query(
            SQL(
                """
                UPDATE %s
                   SET preferences_version = COALESCE(preferences_version, 0) + 1
                 WHERE id = ANY(%s) RETURNING id
                """,
                SQL.identifier(self._table),
                self.ids,
            )
        )
        self.invalidate_recordset(["preferences_version"], flush=False)

    def _consent_mark_requested(self, moment):
        """Remember when these subjects were last asked.

        :param datetime moment: UTC; None leaves it as it is
        """
        if not (moment and self):
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE %s SET consent_requested_at = %s
                 WHERE id = ANY(%s) RETURNING id
                """,
                SQL.identifier(self._table),
                moment,
                self.ids,
            )
        )
        self.invalidate_recordset(["consent_requested_at"], flush=False)

    def _privacy_release_addresses(self):
        """Let the contact that these are merged into have their address.

        To be called on contacts that this transaction deletes.
        """
        self.flush_recordset([self._consent_email_field])
        self.env.execute_query(
            SQL(
                "UPDATE %s SET %s = NULL WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                SQL.identifier(self._consent_email_field),
                self.ids,
            )
        )
        self.invalidate_recordset([self._consent_email_field], flush=False)

    @api.model
    def _privacy_identity_domain(self):
        """:return: Domain of the records that their e-mail address identifies"""
        return Domain("privacy_status", "!=", "erased")

    def _privacy_check_address_unused(self):
        """DUP-3: two contacts may not share an address.

        :raise UserError: names the address and, if the user may see it, the contact
        """
        addresses = {address for address in self._privacy_emails().values() if address}
        if not addresses:
            return
        column = self._consent_email_field
        # superuser: the address is taken whoever may see the other contact
        everyone = self.sudo().with_context(active_test=False)
        holders = everyone.search_fetch(
            self._privacy_identity_domain() & Domain(column, "in", addresses),
            [column, "display_name"],
        )
        by_address = holders.grouped(column)
        for subject in self.sudo() & holders:
            if others := by_address[subject[column]] - subject:
                raise UserError(
                    self._privacy_address_used_message(subject[column], others)
                )

    def _privacy_address_used_message(self, address, others):
        # the portal writes as superuser for somebody who may see nobody else
        visible = others.with_env(self.env(su=False))._filtered_access("read")
        if not visible:
            return self.env._(
                "The e-mail address %(address)s is already used by another contact.",
                address=address,
            )
        return self.env._(
            "The e-mail address %(address)s is already used by %(contact)s.",
            address=address,
            contact=visible[:1].display_name,
        )
