from odoo import api, models

from ...constants import SKIP_LOCKED
from ...fields.encrypted import exact_search_error


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        self.env["privacy.gate"]._check_merge(partners)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Before anything moves: the stricter answers, or the values that the
        merge is about to copy would escape them."""
        dst_partner._privacy_absorb_on_merge(src_partners)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """The merge takes over what is not locked, and leaves the rest out."""
        src_partners._privacy_release_addresses()
        dst_partner = dst_partner.with_context(**{SKIP_LOCKED: True})
        # core reads of all what it finds that it may read of one
        src_partners = src_partners.with_env(dst_partner.env)
        return super()._update_values(src_partners, dst_partner)

    @api.model
    def _generate_query(self, fields, maximum_group=100):
        """The query that looks for duplicates would compare ciphertexts, and find none.

        :raise EncryptedFieldError: when it would group by an encrypted field
        """
        partners = self.env["res.partner"]
        for name in partners._privacy_encrypted_names() & set(fields):
            raise exact_search_error(partners._fields[name], self.env)
        return super()._generate_query(fields, maximum_group)
