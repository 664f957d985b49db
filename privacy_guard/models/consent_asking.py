from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# A person is asked at most once in this time, by whomever.
ASK_INTERVAL = timedelta(hours=24)
BATCH_SIZE = 1000


@dataclass(frozen=True)
class Campaign:
    """What distinguishes asking from telling of revised texts; the rest is shared."""

    template: str  # XML id of the mail template
    due: SQL  # which consents (alias "record") the mail is about
    kind: str  # of the event appended for each of these consents
    value: str | None  # that they take, None: unchanged
    is_request: bool  # obeys the interval, and counts for it


REQUEST = Campaign(
    template="privacy_guard.mail_template_consent_request",
    due=SQL("record.value = 'applicable'"),
    kind="request",
    value="waiting",
    is_request=True,
)
REVISION = Campaign(
    template="privacy_guard.mail_template_consent_revision",
    due=SQL(
        "record.to_review AND record.review_told_at IS NULL"
        " AND record.value IN ('granted', 'refused')"
    ),
    kind="told",
    value=None,
    is_request=False,
)


class ConsentAsking(models.AbstractModel):
    """Claim, queue and mark: how a batch of people is written to.

    All three happen in the caller's transaction and in a number of queries that does
    not depend on the number of people. A kill at any line leaves a person either
    asked (mail, value, event and date) or untouched.
    """

    _name = "consent.asking"
    _description = "Asking for consent"

    @api.model
    def _ask(self, campaign, model_name, ids=None, *, after=0, source, user_id=None):
        """Write to the next people of whom the campaign has something to ask.

        People whom another transaction holds are left out; asking again finds them.

        :param ids: only these subjects, else everyone with an id above ``after``
        :return: ids of those asked, ascending, at most ``BATCH_SIZE``
        """
        self.env.flush_all()  # what follows reads tables
        rows = self._claim(campaign, model_name, ids, after)
        if not rows:
            return []
        notices = self.env["consent.request.mail"]._queue(
            self.env.ref(campaign.template), model_name, rows
        )
        self._mark(campaign, model_name, rows, notices, source, user_id)
        # sudo: waking up the mail queue is part of asking
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return sorted({row["res_id"] for row in rows})

    @api.model
    def _claim(self, campaign, model_name, ids, after):
        """Lock the next people and fetch what to ask them.

        :return: one dict per person and company that asks
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH claimed AS MATERIALIZED (%(claimed)s)
              SELECT claimed.id AS res_id, claimed.lang,
                     COALESCE(purpose.company_id, claimed.company_id, %(main)s)
                         AS company_id,
                     array_agg(purpose.id ORDER BY purpose.sequence, purpose.id)
                         AS purpose_ids,
                     array_agg(record.value ORDER BY purpose.sequence, purpose.id)
                         AS record_values
                FROM claimed
                JOIN consent_record record
                  ON record.res_model = %(model)s AND record.res_id = claimed.id
                JOIN consent_purpose purpose ON purpose.id = record.purpose_id
               WHERE %(due)s
            GROUP BY 1, 2, 3
            ORDER BY 1, 3
                """,
                claimed=self._claimed_sql(campaign, model_name, ids, after),
                main=self.env["res.company"].sudo()._privacy_main().id,
                model=model_name,
                due=self._due_sql(campaign),
            )
        )
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for row in rows:
            if row["lang"] not in installed:
                row["lang"] = None  # the company's
        return rows

    @api.model
    def _count(self, campaign, model_name):
        """:return: number of people whom the campaign has something to ask"""
        return len(self._to_ask(campaign, model_name))

    @api.model
    def _to_ask(self, campaign, model_name):
        """:return: Query of the people whom the campaign has something to ask"""
        # sudo: whom to ask does not depend on who runs the job; the button checks
        subjects = self.env[model_name].sudo().with_context(active_test=False)
        query = subjects._search(subjects._askable_domain())
        query.add_where(self._has_due_sql(campaign, model_name, query.table))
        if campaign.is_request:
            lately = self._asked_lately_sql(query.table)
            query.add_where(SQL("(%s) IS NOT TRUE", lately))
        return query

    @api.model
    def _claimed_sql(self, campaign, model_name, ids, after):
        """The next people, locked; a lock by someone else is passed over."""
        subjects = self.env[model_name]
        query = self._to_ask(campaign, model_name)
        table = SQL.identifier(query.table)
        within = SQL("> %s", after) if ids is None else SQL("= ANY(%s)", list(ids))
        query.add_where(SQL("%s.id %s", table, within))
        query.order = SQL("%s.id", table)
        query.limit = BATCH_SIZE
        # NO KEY: rows that refer to these people may still be inserted
        return SQL(
            "%s FOR NO KEY UPDATE OF %s SKIP LOCKED",
            query.select(
                SQL("%s.id", table),
                SQL("%s AS lang", subjects._asking_lang_sql(query.table)),
                SQL("%s AS company_id", subjects._asking_company_sql(query.table)),
            ),
            table,
        )

    @api.model
    def _has_due_sql(self, campaign, model_name, alias):
        return SQL(
            """EXISTS (
                SELECT FROM consent_record record
                  JOIN consent_purpose purpose ON purpose.id = record.purpose_id
                 WHERE record.res_model = %s AND record.res_id = %s AND %s)""",
            model_name,
            SQL.identifier(alias, "id"),
            self._due_sql(campaign),
        )

    @api.model
    def _due_sql(self, campaign):
        """Only published texts of active purposes are put to people."""
        return SQL("%s AND purpose.active AND purpose.version > 0", campaign.due)

    @api.model
    def _asked_lately_sql(self, alias):
        return SQL(
            "%s > %s",
            SQL.identifier(alias, "consent_requested_at"),
            fields.Datetime.now() - ASK_INTERVAL,
        )

    @api.model
    def _mark(self, campaign, model_name, rows, notices, source, user_id):
        """Record that these people were written to, with the texts they were sent."""
        changes = [
            (
                purpose_id,
                row["res_id"],
                value,
                notices[row["lang"]][purpose_id].id or None,
            )
            for row in rows
            for purpose_id, value in zip(
                row["purpose_ids"], row["record_values"], strict=True
            )
        ]
        purpose_ids, res_ids, values, notice_ids = map(list, zip(*changes, strict=True))
        self.env["consent.record"].sudo()._apply_changes(
            SQL(
                """
                SELECT asked.purpose_id, %s AS res_model, asked.res_id, %s AS kind,
                       COALESCE(%s, asked.value) AS value, asked.notice_id,
                       NULL::int AS merged_res_id
                  FROM unnest(%s::int[], %s::int[], %s::text[], %s::int[])
                       AS asked (purpose_id, res_id, value, notice_id)
                """,
                model_name,
                campaign.kind,
                campaign.value,
                purpose_ids,
                res_ids,
                values,
                notice_ids,
            ),
            source=source,
            user_id=user_id,
        )
        if campaign.is_request:
            self._mark_asked(model_name, sorted(set(res_ids)))

    @api.model
    def _mark_asked(self, model_name, res_ids):
        """By SQL: asking is no modification that would make a contact the newest."""
        subjects = self.env[model_name]
        self.env.execute_query(
            SQL(
                """UPDATE %s SET consent_requested_at = %s
                    WHERE id = ANY(%s) RETURNING id""",
                SQL.identifier(subjects._table),
                fields.Datetime.now(),
                res_ids,
            )
        )
        subjects.browse(res_ids).invalidate_recordset(
            ["consent_requested_at"], flush=False
        )
