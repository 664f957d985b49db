from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import masking_everyone, value_behind


class PrivacyGate(models.AbstractModel):
    """May this person get a text message of this class?"""

    _inherit = "privacy.gate"

    @api.model
    def _sms_refusals(self, asked):
        """Who may not get text messages, in as many queries per kind of subject for any
        number of recipients.

        A recipient is the id of a contact or a formatted number. A number is every
        subject that has it: what holds for one of these holds for the recipient.

        :param dict asked: {class of message: set of recipients}
        :return: {(class, recipient): refusal reason} of those who may not get it
        """
        return self._refusals(asked, self._find_sms_refusals)

    @api.model
    def _find_sms_refusals(self, recipients, relevant):
        """:return: {recipient: set of (reason, whether about a colleague)}"""
        numbers = {person for person in recipients if isinstance(person, str)}
        found = defaultdict(set)
        self.env["consent.purpose"].flush_model()
        self.env["privacy.request"].flush_model()
        for name in self.env["consent.record"]._subject_models():
            model = self.env[name]
            known = self._subjects_with_numbers(name, numbers)
            if name == "res.partner":
                for person in recipients - numbers:
                    known[person].add(person)
            sql = model._privacy_refusals_sql(
                model._privacy_sms_refusals_by_sql("subject"),
                known.keys(),
                [],
                relevant,
                SQL("subject.id"),
            )
            for id_, _address, code, colleague in self.env.execute_query(sql):
                for recipient in known[id_]:
                    found[recipient].add((code, colleague))
        if "no_marketing_consent" in relevant:
            for number in self._blacklisted_numbers(numbers):
                found[number].add(("no_marketing_consent", False))
        return found

    @api.model
    def _subjects_with_numbers(self, name, numbers):
        """:return: {id of a subject: set of those of the numbers that it has}"""
        known = defaultdict(set)
        if "phone_sanitized" not in self.env[name]._fields or not numbers:
            return known
        # superuser: who may not read a contact must not write to it either; archived
        # people have rights too
        subjects = self.env[name].sudo().with_context(active_test=False)
        with masking_everyone(self.env, False):
            for subject in subjects.search_fetch(
                Domain("phone_sanitized", "in", list(numbers)), ["phone_sanitized"]
            ):
                known[subject.id].add(str(value_behind(subject.phone_sanitized)))
        return known

    @api.model
    def _blacklisted_numbers(self, numbers):
        """:return: those on Odoo's own blacklist, whatever the sender ticks"""
        # superuser: whoever sends need not read the blacklist
        blacklist = self.env["phone.blacklist"].sudo()
        return blacklist.search([("number", "in", list(numbers))]).mapped("number")
