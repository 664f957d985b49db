from odoo.tests import tagged

from .newsletter_common import NewsletterCase


@tagged("post_install", "-at_install")
class TestNewsletterTour(NewsletterCase):
    """A visitor subscribes in a browser."""

    def test_subscribe(self):
        self.page.view_id.arch = f"""
            <t t-call="website.layout">
                <div id="wrap" class="oe_structure oe_empty">
                    <section class="s_newsletter_block s_newsletter_list"
                             data-list-id="{self.list.id}">
                        <div class="container">
                            <t t-snippet-call=
                               "website_mass_mailing.s_newsletter_subscribe_form"/>
                        </div>
                    </section>
                </div>
            </t>
        """
        self.start_tour("/form-page", "privacy_guard_website_mass_mailing_subscribe")
        content = self.pending("ann@example.com").sudo()._content()
        notice = self.newsletter._current_notices()[self.newsletter.id]
        self.assertEqual(content["notice_ids"], notice.ids)
        self.assertFalse(self.subscriptions("ann@example.com"))

    def test_coming_back_is_told_as_what_it_is(self):
        user = self.make_user("vic", "base.group_portal", email="vic@example.com")
        tour = "privacy_guard_website_mass_mailing_come_back"
        self.start_tour("/mailing/my", tour, login=user.login)
        blocklist = self.env["mail.blacklist"]
        self.assertTrue(blocklist.search([("email", "=", "vic@example.com")]))
        self.assertFalse(self.subscriptions("vic@example.com"))
        self.assertTrue(self.pending("vic@example.com"))
