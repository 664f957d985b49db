from odoo import SUPERUSER_ID, models

from .privacy_web_form import MAILED


class PrivacyWebFormPending(models.Model):
    """Confirming a subscription puts the address onto the lists."""

    _inherit = "privacy.web.form.pending"

    def _summary(self):
        summary = super()._summary()
        content = self._still_wanted(self._later_no())
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
        if content.get("unblock"):
            label = model._fields["is_blacklisted"]._description_string(model.env)
            told = model.env._(
                "%s gets our mailings again. What was refused stays refused.",
                self.email,
            )
            values.append((label, told))
        return {**summary, "values": [*summary["values"], *values]}

    def _still_wanted(self, later):
        """Nobody gets back onto a list that they have left since, by whatever way."""
        content = super()._still_wanted(later)
        if content.get("unblock") and later.email:
            content = {**content, "unblock": False, "refused": True}
        if not content.get("list_ids"):
            return content
        wanted = self._wanted_lists(content)
        left = wanted & self._left_lists()
        left |= (
            wanted
            if later.email
            else wanted.filtered(lambda one: later.forbids(one.privacy_purpose_id))
        )
        refused = content["refused"] or bool(left)
        return {**content, "list_ids": (wanted - left).ids, "refused": refused}

    def _is_left(self, content):
        wanted = content.get("list_ids") or content.get("unblock")
        return bool(wanted) or super()._is_left(content)

    def _left_lists(self):
        """:return: the lists that the address has left since it was posted"""
        # superuser: what somebody has said binds whoever has their old mail
        subscriptions = self.env["mailing.subscription"].sudo()
        return subscriptions.search(
            [
                ("contact_id.email_normalized", "=", self.email),
                ("opt_out", "=", True),
                ("opt_out_datetime", ">=", self._posted_at()),
            ]
        ).list_id

    def _wanted_lists(self, content):
        lists = self.env["mailing.list"].with_user(SUPERUSER_ID)
        return lists.browse(content.get("list_ids", ())).exists()

    def _subjects(self, address, content):
        """The subscriber is on the lists before it is looked who consents."""
        if content.get("unblock"):
            blocklist = self.env["mail.blacklist"].with_user(SUPERUSER_ID)
            blocklist._remove(address)
        if wanted := self._wanted_lists(content):
            wanted._privacy_join(address, _given(content["subscriber"]))
        elif content.get("unblock"):
            # nobody is made a contact by it
            return self.env["privacy.preferences.link"]._subjects_at(address)
        return super()._subjects(address, content)


def _given(values):
    return {name: value for name, value in values.items() if value}
