import re

from odoo import api, models
from odoo.tools import SQL

from ...tools import addresses as mailboxes
from ...tools import suppression

# What a column with addresses is called, and its types.
MAIL_COLUMN = re.compile(r"(^|_)e?mail(_|$)")
TEXT_TYPES = ("character varying", "text")


class PrivacyGuest(models.Model):
    """After a backup was restored: a guest has no record whose id would tell who it is,
    so all addresses are compared."""

    _inherit = "privacy.guest"

    @api.model
    def _found_again(self, hashes):
        """:param set hashes: of addresses, from the journal of erasures
        :return: new guests, for those of the addresses that are there again, and are no
            contact's"""
        if not hashes:
            return self.browse()
        keys = self.env["privacy.suppression"]._keys().values()
        known = {
            address
            for address in self._stored_addresses()
            if not hashes.isdisjoint(
                suppression.digest(key, "email", address) for key in keys
            )
        }
        guests = self._make([{"email": address} for address in sorted(known)])
        contacts = guests._contacts()
        taken = guests.filtered(lambda guest: contacts[guest.id])
        taken._drop()
        return guests - taken

    @api.model
    def _stored_addresses(self):
        """:return: set of the addresses, canonical, in all columns for addresses"""
        data_map = self.env["privacy.data.map"]
        filled = data_map._tables_with_rows()
        selects = [
            SQL(
                "SELECT lower(%(column)s) FROM %(table)s WHERE %(column)s LIKE '%%@%%'",
                column=SQL.identifier(name),
                table=SQL.identifier(table),
            )
            for table, columns in sorted(data_map._columns_of_tables().items())
            for name, type_ in columns.items()
            if table in filled and type_ in TEXT_TYPES and MAIL_COLUMN.search(name)
        ]
        rows = self.env.execute_query(SQL(" UNION ").join(selects)) if selects else ()
        return {address for (text,) in rows for address in mailboxes.find(text)}
