from contextlib import contextmanager

from .common import PrivacyCommon


class LedgerCase(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose()
        cls.ann = cls.make_contact()
        for value in ("granted", "refused", "granted"):
            cls.ann._record_answers(
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
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield self.env.cr.execute
        for table in tables:
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def found(self, *subject, also=False):
        """:return: problems of Ann; ``also`` with what a removed event leaves"""
        problems = self.env["consent.event"]._verify(*subject)
        return {
            (problem.kind, problem.sequence)
            for problem in problems
            if problem.res_id == self.ann.id
            and (also or problem.kind != "unreferenced")
        }
