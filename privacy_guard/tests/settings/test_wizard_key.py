import json
import os
import stat
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...attempts import explain
from ...tools import installation, keyring
from ...tools.cipher import CipherError
from ..common import PrivacyCommon

COMMANDS = r"`|--|privacy_keys|/.*/"


@tagged("post_install", "-at_install")
class TestWizardKey(PrivacyCommon, HttpCase):
    """KEY-1: an administrator makes the key file without a shell, and nobody replaces
    one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user("settler", "base.group_system")
        cls.officer = cls.make_user("officer", "privacy_guard.group_privacy_officer")
        cls.key_file.unlink()

    def setUp(self):
        super().setUp()
        self.addCleanup(self.key_file.unlink, missing_ok=True)

    def wizard(self, user=None):
        return self.env["privacy.key"].with_user(user or self.admin).create({})

    def test_make(self):
        wizard = self.wizard()
        self.assertEqual((wizard.path, wizard.blocker), (str(self.key_file), False))
        action = wizard.action_make()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertEqual(wizard.key_id, self.keyring().active_id)
        self.assertEqual(stat.S_IMODE(self.key_file.stat().st_mode), 0o600)
        line = self.env["privacy.setting.log"].search([], limit=1)
        self.assertEqual(
            (line.key, line.value_to, line.user_id),
            ("privacy_guard.key_file", self.key_file.name, self.admin),
        )
        self.assertEqual(line.setting, "Key file")

    def test_beside_the_configuration_where_the_environment_names_none(self):
        folder = self.key_file.parent
        config = folder / "odoo.conf"
        config.touch()
        with (
            patch.dict(os.environ, {keyring.VARIABLE: ""}),
            patch.object(installation, "here", installation.Installation()),
        ):
            installation.settle(str(config), str(folder / "data"), "/addons")
            place = folder / installation.FILE_NAME
            self.addCleanup(place.unlink, missing_ok=True)
            wizard = self.wizard()
            self.assertIn("--addons-path=/addons privacy_keys", self.problem())
            self.assertIn(f"-c {config}", self.problem())
            wizard.action_make()
            self.assertEqual(wizard.path, str(place))
            self.assertTrue(keyring.load().active_id)

    def problem(self):
        return self.env["consent.sealed.value"].with_user(self.admin)._key_problem()

    def test_who_cannot_mend_it_reads_no_commands_and_paths(self):
        """Neither do jobs keep them, whose reasons officers read."""
        for who in (self.officer, self.env.user):
            env = self.env(user=who)
            sealed, log = env["consent.sealed.value"], env["consent.log"]
            for said in (sealed._blocker(), sealed._key_problem(), log._blocker()):
                with self.subTest(who=who.login, said=said):
                    self.assertNotRegex(said, COMMANDS)
                    self.assertIn("Ask your administrator", said)
        env = self.env(user=self.admin)
        self.assertRegex(env["consent.sealed.value"]._blocker(), COMMANDS)
        self.assertRegex(env["consent.log"]._blocker(), COMMANDS)

    def test_what_is_refused_for_want_of_a_key_names_no_commands(self):
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        self.patch(type(field), "_privacy_encryption_blocker", lambda field: "")
        with self.assertRaisesRegex(UserError, "Ask your") as refusal:
            field.with_user(self.officer)._privacy_encrypt(0)
        self.assertNotRegex(str(refusal.exception), COMMANDS)
        for error in (self.key_error(), CipherError("A value was altered.")):
            with mute_logger("odoo.addons.privacy_guard.attempts"):
                self.assertNotRegex(explain(self.env, error), COMMANDS)

    def key_error(self):
        with self.assertRaises(keyring.KeyringError) as refusal:
            keyring.load()
        return refusal.exception

    def test_nothing_is_replaced(self):
        content = b"{}"
        self.key_file.write_bytes(content)
        self.key_file.chmod(0o600)
        with self.assertRaises(UserError):
            self.wizard().action_make()
        self.assertEqual(self.key_file.read_bytes(), content)
        self.key_file.unlink()
        self.wizard().action_make()
        ids = self.keyring().ids
        with self.assertRaisesRegex(UserError, "already"):
            self.wizard().action_make()
        self.assertEqual(self.keyring().ids, ids)

    def test_no_new_key_where_a_former_one_is_missing(self):
        keyring.create()
        phone = self.make_data_purpose("phone")
        ann = self.make_contact(phone="+32 2 555 00 00")
        self.ask(ann, phone)
        self.env.flush_all()
        self.key_file.unlink()
        wizard = self.wizard()
        self.assertIn("put your copy", wizard.blocker)
        with self.assertRaisesRegex(UserError, "put your copy"):
            wizard.action_make()
        self.assertFalse(self.key_file.exists())

    def test_officers_do_not(self):
        with self.assertRaises(AccessError):
            self.wizard(self.officer)
        wizard = self.env["privacy.key"].sudo().create({})
        with self.assertRaises(AccessError):
            wizard.with_user(self.officer).sudo().action_make()
        self.assertFalse(self.key_file.exists())

    def rpc(self, method, *args):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": "privacy.key", "method": method, "args": args, "kwargs": {}},
        )

    def test_it_is_handed_out_once_to_who_has_made_it(self):
        url = "/privacy_guard/key-file"
        self.authenticate("settler", "settler")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 404)
        [wizard_id] = self.rpc("create", [{}])
        action = self.rpc("action_make", [wizard_id])
        self.assertNotIn('key":', json.dumps(action))
        answer = self.url_open(url)
        self.assertEqual(answer.content, self.key_file.read_bytes())
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 404)
        reasons = self.env["privacy.setting.log"].search([], limit=2).mapped("reason")
        self.assertIn("Downloaded as a backup", reasons)

    def test_nothing_of_the_key_is_in_the_database(self):
        wizard = self.wizard()
        wizard.action_make()
        [entry] = json.loads(self.key_file.read_text())["keys"]
        rows = str(wizard.read()) + str(self.env["privacy.setting.log"].search_read([]))
        self.assertNotIn(entry["key"], rows)

    def test_the_dialogue_that_encrypts_says_it_at_once(self):
        field = self.env["ir.model.fields"]._get("res.partner", "function")
        self.admin.group_ids |= self.env.ref("privacy_guard.group_privacy_officer")
        dialogues = self.env["privacy.encrypt"].with_user(self.admin)
        dialogue = dialogues.create({"field_id": field.id})
        self.assertIn("There is no key file", dialogue.key_problem)
        for user, offered in ((self.officer, False), (self.env.user, True)):
            if user == self.env.user:
                user = self.env.ref("base.user_admin")
            arch = dialogue.with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("Make a key" in arch, offered)
        self.wizard().action_make()
        dialogue.invalidate_recordset()
        self.assertFalse(dialogue.key_problem)
