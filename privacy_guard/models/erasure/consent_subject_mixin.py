from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import emptying
from ...tools import addresses as mailboxes
from ...tools import person_terms


class ConsentSubjectMixin(models.AbstractModel):
    """What erasing does to the record of the person (ERA-1, ERA-2)."""

    _inherit = "consent.subject.mixin"
    # the field with the name of the person
    _privacy_name_field = "name"

    def action_erase_personal_data(self):
        """Show what erasing these people's data would do; nothing changes yet.

        :return: action that opens the dry run
        :raise AccessError: for anybody but a privacy officer who may write the contacts
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        if not self:
            raise UserError(self.env._("Select whom to erase."))
        self.check_access("write")
        erasure = self.env["privacy.erasure"]._begin(self)
        return erasure._get_records_action(context={})

    # ------------------------------------------------------------------
    # What models say about themselves
    # ------------------------------------------------------------------

    @api.model
    def _privacy_identifying_names(self):
        """:return: names of the fields that erasing clears whether or not somebody has
        flagged them as personal"""
        formers = {"privacy_former_addresses", "privacy_replaced_addresses"}
        return {self._primary_email, "proven_email", *formers}

    @api.model
    def _privacy_structural_names(self):
        """:return: names of fields that say nothing about a person, flagged or not"""
        return {
            "privacy_status",
            "preferences_version",
            "consent_requested_at",
            "address_unproven_until",
            "email_opt_in",
            "opt_in_requested_at",
            "active",
            "color",
            "company_id",
            "message_bounce",
        }

    @api.model
    def _privacy_label_names(self):
        """:return: names of the fields that become an anonymous label"""
        return {self._rec_name}

    def _privacy_label(self):
        """:return: what stands in place of the name"""
        return self.env._("Erased record %s", self.id)

    def _privacy_address_records(self):
        """:return: records that are addresses of these people rather than people"""
        return self.browse()

    def _privacy_erasure_blockers(self):
        """:return: {id: why this person's data cannot be erased}"""
        # superuser: erased is who is, whoever may see it
        erased = self.sudo().filtered(lambda one: one.privacy_status == "erased")
        left = self.env["privacy.erasure.subject"]._left_of(erased)
        return {
            id_: self.env._("The data of this contact was erased already.")
            for id_ in erased.ids
            if id_ not in left
        }

    def _privacy_terms(self):
        """:return: list of (id, kind, normalised value, whether the database has it in
        plain text) of what identifies these people"""
        encrypted = self._privacy_encrypted_names()
        terms = {}
        for subject in self:
            for name, kind, values in subject._privacy_term_sources():
                for value in filter(None, values):
                    terms[subject.id, kind, value] = name not in encrypted
        others = self._privacy_terms_of_others(terms)
        return [
            (*key, is_plain) for key, is_plain in terms.items() if key not in others
        ]

    def _privacy_terms_of_others(self, terms):
        """:param terms: (id, kind, normalised value) of these people
        :return: set of those of them that identify somebody else"""
        canonical = {
            (id_, kind, value): mailboxes.canonical(value)
            for id_, kind, value in terms
            if kind == "email"
        }
        addresses = {id_: set() for id_ in self.ids}
        for (id_, _kind, _value), address in canonical.items():
            addresses[id_].add(address)
        others = self._privacy_addresses_of_others(addresses)
        return {key for key, address in canonical.items() if address in others[key[0]]}

    def _privacy_term_sources(self):
        """:return: list of (field, kind, normalised values) of one person"""
        address, name = self[self._primary_email], self._privacy_name_field
        return [
            (self._primary_email, "email", person_terms.addresses(address)),
            ("proven_email", "email", self._privacy_former_list()),
            (name, "name", [person_terms.full_name(self[name])]),
            # a single word identifies nobody in text, but the record under its id
            (name, "whole", [(self[name] or "").lower()]),
        ]

    # ------------------------------------------------------------------
    # Erasing
    # ------------------------------------------------------------------

    def _privacy_anonymise(self, reason, companies=None):
        """Clear the fields of these people, and put a label in place of the name and
        of what may not be empty.

        Below the ORM, as :meth:`_privacy_clear_field` and for the same reasons. What is
        computed from the fields follows.

        :param str reason: why, shown in the log of the status
        :param companies: ids of those in which copies of what they had go; None: all
        """
        for name in self._privacy_unlinked_names():
            self._privacy_unlink_all(name)
        erased = self._privacy_erased_names()
        required = {name for name in erased if self._fields[name].required}
        names = sorted(erased - required)
        labels = sorted(self._privacy_label_names() | required)
        with emptying.leaving_no_copy(self, names + labels, companies):
            self._privacy_write_anonymous(names, labels)
        self._privacy_revoke_links()
        self._privacy_set_status("erased", reason)
        self._privacy_remember_emptied(names)

    def _privacy_write_anonymous(self, names, labels):
        """:param list names: of columns to empty
        :param list labels: of columns that get the label"""
        self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s AS subject SET %(values)s
                  FROM unnest(%(ids)s::int[], %(labels)s::text[]) AS new (id, label)
                 WHERE new.id = subject.id RETURNING subject.id
                """,
                table=SQL.identifier(self._table),
                values=SQL(", ").join(
                    [SQL("%s = NULL", SQL.identifier(name)) for name in names]
                    + [SQL("%s = new.label", SQL.identifier(name)) for name in labels]
                ),
                ids=self.ids,
                labels=[subject._privacy_label() for subject in self],
            )
        )
        self.env.invalidate_all(flush=False)

    def _privacy_unlink_all(self, name):
        """Take what a field links to off these people, below the ORM as well.

        :param str name: name of a field to many, such as of tags
        """
        links = self._fields[name]
        self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE %s = ANY(%s) RETURNING 1",
                SQL.identifier(links.relation),
                SQL.identifier(links.column1),
                self.ids,
            )
        )
