from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestMailingRecipients(MailingCommon):
    """By whose rights the recipients of a mailing are chosen."""

    def chosen_by(self, user, domain, **values):
        """:return: mailing to the contacts whom a user chooses, waiting in the queue"""
        mailing = self.make_mailing(
            self.env["res.partner"].browse(), subject="Chosen", body_html="<p>News</p>"
        )
        vals = {**mailing.copy_data()[0], "mailing_domain": repr(domain), **values}
        mailing.unlink()
        mailing = mailing.with_user(user).create(vals)
        mailing.action_put_in_queue()
        return mailing.sudo().with_user(self.env.user)

    def run_queue(self):
        """:return: who was written to by mailings"""
        before = self.env["mailing.trace"].search([])
        queue = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue")
        with self.enter_registry_test_mode(), self.mock_mail_gateway():
            queue.method_direct_trigger()
        traces = self.env["mailing.trace"].search([]) - before
        return self.env["res.partner"].browse(traces.mapped("res_id"))

    def make_marketers(self):
        """:return: users of mass mailing, in one company and in all of them; people of
        either, who have agreed"""
        groups = "mass_mailing.group_mass_mailing_user,base.group_partner_manager"
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        all_companies = [(6, 0, (self.env.company | elsewhere).ids)]
        one, all_ = (self.make_user(login, groups) for login in ("one", "all"))
        all_.company_ids = all_companies
        near, far = self.willing, self.make_contact("Fay Far")
        self.answer(far, self.purpose, "granted")
        near.company_id, far.company_id = self.env.company, elsewhere
        self.env.flush_all()
        return one, all_, near, far

    def test_it_goes_to_whom_its_author_may_read(self):
        """Whoever is named as responsible, or sends it: the queue is superuser."""
        one, all_, near, far = self.make_marketers()
        domain = [("id", "in", (near | far).ids)]
        own = self.chosen_by(one, domain, user_id=all_.id, privacy_chosen_by_id=all_.id)
        self.assertEqual(own.privacy_chosen_by_id, one)
        self.assertEqual(own.with_user(all_).total, 1)
        own.with_user(one).write({"privacy_chosen_by_id": all_.id})
        with self.assertRaises(AccessError):
            own.with_user(one).action_send_mail(far.ids)
        # nor is the mailing of somebody who may read more changed to that end
        changed = self.chosen_by(all_, [("id", "=", far.id)])
        changed.with_user(one).mailing_domain = repr(domain)
        one.active = False
        self.assertEqual(self.run_queue(), near)
        wide = self.chosen_by(all_, domain)
        wide.with_user(all_).user_id = one
        self.assertEqual(wide.with_user(one).with_context(lang=None).total, 1)
        self.assertEqual(self.run_queue(), near | far)
        # as the winner of a test is copied
        self.assertEqual(wide.copy().privacy_chosen_by_id, all_)
        self.assertEqual(wide.with_user(one).copy().privacy_chosen_by_id, one)

    def test_whoever_has_it_computed_anew_chooses(self):
        """ROL-2: the same value written again, also by superuser code of theirs, or the
        filter that it follows changed before; and a list that takes the mailing up."""
        one, all_, near, far = self.make_marketers()
        mine = repr([("id", "=", near.id)])
        by_list = self.env["mailing.list"].with_user(one).create({"name": "List"})
        filter_ = self.env["mailing.filter"].create(
            {
                "name": "Of these",
                "mailing_model_id": self.env["ir.model"]._get("res.partner").id,
                "mailing_domain": mine,
            }
        )
        for change in (
            lambda m: m.write({"mailing_type": "mail"}),
            lambda m: m.sudo().write({"mailing_type": "mail"}),
            lambda m: by_list.write({"mailing_ids": [(4, m.id)]}),
        ):
            mailing = self.chosen_by(all_, [("id", "=", near.id)])
            mailing.with_user(one).write({"subject": "Corrected"})
            self.assertEqual(mailing.privacy_chosen_by_id, all_)
            change(mailing.with_user(one))
            self.assertEqual(mailing.privacy_chosen_by_id, one)
            mailing.action_cancel()
        follows = self.chosen_by(
            all_, [("id", "=", near.id)], mailing_filter_id=filter_.id
        )
        filter_.mailing_domain = repr([("id", "in", (near | far).ids)])
        follows.with_user(one).write({"mailing_type": "mail"})
        self.assertEqual(follows.privacy_chosen_by_id, one)
        self.assertEqual(self.run_queue(), near)

    def test_it_is_chosen_by_what_its_author_may_read(self):
        one, _all, near, _far = self.make_marketers()
        domain = [("id", "=", near.id), ("ref", "=", False)]
        waiting = self.chosen_by(one, domain)
        broken = self.make_mailing(near)
        broken.mailing_domain = "[('no_field', '=', 1)]"
        broken.action_put_in_queue()
        sound = self.chosen_by(one, [("id", "=", near.id)])
        self.patch(
            self.env["res.partner"]._fields["ref"], "groups", "base.group_system"
        )
        for choose in (
            lambda: self.chosen_by(one, domain),
            lambda: sound.with_user(one).write({"mailing_domain": repr(domain)}),
            lambda: (
                self.env["mailing.filter"]
                .with_user(one)
                .create(
                    {
                        "name": "Of no group",
                        "mailing_model_id": waiting.mailing_model_id.id,
                        "mailing_domain": repr(domain),
                    }
                )
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                choose()
        self.env.invalidate_all()
        # what was chosen before, and what is none: the others are sent
        with mute_logger("odoo.addons.privacy_guard.attempts"):
            self.assertEqual(self.run_queue(), near)
        self.assertEqual(
            (waiting.state, broken.state, sound.state), ("draft", "draft", "done")
        )
        said = [str(one.message_ids.mapped("body")) for one in (waiting, broken)]
        self.assertIn("the rights of one", said[0])
        self.assertIn("Not sent", said[1])
