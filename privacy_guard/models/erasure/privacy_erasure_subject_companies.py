from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

LEFT = "other_company"


class PrivacyErasureSubject(models.Model):
    """What is found about people whom companies share, and is another company's: it is
    left to its officers, and the dry run says no more than how many rows (ROL-2)."""

    _inherit = "privacy.erasure.subject"

    def _leave_to_other_companies(self):
        for name, ids in self._rows_of_others().items():
            self.env.execute_query(
                SQL(
                    """
                    UPDATE privacy_erasure_line
                       SET treatment = 'keep', reason = %s, columns = NULL
                     WHERE subject_id = ANY(%s) AND res_model = %s
                       AND res_id = ANY(%s) RETURNING id
                    """,
                    LEFT,
                    self.ids,
                    name,
                    list(ids),
                )
            )

    def _rows_of_others(self):
        """:return: {name of a model: {id of a row: id of the company that keeps it}} of
        what was found and is not reached"""
        companies = self.erasure_id._officer()._privacy_reached_companies()
        if companies is None:
            return {}
        data_map = self.env["privacy.data.map"]
        return {
            name: data_map._out_of_reach(name, ids, companies)
            for name, ids in self._rows_found()
            if name in self.env
        }

    def _rows_found(self):
        """:return: list of (name of a model, ids of rows)"""
        return self.env.execute_query(
            SQL(
                "SELECT res_model, array_agg(DISTINCT res_id) FROM privacy_erasure_line"
                " WHERE subject_id = ANY(%s) GROUP BY res_model",
                self.ids,
            )
        )

    def _keepers(self):
        """:return: {company that is not reached: those of these people of whom it keeps
        something}, as superuser"""
        # guests have no record that two companies share
        people = self.filtered(lambda row: row.res_model != "privacy.guest")
        # superuser: as the erasure works, whoever begins it
        lines = self.env["privacy.erasure.line"].sudo()
        about = [("subject_id", "in", people.ids), ("reason", "=", LEFT)]
        left = lines.search(about)
        keepers, companies = {}, self.env["res.company"].sudo()
        for name, rows in self._rows_of_others().items():
            for line in left.filtered(lambda line, name=name: line.res_model == name):
                company = companies.browse(rows[line.res_id])
                keepers[company] = keepers.get(company, self[:0]) | line.subject_id
        return keepers

    def _to_be_asked(self):
        """:return: as :meth:`_keepers`, without whom the company has erased before:
        what it kept then, it keeps for a reason"""
        asked = {
            company: people - people._erased_before(company)
            for company, people in self._keepers().items()
        }
        return {company: people for company, people in asked.items() if people}

    def _erased_before(self, company):
        """:return: those of these people whom somebody has erased who reaches the
        company"""
        about = Domain.OR(
            Domain("res_model", "=", name)
            & Domain("res_id", "in", rows.mapped("res_id"))
            for name, rows in self.grouped("res_model").items()
        )
        erased = self.search(about & Domain("state", "=", "erased"))
        known = {
            row._whose()
            for erasure, rows in erased.grouped("erasure_id").items()
            if erasure._reaches(company)
            for row in rows
        }
        return self.filtered(lambda row: row._whose() in known)

    @api.model
    def _left_of(self, people):
        """:param people: erased people, of one model
        :return: set of the ids of those of whom another company was left something:
            its officers erase them, too"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT person.res_id FROM privacy_erasure_subject person
                  JOIN privacy_erasure_line line ON line.subject_id = person.id
                 WHERE person.res_model = %s AND person.res_id = ANY(%s)
                   AND person.state = 'erased' AND line.reason = %s
                """,
                people._name,
                people.ids,
                LEFT,
            )
        )
        return {id_ for (id_,) in rows}
