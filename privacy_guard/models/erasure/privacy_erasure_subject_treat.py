import logging

from odoo import fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class PrivacyErasureSubject(models.Model):
    """Treating what is held about people, as declared. The caller commits."""

    _inherit = "privacy.erasure.subject"

    def _fulfil(self):
        """Erase these people, and close the requests that this fulfils, whoever began
        the erasure: the people are told."""
        for records in self._people():
            requests = self.env["privacy.request"]._fulfilled_by_erasing(records)
            mails = requests._completion_mails()
            people = self._of_model(records._name)
            people._erase()
            keepers = set(people._keepers())
            done = requests.filtered(lambda r, left=keepers: r.company_id not in left)
            done._note_erased([mail for mail in mails if mail[0] in done])

    def _of_model(self, name):
        return self.filtered(lambda row: row.res_model == name)

    def _erase(self):
        """Erase these people, all or nothing: what is found now, which may be more than
        the dry run found."""
        people = self._claim()
        if not people:
            return
        everything = people._all_terms()
        terms = people._without_other_companies(everything)
        people._store_terms(terms)
        self.env["privacy.erasure.line"]._take_over(people)
        people._find_lines(terms)
        patterns = people._patterns(terms)
        for declaration in people._with_lines():
            if declaration.treatment != "keep":
                people._treat(declaration, patterns)
        self.env.invalidate_all()
        reason = self.env._("Personal data erased: %s", people.erasure_id.name)
        # in the background, and done by who confirmed it
        officer = people.erasure_id.user_id
        companies = people.erasure_id._officer()._privacy_reached_companies()
        for records in people._people():
            records.with_user(officer).sudo()._privacy_anonymise(reason, companies)
        people._note_erased(terms, set(everything).difference(terms))

    def _claim(self):
        """Lock the people; somebody else may have erased them, or given one of them a
        login, since the dry run.

        :return: those that can be erased
        """
        for records in self._people():
            self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                    SQL.identifier(records._table),
                    records.ids,
                )
            )
            existing = records.exists()
            blockers = dict.fromkeys(
                set(records.ids) - set(existing.ids),
                self.env._("The contact was deleted meanwhile."),
            )
            blockers |= existing._privacy_erasure_blockers()
            for row in self:
                if row.res_model == records._name and row.res_id in blockers:
                    row._refuse(blockers[row.res_id])
        return self.filtered(lambda row: row.state == "pending")

    def _refuse(self, blocker):
        self._set({"state": "refused", "blocker": blocker})
        self.env["privacy.erasure.line"]._leave(self)

    def _fail(self, reason):
        """
        :param str reason: what is in the way now; it can be tried again
        :return: what is kept of the reason
        """
        told = self._told_of_failure(reason)
        self._refuse(told)
        self._set({"state": "failed"})
        return told

    def _whose(self):
        """:return: (model, id) of who is to be erased"""
        return self.res_model, self.res_id

    def _note_erased(self, terms, shared):
        """:param shared: terms by which another company knows somebody"""
        digests = self.env["privacy.suppression"]._suppress(self, terms, shared)
        for row in self:
            row._set(
                {
                    "state": "erased",
                    "erased_at": fields.Datetime.now(),
                    "digests": digests.get(row.id, []),
                }
            )
        _logger.info("Personal data erased: %s", self.mapped("res_id"))
