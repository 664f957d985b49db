from contextlib import contextmanager

from odoo.tools import SQL

from ..common import PrivacyCommon


class LedgerCase(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose()
        cls.ann = cls.make_contact()
        for value in ("granted", "refused", "granted"):
            cls.ann._consent_record_answers(
                {cls.newsletter.id: value},
                source="preferences",
                evidence={"ip": "192.0.2.1", "user_agent": "Browser"},
            )
        cls.chain = cls.env["consent.event"].search(
            [("res_id", "=", cls.ann.id)], order="sequence"
        )

    @contextmanager
    def tampering(self):
        """As whoever owns the database may: the trigger is switched off first."""
        tables = ("consent_event", "consent_notice")
        for table in tables:
            self.switch_trigger(table, "DISABLE")
        yield self.env.cr.execute
        for table in tables:
            self.switch_trigger(table, "ENABLE")
        self.env.invalidate_all()

    def switch_trigger(self, table, verb):
        table = SQL.identifier(table)
        self.env.cr.execute(SQL("ALTER TABLE %s %s TRIGGER USER", table, SQL(verb)))

    def found(self, *subject, also=False):
        """:return: problems of Ann; ``also`` with what a removed event leaves"""
        problems = self.env["consent.event"]._verify(*subject)
        return {
            (problem.kind, problem.sequence)
            for problem in problems
            if problem.res_id == self.ann.id
            and (also or problem.kind != "unreferenced")
        }
