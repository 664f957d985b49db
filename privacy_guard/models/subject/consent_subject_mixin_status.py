from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...access import check_officer
from ...constants import PENDING_REQUEST

# what an officer can undo
REOPENABLE = ("duplicate", "stopped")


class ConsentSubjectMixin(models.AbstractModel):
    """Contact Status: setting it, duplicates (DUP-1, DUP-2), reopening."""

    _inherit = "consent.subject.mixin"

    def _privacy_set_status(self, status, reason, suppressed=False):
        """Set the Contact Status of any number of subjects and log each change.

        :param str status: the new status
        :param str reason: why, shown in the log
        :param bool suppressed: whether it is because of the suppression list
        """
        self._privacy_set_status_where(
            status,
            reason,
            SQL("id = ANY(%s) AND privacy_status <> %s", self.ids, status),
            suppressed,
        )
        self._consent_sync()

    def _privacy_set_status_where(self, status, reason, condition, suppressed=False):
        """:return: number of subjects whose status changed"""
        return self._privacy_set_logged(
            "privacy_status",
            status,
            condition,
            "privacy.status.log",
            user_id=self.env.uid,
            reason=reason,
            suppressed=suppressed,
        )

    def _privacy_set_logged(self, column, value, condition, log_model, **logged):
        """Change a column of any number of subjects and log each change, in one
        statement.

        :param SQL condition: on the rows to change
        :param str log_model: its rows hold the former and the new value
        :param logged: what else they hold
        :return: number of subjects that changed
        """
        self.flush_model()
        log = self.env[log_model]
        logged = {"date": fields.Datetime.now(), log._value_to: value, **logged}
        changed = self.env.execute_query(
            SQL(
                """
                WITH former AS (
                    SELECT id, %(column)s AS value FROM %(table)s
                     WHERE %(condition)s FOR UPDATE
                ), changed AS (
                    UPDATE %(table)s SET %(column)s = %(value)s
                      FROM former WHERE former.id = %(table)s.id
                )
                INSERT INTO %(log)s (res_model, res_id, %(value_from)s, %(names)s)
                     SELECT %(model)s, id, value, %(logged)s FROM former
                  RETURNING id
                """,
                table=SQL.identifier(self._table),
                column=SQL.identifier(column),
                condition=condition,
                value=value,
                log=SQL.identifier(log._table),
                value_from=SQL.identifier(log._value_from),
                names=SQL(", ").join(map(SQL.identifier, logged)),
                model=self._name,
                logged=SQL(", ").join(SQL("%s", item) for item in logged.values()),
            )
        )
        log.invalidate_model(flush=False)
        self.invalidate_model([column], flush=False)
        return len(changed)

    def _privacy_stop(self, reason):
        """Lock contacts whose persons asked to stop processing (STP-1).

        :param str reason: why, shown in the log
        """
        self.filtered(lambda s: s.privacy_status != "erased")._privacy_set_status(
            "stopped", reason
        )

    def _privacy_stopped_by(self):
        """:return: list of the users who stopped those of these people who are stopped
        now; Odoo's own user for the person"""
        stopped = self.sudo().filtered(lambda s: s.privacy_status == "stopped")
        # superuser: the log is the officer's to see, not to filter
        logs = self.env["privacy.status.log"].sudo()
        logs = logs.search(
            [("res_model", "=", self._name), ("res_id", "in", stopped.ids)],
            order="id desc",
        )
        latest = {of_one.res_id: of_one.user_id for of_one in reversed(logs)}
        return [latest.get(id_, logs.user_id.browse()) for id_ in stopped.ids]

    def _privacy_resume(self, reason):
        """Give stopped contacts back the status each had before; values and answers
        have stayed as they were.

        :param str reason: why, shown in the log
        """
        stopped = self.filtered(lambda s: s.privacy_status == "stopped")
        for status, subjects in stopped._privacy_former_statuses().items():
            subjects._privacy_set_status(status, reason)

    def _privacy_reopen(self, reason):
        """Unlock contacts: restore the status each had before (DUP-2, STP-2).

        Who had asked to stop processing is told (GDPR Art. 18(3)), and an open request
        is closed. Whom the suppression list locked asked for nothing, and is not told.

        :param str reason: why, shown in the log and to the person
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when a contact is neither a duplicate nor stopped
        """
        refusal = self.env._("Only a privacy officer can reopen a contact.")
        check_officer(self.env, refusal, or_superuser=True)
        self.check_access("write")
        if closed := self.filtered(
            lambda subject: subject.privacy_status not in REOPENABLE
        ):
            raise UserError(
                self.env._(
                    "%(contact)s is neither a duplicate nor stopped.",
                    contact=closed[0].display_name,
                )
            )
        stopped = self.filtered(lambda subject: subject.privacy_status == "stopped")
        asked = stopped - stopped._privacy_suppressed()
        for status, subjects in self._privacy_former_statuses().items():
            subjects._privacy_set_status(status, reason)
        asked._privacy_after_resuming(reason)

    def _privacy_refused_by_resuming(self):
        """:return: open requests to stop that come to nothing when these people are
        reopened, as superuser; one that is about others who are stopped goes on"""
        requests = self.env["privacy.request"]._open_for(self)
        return requests.filtered(
            lambda r: (
                r.kind == "stop"
                and r.state in PENDING_REQUEST
                and not r._is_about_stopped(self)
            )
        )

    def _privacy_after_resuming(self, reason):
        refused = self._privacy_refused_by_resuming()
        refused._close(
            "refused",
            self.env._("Refused, because the contact was reopened: %s", reason),
        )
        # once, however many records there are of a person
        for (company, _identity), person in refused._by_person([self]).items():
            person[0]._privacy_notify_person(
                "privacy_guard.mail_template_request_resumed", company, reason=reason
            )

    def _privacy_former_statuses(self):
        """:return: {status: subjects that had it before their present one}"""
        # superuser: the log is the officer's to see, not to filter
        logs = (
            self.env["privacy.status.log"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                order="id desc",
            )
        )
        present = {subject.id: subject.privacy_status for subject in self}
        former = {}
        for log in logs:
            if log.status_to == present[log.res_id]:
                former.setdefault(log.res_id, log.status_from)
        return self.grouped(lambda subject: former.get(subject.id, "active"))

    def _privacy_flag_duplicates(self):
        """Flag all but one contact of each e-mail address (DUP-1), set-based.

        :return: number of contacts flagged
        """
        return self._privacy_set_status_where(
            "duplicate",
            self.env._("Another contact with this e-mail address was modified later."),
            SQL("id IN (%s)", self._privacy_duplicates_sql()),
        )

    def _privacy_duplicate_count(self):
        """:return: number of contacts that flagging would flag"""
        self.flush_model()
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (%s) AS duplicate", self._privacy_duplicates_sql()
            )
        )[0][0]

    def _privacy_duplicates_sql(self):
        """Ids of the duplicates: in use before archived, last modified first.

        Contacts that an officer reopened stand outside: they neither become
        duplicates again nor make others so.
        """
        everyone = self.sudo().with_context(active_test=False)
        return SQL(
            """
            SELECT id
              FROM (SELECT id,
                           row_number() OVER (
                               PARTITION BY %(address)s
                               ORDER BY %(in_use)s DESC, write_date DESC, id DESC
                           ) AS rank
                      FROM %(table)s AS subject
                     WHERE id IN (%(eligible)s)
                       AND NOT EXISTS (
                           SELECT FROM privacy_status_log log
                            WHERE log.res_model = %(model)s
                              AND log.res_id = subject.id
                              AND log.status_from = 'duplicate')
                   ) AS ranked
             WHERE rank > 1
            """,
            address=SQL.identifier(self._consent_email_field),
            table=SQL.identifier(self._table),
            in_use=SQL.identifier(self._active_name) if self._active_name else SQL("1"),
            model=self._name,
            eligible=everyone._search(self._privacy_duplicate_domain()).select(),
        )

    def _privacy_duplicate_domain(self):
        """:return: Domain of the records that may be flagged at all"""
        return self._privacy_identity_domain() & Domain(
            [
                ("privacy_status", "=", "active"),
                (self._consent_email_field, "!=", False),
            ]
        )
