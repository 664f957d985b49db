from collections import Counter

from odoo import api, models
from odoo.tools import SQL

# of the different mails of a run, as many of the most frequent ones as one looks at
PREVIEWED = 50


class ConsentAsking(models.AbstractModel):
    """The mails that a run would send, before it does."""

    _inherit = "consent.asking"

    @api.model
    def _preview(self, campaign):
        """Render what a run that begins now would send, as it would.

        Where it would write to nobody, what it would send of all that is published to
        people of the main company, in each language.

        :return: list of (dict of company_id, lang, purpose_ids and people: how many get
            the same; its ``RenderedMail``), the most frequent first
        """
        mails = self.env["consent.request.mail"].sudo()
        rows = self._previewed(campaign) or self._specimens(campaign)
        # superuser: as where they are queued
        template = self.env.ref(campaign.template).sudo()
        notices = mails._notices(rows)
        return [
            (
                row,
                mails._render(
                    template,
                    notices,
                    row["company_id"],
                    row["lang"],
                    tuple(row["purpose_ids"]),
                ),
            )
            for row in rows
        ]

    @api.model
    def _previewed(self, campaign):
        self.env.flush_all()  # what follows reads tables
        counts = Counter()
        for model_name in self.env["consent.record"]._subject_models():
            counts.update(self._count_mails(campaign, model_name))
        return [
            {
                "company_id": company_id,
                "lang": lang,
                "purpose_ids": list(purpose_ids),
                "people": people,
            }
            for (company_id, lang, purpose_ids), people in counts.most_common(PREVIEWED)
        ]

    @api.model
    def _count_mails(self, campaign, model_name):
        """:return: {(company id, lang, purpose ids): number of people whom a run that
        begins now would write to}"""
        # superuser: who asks for the company depends on nobody's rights
        main = self.env["res.company"].sudo()._privacy_main()
        subjects, query = self._askable(campaign, model_name)
        columns = SQL("record.res_id, record.purpose_id")
        rows = self.env.execute_query(
            SQL(
                """
                WITH due AS (%(due)s), person AS (%(people)s), mail AS (
                    SELECT COALESCE(purpose.company_id, person.company_id, %(main)s)
                               AS company_id,
                           person.lang,
                           array_agg(purpose.id ORDER BY purpose.sequence, purpose.id)
                               AS purpose_ids
                      FROM due
                      JOIN person ON person.id = due.res_id
                      JOIN consent_purpose purpose ON purpose.id = due.purpose_id
                  GROUP BY person.id, 1, 2
                )
                SELECT company_id, lang, purpose_ids, count(*)
                  FROM mail GROUP BY 1, 2, 3 ORDER BY 4 DESC
                """,
                due=self._due_sql(campaign, model_name, columns),
                people=query.select(
                    SQL("%s AS id", SQL.identifier(query.table, "id")),
                    SQL("%s AS lang", subjects._consent_lang_sql(query.table)),
                    SQL("%s AS company_id", subjects._consent_company_sql(query.table)),
                ),
                main=main.id,
            )
        )
        return self._by_mail(rows)

    @api.model
    def _by_mail(self, rows):
        """Who has no language that is installed gets the mail of the company's."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        counts = Counter()
        for company_id, lang, purpose_ids, people in rows:
            row = {
                "company_id": company_id,
                "lang": lang if lang in installed else None,
            }
            self.env["consent.request.mail"].sudo()._fill_in_languages([row])
            counts[company_id, row["lang"], tuple(purpose_ids)] += people
        return counts

    @api.model
    def _specimens(self, campaign):
        # superuser: as above
        main = self.env["res.company"].sudo()._privacy_main()
        purposes = self._purposes(campaign).filtered(
            lambda purpose: purpose.company_id in (main.browse(), main)
        )
        return [
            {
                "company_id": main.id,
                "lang": code,
                "purpose_ids": purposes.ids,
                "people": 0,
            }
            for code, _name in self.env["res.lang"].get_installed()
            if purposes
        ]
