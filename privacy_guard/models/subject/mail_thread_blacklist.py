from odoo import api, models
from odoo.tools import SQL, split_every
from odoo.tools.mail import email_normalize_all

from ...tools import addresses
from .mail_blacklist import compared

BATCH_SIZE = 1000


class MailThreadBlacklist(models.AbstractModel):
    """The address that identifies a record is in its one form (IDN-2), and whoever
    looks for it finds the record however the address is written: as core does, which
    would make another contact of who it does not find."""

    _inherit = "mail.thread.blacklist"

    def _compute_email_normalized(self):
        """In place of core's, which takes any two ways to write it for two."""
        self._assert_primary_email()
        for record in self:
            record.email_normalized = self._privacy_readable(
                record[self._primary_email]
            )

    @api.model
    def _privacy_readable(self, text):
        """:return: the address that identifies a record; False where Odoo's mailer
        reads another one in the same text: what we promise of one would go to the
        other. The gate asks about all that may be meant."""
        found = addresses.find(text)
        if not found or addresses.PLAIN.fullmatch(text):
            return found[0] if found else False
        sent_to = map(addresses.canonical, email_normalize_all(text))
        return found[0] if found[0] in sent_to else False

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = compared(domain, "email_normalized")
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _privacy_canonicalise_all(self):
        """What core has computed before this add-on was there, of all models, and the
        blacklist, which is compared with it."""
        self.env["mail.blacklist"]._privacy_canonicalise()
        registry = self.env.registry
        names = registry.descendants(["mail.thread.blacklist"], "_inherit")
        for name in sorted(names):
            if not registry[name]._abstract and registry[name]._auto:
                self.env[name]._privacy_canonicalise()

    @api.model
    def _privacy_canonicalise(self):
        """Compute again what may differ: most addresses are written in their one
        form."""
        names = {"email_normalized", "privacy_other_addresses"} & self._fields.keys()
        for ids in split_every(BATCH_SIZE, self._privacy_unusual_ids(), list):
            # superuser, archived or not: it changes nobody's data
            records = self.sudo().browse(ids)
            for name in names:
                self.env.add_to_compute(self._fields[name], records)
            self.env.flush_all()
            self.env.invalidate_all(flush=False)

    @api.model
    def _privacy_unusual_ids(self):
        self.flush_model([self._primary_email])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %(table)s WHERE %(email)s <> ''"
                " AND %(email)s !~ %(plain)s ORDER BY id",
                table=SQL.identifier(self._table),
                email=SQL.identifier(self._primary_email),
                plain=f"^{addresses.PLAIN.pattern}$",
            )
        )
        return [id_ for (id_,) in rows]
