from odoo.exceptions import UserError
from odoo.tools import SQL


def uninstall_hook(env):
    """Leads are no subjects any more: they get back what was withheld, and nobody asks
    for them. Events stay with Privacy Guard.

    :raise UserError: fields of leads are encrypted, or a key is missing
    """
    leads = env["crm.lead"].with_context(active_test=False)
    if names := leads._privacy_encrypted_names():
        raise UserError(
            env._(
                "Turn the encryption of fields of leads off first: %s",
                ", ".join(sorted(names)),
            )
        )
    _restore_withheld(leads)
    purposes = env["consent.purpose"].search([("field_id.model", "=", leads._name)])
    purposes.active = False
    env.execute_query(
        SQL("DELETE FROM consent_record WHERE res_model = %s RETURNING id", leads._name)
    )
    env["consent.record"].invalidate_model(flush=False)


def _restore_withheld(leads):
    # superuser: nobody has a right on what is withheld
    sealed = leads.env["consent.sealed.value"].sudo()
    of_leads = [("res_model", "=", leads._name)]
    for purpose, rows in sealed.search(of_leads).grouped("purpose_id").items():
        leads.browse(rows.mapped("res_id"))._restore_field(purpose)
    if lost := sealed.search_count(of_leads):
        raise UserError(
            leads.env._("%s withheld values cannot be opened: see the log.", lost)
        )
