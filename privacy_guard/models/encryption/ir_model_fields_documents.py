from odoo import api, models

# What electronic invoices say of the seller and the buyer.
ADDRESS = ("street", "street2", "zip", "city", "vat", "phone", "ref")
UBL = (*ADDRESS, "company_registry", "peppol_endpoint", "global_location_number")
# add-on -> fields of contacts that its documents have to hold
DOCUMENTS = {
    "account_edi_ubl_cii": UBL,
    "l10n_es_edi_facturae": ADDRESS,
    "l10n_it_edi": (*ADDRESS, "l10n_it_codice_fiscale", "l10n_it_pa_index"),
}


class IrModelFields(models.Model):
    """Documents that other programs read need values: a mask on an electronic invoice
    makes it invalid, and a value in it lies beside the encrypted one, in a file."""

    _inherit = "ir.model.fields"

    @api.model
    def _privacy_document_fields(self):
        """Fields of contacts that electronic documents need, by the add-on that makes
        these.

        The hook for add-ons that make such documents.

        :return: {technical name of the add-on: names of fields of contacts}
        """
        return DOCUMENTS

    def _privacy_document_blocker(self):
        """:return: which electronic documents need the field, "" if none does"""
        if self.model != "res.partner":
            return ""
        needing = [
            module
            for module, names in self._privacy_document_fields().items()
            if self.name in names
        ]
        # superuser: which add-ons there are is no secret
        modules = self.env["ir.module.module"].sudo()
        makers = modules.search([("name", "in", needing), ("state", "=", "installed")])
        if not makers:
            return ""
        return self.env._(
            "electronic documents have to show it to whoever receives them: "
            "%(documents)s. You can flag it as sensitive instead, restrict who may "
            "read contacts, or uninstall what makes these documents.",
            documents=", ".join(makers.mapped("shortdesc")),
        )
