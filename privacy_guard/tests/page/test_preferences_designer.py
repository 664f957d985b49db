from lxml import html
from odoo.modules.migration import load_script
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path, mute_logger

from .preferences_common import PAGE, PreferencesCase

LOGGER = "odoo.addons.privacy_guard.responses"


@tagged("post_install", "-at_install")
class TestPreferencesDesigner(PreferencesCase):
    """ROL-4: the page shows what the events say was shown, whatever a designer does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daily_run()
        cls.page = cls.env.ref("privacy_guard.preferences_page")

    def change(self, *replaced):
        for old, new in replaced:
            self.assertIn(old, self.page.arch_db)
            self.page.arch_db = self.page.arch_db.replace(old, new)

    def assertGenuine(self, response):
        """The texts, and one pair of answers for each, as published."""
        self.assertEqual(response.status_code, 200)
        page = html.fromstring(response.content)
        for purpose in (self.newsletter, self.birthday):
            [box] = page.xpath(f"//fieldset[.//input[@name='shown_{purpose.id}']]")
            self.assertEqual(
                [
                    one.text_content()
                    for one in box.xpath("legend | .//*[@class='pg-text']")
                ],
                [purpose.name, purpose.text],
            )
            answers = page.xpath(f"//input[@name='answer_{purpose.id}']")
            self.assertEqual([one.get("value") for one in answers], ["yes", "no"])
            labels = [one.getparent().text_content().strip() for one in answers]
            self.assertEqual(labels, ["Yes", "No"])
        self.assertHardened(response)

    def test_what_surrounds_the_questions_may_be_changed(self):
        self.change(("You decide what", "Dear friend, you decide what"))
        response = self.open()
        self.assertGenuine(response)
        self.assertIn("Dear friend", self.text(response))

    def test_no_view_holds_the_questions(self):
        """Nothing that a designer could open has their text, or an answer."""
        views = self.env["ir.ui.view"].search(
            [("key", "=like", "privacy_guard.preferences%")]
        )
        self.assertTrue(views)
        for view in views:
            self.assertNotRegex(view.arch_db, "answer_|shown_|question\\[")

    def test_other_questions_are_not_shown(self):
        own = """<form method="post" t-att-action="url">
            <t t-foreach="questions" t-as="q">
                <p>Shall we forget you?</p>
                <input type="hidden" t-attf-name="shown_{{q['id']}}"
                    t-att-value="q['notice_id']"/>
                <input type="radio" t-attf-name="answer_{{q['id']}}" value="yes"/>
            </t></form>"""
        genuine = '<t t-out="form"/>'
        for changed in (
            own,
            genuine + own,
            own + genuine,
            """<t t-out="form[:20] + form[20:].replace('newsletter', 'card')"/>""",
            "<t t-out='form'/><t t-out='form'/>",
            # to a browser, what follows in a picture's style is a form
            f"<svg><style><div>{own}</div></style></svg><i hidden=''>{genuine}</i>",
            "<input name='&#97;nswer_1' value='yes' form='x'/>" + genuine,
            "",
        ):
            with self.subTest(changed=changed), self.env.cr.savepoint() as savepoint:
                self.change((genuine, changed))
                with self.assertLogs(LOGGER, "ERROR"):
                    response = self.open()
                self.assertGenuine(response)
                self.assertNotIn("forget you", self.text(response))
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache("templates")

    def test_an_inherited_view_does_not_reach_them_either(self):
        self.env["ir.ui.view"].create(
            {
                "name": "Designed",
                "type": "qweb",
                "inherit_id": self.page.id,
                "arch": "<xpath expr=\"//t[@t-out='form']\" position='replace'>"
                "<p>We ask nothing.</p></xpath>",
            }
        )
        with self.assertLogs(LOGGER, "ERROR"):
            response = self.open()
        self.assertGenuine(response)

    def test_what_was_made_of_the_former_views_stays_archived(self):
        """Upgrading deletes these, which views that inherit from them would prevent."""
        view = self.env["ir.ui.view"].create(
            {
                "name": "Question",
                "type": "qweb",
                "key": "privacy_guard.preferences_question",
                "arch": "<p>Shall we?</p>",
            }
        )
        made = view.create(
            {
                "name": "Designed",
                "type": "qweb",
                "inherit_id": view.id,
                "arch": "<xpath expr='//p' position='inside'>Yes!</xpath>",
            }
        )
        path = "privacy_guard/migrations/19.0.1.3.0/pre-questions.py"
        script = load_script(file_path(path), "pre_questions")
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        view.unlink()
        self.assertFalse(made.active or made.inherit_id)

    def test_a_form_of_another_page_is_not_taken(self):
        """It may ask what it likes, and knows the person's session no more than that of
        whoever made it."""
        self.open()
        made_by_another = self.answers()
        self.authenticate(None, None)
        data = self.answers()
        name, shown = (f"{part}_{self.newsletter.id}" for part in ("answer", "shown"))
        before = self.value(self.person, self.newsletter)
        for value in (data[shown].partition("-")[0], made_by_another[shown]):
            attempt = {**data, name: "yes", shown: value}
            response = self.url_open(PAGE, data=attempt, allow_redirects=False)
            self.assertEqual(response.status_code, 400)
            self.assertEqual(self.value(self.person, self.newsletter), before)
        attempt = {**data, name: "yes"}
        response = self.url_open(PAGE, data=attempt, allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def answers(self):
        """:return: what a browser that has opened the link would post"""
        return self.form(self.open())

    def test_a_page_that_cannot_be_rendered_is_shown_plainly(self):
        """Such as a website's own copy that calls one of the former views."""
        self.change(
            ('<t t-out="form"/>', '<t t-call="privacy_guard.preferences_group"/>')
        )
        with self.assertLogs(LOGGER, "ERROR"):
            response = self.open()
        self.assertGenuine(response)

    def test_what_is_shown_then_can_be_answered(self):
        self.change(('<t t-out="form"/>', ""))
        with self.assertLogs(LOGGER, "ERROR"):
            response = self.open()
        with mute_logger(LOGGER):
            self.save(response, {self.newsletter: "no"})
        self.assertEqual(self.value(self.person, self.newsletter), "refused")

    def test_the_portal_page_as_well(self):
        user = new_test_user(self.env, "portal_ann", "base.group_portal")
        user.partner_id.email = "portal.ann@example.com"
        self.daily_run()
        self.authenticate("portal_ann", "portal_ann")
        self.change(('<t t-out="form"/>', "<p>We ask nothing.</p>"))
        with self.assertLogs(LOGGER, "ERROR"):
            response = self.url_open("/my/privacy")
        self.assertNotIn("We ask nothing", self.text(response))
        self.assertIn(self.newsletter.text, self.text(response))
