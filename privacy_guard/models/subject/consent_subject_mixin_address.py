from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...access import acting_user
from ...constants import OPTED_OUT
from ...tools import addresses
from ...turns import Turn
from .consent_subject_mixin_former import PROOF

# Among the data of a transaction: {model: {id: address before it changed}}.
_PENDING = "privacy_guard.addresses"


class ConsentSubjectMixin(models.AbstractModel):
    """The e-mail address identifies the person: changing it and sharing it (DUP-3)."""

    _inherit = "consent.subject.mixin"

    # ------------------------------------------------------------------
    # Noticing that it changes, by whatever way: the address of a lead follows its
    # customer
    # ------------------------------------------------------------------

    @api.model
    def _privacy_address_names(self):
        """:return: names of the fields whose writing changes the address at once; what
        follows from other records is settled before the transaction ends"""
        return frozenset({self._primary_email})

    @contextmanager
    def _privacy_noting_addresses(self, field):
        """Note what the addresses were that are computed anew."""
        if field.name != self._consent_email_field or not any(self._ids):
            yield
            return
        # not through the ORM, which is about to write the new ones
        self.env.cr.execute(
            SQL(
                """
                SELECT id, COALESCE(%(column)s, '') FROM %(table)s
                 WHERE id = ANY(%(ids)s)
                   AND (%(column)s IS NOT NULL OR proven_email IS NOT NULL)
                """,
                column=SQL.identifier(field.name),
                table=SQL.identifier(self._table),
                ids=[id_ for id_ in self._ids if id_],
            )
        )
        before = dict(self.env.cr.fetchall())
        yield
        for id_, address in before.items():
            # another spelling is no other address
            known = addresses.only(address) or address
            if (self.browse(id_)[field.name] or "") != known:
                self._privacy_pending_addresses().setdefault(id_, address)

    @api.model
    def _privacy_pending_addresses(self):
        """:return: {id: address before it changed} of this model, not settled yet"""
        precommit = self.env.cr.precommit
        if _PENDING not in precommit.data:
            precommit.data[_PENDING] = {}
            precommit.add(self._privacy_settle_all_addresses)
        return precommit.data[_PENDING].setdefault(self._name, {})

    @api.model
    def _privacy_settle_all_addresses(self):
        """Before the transaction ends."""
        while pending := self.env.cr.precommit.data.pop(_PENDING, None):
            for name, before in pending.items():
                # superuser: the user changed another record, from which these follow
                subjects = self.env[name].sudo().browse(before).exists()
                subjects._privacy_after_address_change(before)
            self.env.flush_all()

    def _privacy_settle_addresses(self):
        """Do what follows from the changes of the addresses of these subjects."""
        self.flush_recordset([self._consent_email_field])
        pending = self._privacy_pending_addresses()
        before = {id_: pending.pop(id_) for id_ in self.ids if id_ in pending}
        if before:
            self.browse(before)._privacy_after_address_change(before)

    def _privacy_emails(self):
        """:return: {id: normalised address} of the person, or False"""
        # superuser: an address the user may not read still identifies the person
        return {
            subject.id: subject[self._consent_email_field] for subject in self.sudo()
        }

    def _privacy_after_address_change(self, before):
        """Nobody has opted in at a new address. It voids the links sent to the old one,
        and must be unused.

        :param dict before: {id: address before the change, or ""}
        """
        after = self._privacy_emails()
        changed = self.browse(id_ for id_ in after if (after[id_] or "") != before[id_])
        # what erasing takes away is remembered nowhere; superuser: the status is not
        # the user's to read on every model
        changed = changed.sudo().filtered(lambda s: s.privacy_status != "erased")
        changed = changed.with_env(self.env)
        if not changed:
            return
        changed._privacy_opt_in_reset()
        changed._privacy_revoke_links(replaced=before)
        changed._privacy_doubt_addresses(before)
        changed._privacy_unrelate_former_addresses()
        if self.env["privacy.gate"]._is_enabled():
            changed._privacy_check_address_unused()

    def _privacy_answered(self):
        """:return: those of these records whose person has said or been asked anything,
        as superuser; most have not"""
        # superuser: answers are the person's, whoever changes or links the record
        subjects, events = self.sudo(), self.env["consent.event"].sudo()
        answered = events.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "in", ["answer", "merge"]),
                ("value_to", "in", ["granted", "refused"]),
            ]
        )
        asked = self.env["privacy.request.subject"].sudo()
        requests = asked.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("request_id.state", "!=", "unconfirmed"),
            ]
        )
        ids = {*answered.mapped("res_id"), *requests.mapped("res_id")}
        return subjects.filtered(
            lambda subject: (
                subject.id in ids
                or subject.consent_requested_at
                or subject.email_opt_in in OPTED_OUT
                or subject.privacy_status == "stopped"
            )
        )

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
        """DUP-3: two contacts may not share an address, made at the same moment or not.

        :raise UserError: names the address and, if the user may see it, the contact
        :raise ConcurrencyError: somebody has just taken it: Odoo tries again
        """
        addresses = {address for address in self._privacy_emails().values() if address}
        if not addresses:
            return
        column = self._consent_email_field
        Turn(self.env, addresses).check_seen(self, column, addresses)
        # superuser: the address is taken whoever may see the other contact
        everyone = self.sudo().with_context(active_test=False)
        holders = everyone.search_fetch(
            self._privacy_identity_domain()
            & self._privacy_identified_domain(addresses),
            [column, *PROOF],
        )
        formers = holders._privacy_held_formers()
        by_address = defaultdict(list)
        for holder in holders:
            for address in {holder[column], *formers.get(holder.id, ())}:
                by_address[address].append(holder.id)
        for subject in self.sudo() & holders:
            if others := holders.browse(by_address[subject[column]]) - subject:
                raise UserError(
                    self._privacy_address_used_message(subject[column], others)
                )

    def _privacy_address_used_message(self, address, others):
        # the portal writes as superuser for somebody who may see nobody else, a form
        # in the superuser's name
        user = acting_user(self.env)
        known = others.browse() if not user or user._is_public() else others
        visible = known.with_user(user)._filtered_access("read")
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
