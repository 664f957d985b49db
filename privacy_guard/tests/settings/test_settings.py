from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.settings.res_config_settings import PARAMETERS
from ...tools import keyring
from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestSettings(PrivacyCommon):
    def settings(self, **values):
        settings = self.env["res.config.settings"].create(values)
        settings.set_values()
        return settings

    def parameter(self, name):
        return self.env["ir.config_parameter"].get_param(f"privacy_guard.{name}")

    def test_defaults_before_anything_was_set(self):
        for name, default in PARAMETERS.items():
            self.env["ir.config_parameter"].set_param(
                f"privacy_guard.{name.removeprefix('privacy_')}", False
            )
            with self.subTest(setting=name):
                settings = self.env["res.config.settings"].create({})
                self.assertEqual(settings[name], default)

    def test_no_and_zero_are_answers(self):
        """The framework would drop them and bring the defaults back."""
        self.settings(
            privacy_inform_automatically=False,
            privacy_send_hour=0.0,
            privacy_review_weekday="0",
            privacy_limit_data_consents=0,
        )
        self.assertEqual(self.parameter("inform_automatically"), "False")
        self.assertEqual(self.parameter("limit_data_consents"), "0")
        again = self.env["res.config.settings"].create({})
        self.assertFalse(again.privacy_inform_automatically)
        self.assertEqual(again.privacy_send_hour, 0)
        self.assertEqual(again.privacy_review_weekday, "0")
        self.assertEqual(again.privacy_limit_data_consents, 0)

    def test_hours_move_the_runs(self):
        company = self.env["res.company"]._privacy_main()
        company.privacy_tz = "UTC"
        self.settings(privacy_send_hour=6.5)
        cron = self.env.ref("privacy_guard.ir_cron_daily_requests")
        self.assertEqual((cron.nextcall.hour, cron.nextcall.minute), (6, 30))

    def test_a_broken_parameter_reads_as_the_default(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.link_days", "soon")
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.privacy_link_days, 365)

    def test_withheld_values(self):
        sealed = self.env["consent.sealed.value"]
        self.settings(privacy_withhold="erase", privacy_withhold_days=0)
        self.assertFalse(sealed._is_wanted() or sealed._destroy_date())
        self.settings(privacy_withhold="seal", privacy_withhold_days=7)
        self.assertTrue(sealed._is_wanted())
        self.assertEqual(sealed._days(), 7)

    def test_a_missing_key_is_said_where_sealing_is_chosen(self):
        admin = self.make_user("settler", "base.group_system")
        settings = self.env["res.config.settings"].with_user(admin).create({})
        self.assertFalse(settings.privacy_withhold_blocker)
        self.key_file.unlink()
        self.addCleanup(keyring.create)
        settings.invalidate_recordset(["privacy_withhold_blocker"])
        self.assertIn("privacy_keys create", settings.privacy_withhold_blocker)
        settings.privacy_withhold = "erase"
        self.assertFalse(settings.privacy_withhold_blocker)

    def test_nonsense_is_refused(self):
        for values in (
            {"privacy_send_hour": 24.0},
            {"privacy_review_hour": -1.0},
            {"privacy_link_days": 0},
            {"privacy_limit_custom_consents": -1},
            {"privacy_withhold_days": -1},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.settings(**values)

    def test_limit_is_obeyed_and_zero_lifts_it(self):
        self.settings(privacy_limit_custom_consents=1)
        self.env["consent.purpose"].search([("kind", "=", "custom")]).active = False
        self.make_purpose(name="First")
        with self.assertRaisesRegex(ValidationError, "Settings > Privacy"):
            self.make_purpose(name="Second")
        self.settings(privacy_limit_custom_consents=0)
        self.make_purpose(name="Third")

    def test_ticking_enable_without_the_wizard_enables_nothing(self):
        """PRE-1: the prerequisites are the only way."""
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.settings(privacy_enabled=True)
        self.assertFalse(self.env["privacy.gate"]._is_enabled())
