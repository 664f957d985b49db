from odoo import api, models
from odoo.fields import Domain

# Among the data of a transaction: {model: ids of what may be of who has stopped}.
_STOPPING = "privacy_guard.stopping"


class ConsentLinkedMixin(models.AbstractModel):
    """Who has asked to stop processing has asked it for what is written about them
    later, too (STP-1): a lead that somebody types in, or that a form makes."""

    _inherit = "consent.linked.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        subjects = super().create(vals_list)
        subjects._privacy_share_stop_later()
        return subjects

    def _privacy_after_write(self, vals, before):
        result = super()._privacy_after_write(vals, before)
        if not self._privacy_address_names().isdisjoint(vals):
            self._privacy_share_stop_later()
        return result

    def _privacy_share_stop_later(self):
        """When the transaction ends: whoever makes a record, of a mail that comes in
        for instance, first completes it."""
        precommit = self.env.cr.precommit
        if _STOPPING not in precommit.data:
            precommit.data[_STOPPING] = {}
            precommit.add(self._privacy_share_all_stops)
        precommit.data[_STOPPING].setdefault(self._name, set()).update(self.ids)

    @api.model
    def _privacy_share_all_stops(self):
        for name, ids in self.env.cr.precommit.data.pop(_STOPPING, {}).items():
            # superuser: a stop binds whoever has made the record
            model = self.env[name].sudo().with_context(active_test=False)
            model.browse(ids).exists()._privacy_share_stop()
        self.env.flush_all()

    def _privacy_share_stop(self):
        """Stop those of these records whose person has stopped, as long as that lasts:
        an open request to stop is about them, too."""
        if not self.env["privacy.gate"]._is_enabled():
            return
        # superuser: a stop binds whoever may read the record that it was said of
        active = self.sudo().filtered(lambda s: s.privacy_status == "active")
        sources = {
            **active._privacy_stopped_at_addresses(),
            **active._privacy_stopped_contacts(),
        }
        if not sources:
            return
        self.env["privacy.request.subject"]._share(sources, self._name)
        active.browse(sources)._privacy_stop(
            self.env._("The person has asked to stop processing.")
        )

    def _privacy_stopped_contacts(self):
        """:return: {id: the contact who is the person and has stopped}"""
        contacts = self._privacy_contacts() if self else {}
        people = self.env["res.partner"].sudo().union(*contacts.values())
        stopped = people._privacy_asked_to_stop()
        return {id_: one for id_, one in contacts.items() if one in stopped}

    def _privacy_stopped_at_addresses(self):
        """:return: {id: a record of the same address whose person has stopped}"""
        addresses = {id_: a for id_, a in self._privacy_emails().items() if a}
        found = {}
        for name in self._privacy_linked_models() if addresses else ():
            # superuser: as above
            model = self.env[name].sudo().with_context(active_test=False)
            column = model._consent_email_field
            others = model.search_fetch(
                model._privacy_identified_domain(set(addresses.values()))
                & Domain("privacy_status", "=", "stopped"),
                [column],
            )
            stopped = others._privacy_asked_to_stop()
            for known in stopped._privacy_by_address(set(addresses.values())):
                found |= {a: model.browse(id_) for id_, a in known.items()}
        return {id_: found[a] for id_, a in addresses.items() if a in found}
