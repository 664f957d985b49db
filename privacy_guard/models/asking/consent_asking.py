from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

BATCH_SIZE = 1000
# Scheduled actions that send requests, by as many workers at once.
QUEUES = (
    "mail.ir_cron_mail_scheduler_action",
    "privacy_guard.ir_cron_requests_queue",
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
    def _candidates(self, campaign, model_name, after):
        """The next people of whom something is due, whether they may be asked or not.

        :return: ids above ``after``, ascending, at most ``BATCH_SIZE``
        """
        self.env.flush_all()  # what follows reads tables
        rows = self.env.execute_query(
            SQL(
                "%s AND record.res_id > %s GROUP BY 1 ORDER BY 1 LIMIT %s",
                self._due_sql(campaign, model_name, SQL("record.res_id")),
                after,
                BATCH_SIZE,
            )
        )
        return [res_id for (res_id,) in rows]

    @api.model
    def _count_candidates(self, campaign, model_name):
        """:return: number of people of whom a campaign has something to ask"""
        distinct = SQL("count(DISTINCT record.res_id)")
        sql = self._due_sql(campaign, model_name, distinct)
        return self.env.execute_query(sql)[0][0]

    @api.model
    def _check_mail_server(self):
        """Nobody is asked whom no mail would reach (ASK-1): their values would be
        withheld for nothing.

        :raise UserError: no mail server takes mail of the company
        """
        # superuser: who asks for the company depends on nobody's rights
        main = self.env["res.company"].sudo()._privacy_main()
        servers = self.env["ir.mail_server"]
        if problem := servers._privacy_problem(email_normalize(main._privacy_sender())):
            raise UserError(
                self.env._(
                    "Nobody is asked, since no mail can be sent: %(problem)s",
                    problem=problem,
                )
            )

    @api.model
    def _ask(self, campaign, model_name, ids, *, source, user_id=None):
        """Write to those of these people who may be written to.

        People whom another transaction holds are left out; asking again finds them.

        :param list ids: of the subjects, a batch of them
        :return: ids of those asked, ascending
        """
        self.env.flush_all()  # what follows reads tables
        rows = self._claim(campaign, model_name, ids)
        if not rows:
            return []
        notices = self.env["consent.request.mail"]._queue(
            self.env.ref(campaign.template), model_name, rows
        )
        self._mark(campaign, model_name, rows, notices, source, user_id)
        for queue in QUEUES:
            # superuser: waking up the mail queue is part of asking
            self.env.ref(queue).sudo()._trigger()
        return sorted({row["res_id"] for row in rows})

    @api.model
    def _claim(self, campaign, model_name, ids):
        """Lock these people and fetch what to ask them.

        Ids go from one query to the next by value, so that none depends on what the
        planner believes about tables that a run fills and empties within minutes.

        :return: one dict per person and company that asks
        """
        people = self.env.execute_query(self._lock_sql(campaign, model_name, ids))
        ids = [row[0] for row in people]
        if campaign.is_request:
            self.env["consent.record"]._inherit_peace(model_name, ids)
        due = self._due_consents(campaign, model_name, ids)
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        # superuser: who asks for the company depends on nobody's rights
        main = self.env["res.company"].sudo()._privacy_main()
        rows = {}
        for res_id, lang, company_id in people:
            lang = lang if lang in installed else None  # the company's
            for purpose, value in due.get(res_id, ()):
                asking_id = purpose.company_id.id or company_id or main.id
                row = rows.setdefault(
                    (res_id, asking_id), self._new_row(res_id, lang, asking_id)
                )
                row["purpose_ids"].append(purpose.id)
                row["record_values"].append(value)
        return list(rows.values())

    @api.model
    def _new_row(self, res_id, lang, company_id):
        """:return: what a person is asked by a company: nothing yet"""
        return {
            "res_id": res_id,
            "lang": lang,
            "company_id": company_id,
            "purpose_ids": [],
            "record_values": [],
        }

    @api.model
    def _lock_sql(self, campaign, model_name, ids):
        """Those who may be asked, locked; a lock by someone else is passed over."""
        subjects, query = self._askable(campaign, model_name)
        table = SQL.identifier(query.table)
        query.add_where(SQL("%s.id = ANY(%s)", table, list(ids)))
        query.order = SQL("%s.id", table)
        # NO KEY: rows that refer to these people may still be inserted
        return SQL(
            "%s FOR NO KEY UPDATE OF %s SKIP LOCKED",
            query.select(
                SQL("%s.id", table),
                subjects._consent_lang_sql(query.table),
                subjects._consent_company_sql(query.table),
            ),
            table,
        )

    @api.model
    def _askable(self, campaign, model_name):
        """:return: a model as superuser, and the query of those who may be asked"""
        # superuser: whom to ask does not depend on who runs the job; the button checks
        subjects = self.env[model_name].sudo().with_context(active_test=False)
        query = subjects._search(subjects._consent_askable_domain())
        if campaign.is_asking:
            lately = self._asked_lately_sql(query.table)
            query.add_where(SQL("(%s) IS NOT TRUE", lately))
        return subjects, query

    @api.model
    def _mark(self, campaign, model_name, rows, notices, source, user_id):
        """Record that these people were written to, with the texts they were sent."""
        # superuser: nobody has a right on these rows; callers check who may ask
        self.env["consent.record"].sudo()._apply_changes(
            self._changes_sql(campaign, model_name, rows, notices),
            source=source,
            user_id=user_id,
        )
        now = fields.Datetime.now()
        if campaign.is_request:
            self.env["consent.delivery"]._queued(model_name, rows, now)
        if campaign.is_asking:
            asked = self.env[model_name].browse({row["res_id"] for row in rows})
            asked._consent_mark_requested(now)

    @api.model
    def _changes_sql(self, campaign, model_name, rows, notices):
        """:return: SELECT of what ``consent.record._apply_changes`` is to record"""
        changes = [
            (id_, row["res_id"], value, notices[row["lang"]][id_].id or None)
            for row in rows
            for id_, value in zip(row["purpose_ids"], row["record_values"], strict=True)
        ]
        purpose_ids, res_ids, values, notice_ids = map(list, zip(*changes, strict=True))
        return SQL(
            """
            SELECT asked.purpose_id, %s AS res_model, asked.res_id, %s AS kind,
                   -- a revision leaves the answer as it is
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
        )
