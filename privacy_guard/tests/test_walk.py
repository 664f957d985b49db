import json
from pathlib import Path

from odoo.tests import HttpCase, tagged

from .common import PrivacyCommon

SCRIPT = Path(__file__).with_name("walk.js").read_text()
OFFICER = ("privacy_guard.group_privacy_officer", "base.group_partner_manager")
# who sells and sends mailings, too, where that is installed
USER = (
    "privacy_guard.group_privacy_user",
    "sales_team.group_sale_salesman_all_leads",
    "mass_mailing.group_mass_mailing_user",
)


@tagged("post_install", "-at_install")
class TestWalk(PrivacyCommon, HttpCase):
    """No view, tab, filter, grouping, record or smart button of ours makes the client
    or the server fail, whoever opens it; on a phone, nothing is wider than that. Each
    role, language and width is walked once, in pairs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user("walker", ",".join(OFFICER))
        present = [name for name in USER if cls.env.ref(name, False)]
        cls.user = cls.make_user("stroller", ",".join(present))
        phone = cls.make_data_purpose("phone")
        news = cls.make_purpose()
        cls.ann = cls.make_contact(phone="+32 2 555 00 00")
        gone = cls.make_contact("Ben Gone")
        cls.ask(cls, cls.ann, phone)
        cls.answer(cls, cls.ann, news, "granted")
        requests = cls.env["privacy.request"]
        for kind in ("stop", "erasure", "access", "objection"):
            requests._make(gone, kind, "letter")
        cls.ann._privacy_set_status("active", "walk")
        of_officer = cls.env(user=cls.officer)
        of_officer["consent.verification"]._begin()
        of_officer["consent.mail.preview"]._open()
        of_officer["res.partner"].browse(gone.id).action_erase_personal_data()
        of_officer["consent.import"].create({})
        field = cls.env["ir.model.fields"]._get("res.partner", "function")
        of_officer["privacy.encryption.search"]._begin(field.with_user(cls.officer))

    def actions_of(self, user):
        """:return: list of what the script needs of each action of ours that opens a
        window for the user. Dialogues are about what they are opened from, but for
        those of menus."""
        data = self.env["ir.model.data"].search(
            [
                ("model", "=", "ir.actions.act_window"),
                ("module", "=like", "privacy_guard%"),
            ]
        )
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        names = {row.res_id: row.complete_name for row in data}
        context = {
            "active_id": self.ann.id,
            "active_ids": self.ann.ids,
            "default_partner_id": self.ann.id,
        }
        return [
            {
                "id": action.id,
                "name": names[action.id],
                "model": action.res_model,
                "views": action.view_mode.split(","),
                "context": {**context, "active_model": "res.partner"},
            }
            for action in actions.sorted("id")
            if self._may_open(action, user)
        ]

    def _may_open(self, action, user):
        menus = self.env["ir.ui.menu"].with_user(user).search([]).mapped("action")
        about_ann = action.res_model in ("consent.answer", "privacy.request.make")
        if action.target == "new" and action not in menus and not about_ann:
            return False
        model = self.env[action.res_model].with_user(user)
        groups = action.group_ids
        is_of_user = not groups or groups & user.all_group_ids
        return is_of_user and model.has_access("create" if model._transient else "read")

    def walk(self, user, lang, size, with_search=False):
        """:param with_search: whether to try filters and groupings, too: they are the
        same for everybody"""
        self.env["res.lang"]._activate_lang(lang)
        user.lang, self.browser_size = lang, size
        actions = self.actions_of(user)
        self.assertGreater(len(actions), 5)
        code = f"{SCRIPT}\nwalk({json.dumps(actions)}, {json.dumps(with_search)});"
        with self.assertNoLogs("odoo", "ERROR"):
            self.browser_js(
                "/odoo",
                f"(() => {{{code}}})()",
                "odoo.isReady === true",
                login=user.login,
                timeout=300,
            )

    def test_as_administrator(self):
        admin = self.env.ref("base.user_admin")
        self.walk(admin, "en_US", "1280x800", with_search=True)

    def test_as_officer(self):
        self.walk(self.officer, "ar_001", "390x844")

    def test_as_user_who_sells_and_mails(self):
        self.walk(self.user, "de_DE", "390x844")
