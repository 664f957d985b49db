from odoo import SUPERUSER_ID, models

from .privacy_web_form import MAILED


class PrivacyWebFormPending(models.Model):
    """Confirming a subscription puts the address onto the lists."""

    _inherit = "privacy.web.form.pending"

    def _summary(self):
        summary, content = super()._summary(), self._content()
        model = self.env[MAILED].with_context(lang=content["lang"])
        values = [
            (model._fields[name]._description_string(model.env), value)
            for name, value in content.get("subscriber", {}).items()
            if value and isinstance(value, str)
        ]
        values += [
            (model._fields["list_ids"]._description_string(model.env), one.name)
            for one in self._wanted_lists(content)
        ]
        return {**summary, "values": [*summary["values"], *values]}

    def _wanted_lists(self, content):
        lists = self.env["mailing.list"].with_user(SUPERUSER_ID)
        return lists.browse(content.get("list_ids", ())).exists()

    def _subjects(self, address, content):
        """The subscriber is on the lists before it is looked who consents."""
        if wanted := self._wanted_lists(content):
            self._subscribe(address, content, wanted)
        return super()._subjects(address, content)

    def _subscribe(self, address, content, wanted):
        """Put an address onto lists, whoever has left them before."""
        contacts = self.env[MAILED].with_user(SUPERUSER_ID)
        contact = contacts.search([("email_normalized", "=", address)], limit=1)
        if not contact:
            values = {"name": address, **_given(content["subscriber"])}
            contact = contacts.create({**values, "email": address})
        there = contact.subscription_ids
        there.filtered(lambda s: s.list_id in wanted and s.opt_out).opt_out = False
        self.env["mailing.subscription"].with_user(SUPERUSER_ID).create(
            [
                {"contact_id": contact.id, "list_id": one.id}
                for one in wanted - there.list_id
            ]
        )


def _given(values):
    return {name: value for name, value in values.items() if value}
