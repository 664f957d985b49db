from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import (
    masking_everyone,
    person_terms,
    value_behind,
)

# of the refusal reasons: keeps nothing from the number of what it duplicates
DUPLICATE = "duplicate"


class PrivacyGate(models.AbstractModel):
    """People are known by their numbers, too, in channels beside mail."""

    _inherit = "privacy.gate"

    @api.model
    def _find_channel_refusals(self, recipients, relevant, covers):
        """A number is every subject that has it: what holds for one of these holds for
        the recipient. As many queries per kind of subject for any number of them."""
        numbers = {r for r in recipients if isinstance(r, str) and "@" not in r}
        found = super()._find_channel_refusals(recipients - numbers, relevant, covers)
        if not numbers:
            return found
        by_number = defaultdict(set, found)
        for name in self.env["consent.record"]._subject_models():
            model = self.env[name]
            known = self._subjects_with_numbers(name, numbers)
            sql = model._privacy_refusals_sql(
                model._privacy_channel_refusals_by_sql("subject", covers),
                known.keys(),
                [],
                relevant,
                SQL("subject.id"),
            )
            rows = self.env.execute_query(sql)
            duplicates = {id_ for id_, _address, code, _c in rows if code == DUPLICATE}
            kept = set().union(*(known[id_] for id_ in known.keys() - duplicates))
            for id_, _address, code, colleague in rows:
                for number in known[id_] - (kept if code == DUPLICATE else set()):
                    by_number[number].add((code, colleague))
        if "stopped" in relevant:
            for number in self._listed_numbers(numbers):
                by_number[number].add(("stopped", False))
        if "no_marketing_consent" in relevant:
            for number in self._blacklisted_numbers(numbers):
                by_number[number].add(("no_marketing_consent", False))
        return by_number

    @api.model
    def _listed_numbers(self, numbers):
        """:return: those of erased people that no record has (ERA-2)"""
        by_digest = self._digests_to_refuse(
            "phone", {number: person_terms.digits(number) for number in numbers}
        )
        if not by_digest:
            return set()
        # superuser: the list is the officer's to see, and everybody's to obey
        listed = self.env["privacy.suppression"].sudo()
        found = listed.search_fetch(
            [("digest", "in", list(by_digest)), ("released_on", "=", False)], ["digest"]
        )
        suppressed = {by_digest[row.digest] for row in found}
        for name in self.env["consent.record"]._subject_models() if suppressed else ():
            known = self._subjects_with_numbers(name, {n for n, _all in suppressed})
            # superuser: as above
            for subject in self.env[name].sudo().browse(known):
                company = "company_id" in subject._fields and subject.company_id
                is_own = not company or company == self.env.company
                suppressed = {
                    (number, everywhere)
                    for number, everywhere in suppressed
                    if number not in known[subject.id] or not (everywhere or is_own)
                }
        return {number for number, _everywhere in suppressed}

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
    def _subjects_of_number(self, number):
        """:return: list of recordsets of the people with a number, without duplicates,
        as superuser"""
        found = []
        for name in self.env["consent.record"]._subject_models():
            ids = sorted(self._subjects_with_numbers(name, {number}))
            # superuser: whoever has the number stands for the person, not for a user
            subjects = self.env[name].sudo().with_context(active_test=False).browse(ids)
            subjects = subjects.filtered(lambda s: s.privacy_status != "duplicate")
            if subjects:
                found.append(subjects)
        return found

    @api.model
    def _numbers_of(self, records):
        """:return: set of the formatted numbers of records of any model"""
        if "phone_sanitized" not in records._fields:
            return set()
        # superuser: the number decides, whoever sees a mask of it
        records = records.sudo()
        records.fetch(["phone_sanitized"])
        with masking_everyone(self.env, False):
            numbers = {value_behind(record.phone_sanitized) for record in records}
        return {str(number) for number in numbers if number}

    @api.model
    def _blacklisted_numbers(self, numbers):
        """:return: those on Odoo's own blacklist, whatever the sender ticks"""
        # superuser: whoever sends need not read the blacklist
        blacklist = self.env["phone.blacklist"].sudo()
        return blacklist.search([("number", "in", list(numbers))]).mapped("number")
