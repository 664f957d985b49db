import os

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ...constants import NEW_KEY
from ...tools import keyring

# the setting whose changes the log names
SETTING = "privacy_guard.key_file"


class PrivacyKey(models.TransientModel):
    """Make the key file, where nobody has a shell on the server.

    Where it goes is no user's to say. It is handed out once, in the session that has
    made it, and nothing of what it holds enters the database.
    """

    _name = "privacy.key"
    _description = "Key file"

    path = fields.Char("File", compute="_compute_path")
    blocker = fields.Text(compute="_compute_path")
    key_id = fields.Char(readonly=True)

    def _compute_path(self):
        for wizard in self:
            path, reason = self._place()
            wizard.path = path
            wizard.blocker = not wizard.key_id and reason

    def _place(self):
        """:return: (path of the file that is there or would be made, why none can be
        made, in the user's language)"""
        problem = self.env["consent.sealed.value"]._key_problem()
        if not problem:
            return keyring.path_in_use(), self.env._("There is a key file already.")
        if self._is_needed():
            return False, self.env._(
                "Values in this database are encrypted with a key that is missing. A "
                "new one would not open them: put your copy of the key file back."
            )
        try:
            path = keyring.path_for_new()
        except keyring.KeyringError as error:
            return False, str(error)
        return path, os.path.lexists(path) and problem

    def _is_needed(self):
        """:return: whether something in the database needs keys that were there"""
        # superuser: whether there are any, not what they are
        env = self.sudo().env
        in_use = [("privacy_encryption", "not in", (False, "off"))]
        return bool(
            env["consent.sealed.value"].search_count([], limit=1)
            or env["ir.model.fields"].search_count(in_use, limit=1)
            or env["privacy.suppression"].search_count([], limit=1)
        )

    def _check_system(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Making the key file needs the right to change settings.")
            )

    def action_make(self):
        """Make the file, with one key.

        :raise AccessError: for whoever may not change settings
        :raise UserError: there is a file, one is missing, or none can be written
        """
        self.ensure_one()
        self._check_system()
        path, reason = self._place()
        if reason:
            raise UserError(reason)
        # officers read the log: where the file is, is nothing for them
        self.env["privacy.setting.log"]._log({SETTING: (None, os.path.basename(path))})
        try:
            self.key_id = keyring.create(path).active_id
        except keyring.KeyringError as error:
            raise UserError(str(error)) from error
        if request:
            request.session[NEW_KEY] = self.key_id
        return self._get_records_action(
            name=self._description, target="new", context={}
        )

    def action_download(self):
        """:return: action that downloads the file that was just made, and leads who
        came from the overview on to the next step"""
        return {
            "type": "ir.actions.client",
            "tag": "privacy_guard_download",
            "params": {
                "url": "/privacy_guard/key-file",
                "next": self.env["privacy.dashboard"]._lead_on(None),
            },
        }

    def _hand_out(self, key_id):
        """:param str key_id: of the file that this session has made
        :return: what the file holds, as bytes
        :raise AccessError: for whoever may not change settings
        :raise UserError: another key is in use by now
        """
        self._check_system()
        path = keyring.path_in_use()
        if keyring.load(path).ids != (key_id,):
            raise UserError(self.env._("The key file has changed since it was made."))
        reason = self.env._("Downloaded as a backup")
        self.env["privacy.setting.log"]._log({SETTING: (path, path)}, reason)
        with open(path, "rb") as file:
            return file.read()
