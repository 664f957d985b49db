from odoo import api, models
from odoo.tools import str2bool

from ...constants import REASON
from ..gate.privacy_gate import ENABLED

PREFIX = "privacy_guard."
# settings of Odoo that what we promise rests on. Expressions in templates are code, and
# can switch masks off: on or off, which Odoo writes as it likes
SWITCHES = frozenset({"mail.restrict.template.rendering"})
# where links in mails lead, which database it is that seals, and who is given people's
# numbers and addresses to send them messages and letters
PLACES = frozenset(
    {
        "web.base.url",
        "web.base.url.freeze",
        "database.uuid",
        "sms.endpoint",
        "snailmail.endpoint",
    }
)
# what signs links: that it was changed, not to what
SECRETS = frozenset({"database.secret"})
NOT_SHOWN = "***"


class IrConfigParameter(models.Model):
    """Changes of settings that people's data depend on leave a line in their log,
    whatever the way, and officers hear of it when consents are switched off."""

    _inherit = "ir.config_parameter"

    @api.model_create_multi
    def create(self, vals_list):
        parameters = super().create(vals_list)
        parameters._privacy_log_changes({})
        return parameters

    def write(self, vals):
        former = self._privacy_values()
        result = super().write(vals)
        self._privacy_log_changes(former)
        return result

    def unlink(self):
        former = self._privacy_values()
        # Odoo forgets what is cached and then deletes: what is still to be done reads
        # the former value in between, which would stay
        self.env.flush_all()
        result = super().unlink()
        self.browse()._privacy_log_changes(former)
        return result

    def _privacy_values(self):
        """:return: {key: value} of those of these parameters that the log is about"""
        # superuser: whoever changes a parameter, by whatever right
        return {
            row.key: str(bool(row.value)) if row.key in SWITCHES else row.value
            for row in self.sudo()
            if row.key.startswith(PREFIX) or row.key in SWITCHES | PLACES | SECRETS
        }

    def _privacy_log_changes(self, former):
        """:param dict former: {key: value} from before the change"""
        new = self._privacy_values()
        changes = {
            key: self._privacy_change(key, former.get(key), new.get(key))
            for key in sorted(former.keys() | new.keys())
            if former.get(key) != new.get(key)
        }
        if not changes:
            return
        reason = self.env.context.get(REASON)
        self.env["privacy.setting.log"]._log(changes, reason)
        if ENABLED in changes:
            before, after = (str2bool(value or "", False) for value in changes[ENABLED])
            if before != after:
                self.env["privacy.gate"]._after_switch(after, reason)

    @api.model
    def _privacy_change(self, key, former, new):
        """:return: (former value, new value) as the log shows them"""
        if key in SECRETS:
            return former and NOT_SHOWN, new and NOT_SHOWN
        return former, new
