from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import addresses as mailboxes
from ...tools import person_terms

STATUSES = [("active", "Active"), ("erased", "Erased")]
# What nobody confirmed in so many days is deleted, as the dry run is.
KEEP_UNUSED = timedelta(days=7)


class PrivacyGuest(models.Model):
    """Somebody whom the database knows by an address and has no record of: a guest who
    registered for an event, answered a survey, wrote a mail (GDPR Art. 17).

    To an erasure they are what a contact is, and it asks them the same. The row is
    there for that: once they are erased, it has no address any more.
    """

    _name = "privacy.guest"
    _description = "Person without a record"
    _inherit = ["consent.frozen.mixin"]
    _rec_name = "email"
    _order = "id desc"

    email = fields.Char("E-mail address", readonly=True)
    privacy_status = fields.Selection(
        STATUSES, required=True, readonly=True, default="active"
    )

    @api.depends("email")
    def _compute_display_name(self):
        for guest in self:
            guest.display_name = guest.email or self.env._("Erased guest %s", guest.id)

    @api.model
    def _erase_address(self, text):
        """Show what erasing whoever has an address would do; nothing changes yet.

        :param str text: one address
        :return: the dry run: about the contacts whose address it is, else about a guest
        :raise AccessError: for anybody but a privacy officer, who may write the
            contacts
        :raise UserError: it is no address, or several
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        address = mailboxes.only(text)
        if not address:
            raise UserError(self.env._("Enter one e-mail address."))
        erasures, guest = self.env["privacy.erasure"], self._make([{"email": address}])
        contacts = guest._contacts()[guest.id]
        if contacts:
            guest._drop()
            return erasures._begin(contacts.with_env(self.env))
        # superuser: nobody edits guests; who the officer is, was asked above
        return erasures._begin(guest.sudo())

    def _contacts(self):
        """:return: {id: the contacts whose address it is, as far as who made the row
        reaches them, as superuser}"""
        guests = self.sudo()
        holders = self._holders(set(guests.mapped("email")) - {False})
        return {
            guest.id: guest.env["res.partner"]
            .with_context(active_test=False)
            .browse(sorted(holders.get(guest.email, ())))
            ._privacy_reached_by(guest.create_uid)
            for guest in guests
        }

    @api.model
    def _holders(self, addresses):
        """:param set addresses: canonical ones
        :return: {address: ids of contacts whom it identifies, or who log in by it}. An
            unproven one may be somebody else's."""
        # superuser: an address is somebody's whoever may see the record
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        column = partners._consent_email_field
        found = partners.search(
            partners._privacy_identified_domain(addresses)
            & Domain("privacy_status", "!=", "erased")
        )
        users = partners.env["res.users"].search([("login", "in", list(addresses))])
        known = [
            *((one[column], one.id) for one in found._privacy_proven()),
            *(
                (former, id_)
                for id_, formers in found._privacy_held_formers().items()
                for former in formers
            ),
            *((user.login, user.partner_id.id) for user in users),
        ]
        holders = {}
        for address, id_ in known:
            holders.setdefault(address, set()).add(id_)
        return holders

    @api.autovacuum
    def _gc_unused(self):
        """Those of dry runs that nobody confirmed."""
        used = self.env["privacy.erasure.subject"]._search(
            Domain("res_model", "=", self._name)
        )
        old = fields.Datetime.now() - KEEP_UNUSED
        self.search(
            Domain("id", "not in", used.subselect("res_id"))
            & Domain("create_date", "<", old)
        )._drop()

    # ------------------------------------------------------------------
    # What an erasure asks of people, see `consent.subject.mixin`
    # ------------------------------------------------------------------

    def _privacy_terms(self):
        """:return: list of (id, kind, normalised value, whether the database has it in
        plain text); an add-on adds what else it knows of who has the address"""
        return [
            (guest.id, "email", address, True)
            for guest in self
            for address in person_terms.addresses(guest.email)
        ]

    def _privacy_elsewhere(self, officer):
        """:return: list of recordsets, one per model, of leads and the like with their
        address; contacts are erased as such"""
        reached = [
            records._privacy_reached_by(officer)
            for records in self._privacy_same_people()
        ]
        return [records for records in reached if records]

    def _privacy_out_of_reach(self, officer):
        """:return: as :meth:`_privacy_elsewhere`, of all models, what is not reached"""
        missed = [
            records - records._privacy_reached_by(officer)
            for records in self._privacy_same_people()
        ]
        return [records for records in missed if records]

    def _privacy_same_people(self):
        """:return: list of recordsets, one per model, of what is kept there about the
        same people"""
        addresses = self.filtered("email").mapped("email")
        found = []
        for name in self.env["consent.record"]._subject_models():
            # superuser: all of a person goes, whoever may see it
            model = self.env[name].sudo().with_context(active_test=False)
            domain = model._privacy_same_person_domain(self, addresses)
            found.append(model.search(domain).with_env(self.env))
        return found

    def _privacy_reached_by(self, _officer):
        return self

    def _privacy_address_records(self):
        return self.browse()

    def _privacy_erasure_blockers(self):
        """:return: {id: why this person's data cannot be erased}"""
        erased = self.filtered(lambda guest: guest.privacy_status == "erased")
        known = [id_ for id_, found in (self - erased)._contacts().items() if found]
        return {
            **dict.fromkeys(
                erased.ids, self.env._("The data of this address was erased already.")
            ),
            **dict.fromkeys(
                known, self.env._("A contact has this address: erase the contact.")
            ),
        }

    @api.model
    def _privacy_erased_names(self):
        """The data map declares the one column: rows of other officers about the same
        address lose it as well."""
        return set()

    @api.model
    def _privacy_unlinked_names(self):
        return set()

    @api.model
    def _privacy_label_names(self):
        return set()

    @api.model
    def _privacy_kept_names(self):
        return set()

    @api.model
    def _privacy_held_sql(self, _names):
        """:return: SQL select of id, and which of these columns hold something"""
        return SQL("SELECT id, '' AS columns FROM privacy_guest")

    def _privacy_anonymise(self, _reason, companies=None):
        self._set({"email": False, "privacy_status": "erased"})
