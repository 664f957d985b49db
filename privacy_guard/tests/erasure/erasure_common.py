import re

from ..personal.personal_common import PersonalFieldsCommon


class ErasureCommon(PersonalFieldsCommon):
    """An officer, and somebody whose data is to be erased."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("privacy_guard.ir_cron_erasures")
        cls.ann = cls.make_contact(
            "Ann Canary",
            email="ann@canary.example",
            phone="+32 2 555 01 02",
            street="Canary Street 1",
            zip="1000",
            function="Baker",
            comment="<p>Likes bread</p>",
        )

    def begin(self, people=None, user=None):
        """:return: the dry run, as the officer"""
        people = (people or self.ann).with_user(user or self.officer)
        action = people.action_erase_personal_data()
        return (
            self.env["privacy.erasure"].with_user(self.officer).browse(action["res_id"])
        )

    def execute(self, erasure):
        """Confirm a dry run, and do all of it."""
        self.env["privacy.erase"].with_user(self.officer).create(
            {"erasure_id": erasure.id, "reason": "A letter", "confirmation": "ERASE"}
        ).action_erase()
        self.run_cron()
        return erasure

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def erase(self, people=None):
        return self.execute(self.begin(people))

    def replay(self, entries):
        """:return: as ``privacy.erasure._replay()``"""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            result = self.env(cr=cr)["privacy.erasure"]._replay(entries)
        self.env.invalidate_all()
        return result

    def lines(self, erasure, model_name):
        """:return: {(treatment, columns)} of the rows of a model"""
        lines = erasure.line_ids.filtered(lambda line: line.res_model == model_name)
        return {(line.treatment, line.columns) for line in lines}

    def texts(self, record):
        """:return: all columns of a row, joined"""
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT t::text FROM {record._table} t WHERE id = %s", [record.id]
        )
        return re.sub(r"\s+", " ", self.env.cr.fetchone()[0])
