from unittest.mock import patch

from .encryption_common import EncryptionCommon


class TestEncryptionLog(EncryptionCommon):
    """FLD-4: the changes of a transaction are logged together, before it ends."""

    def setUp(self):
        super().setUp()
        self.env.cr.flush()  # making the contact was logged, too
        self.before = self.lines()
        self.as_employee = self.ann.with_user(self.employee)

    def lines(self):
        """:return: [(user id, action)], by SQL: what would be committed now"""
        self.env.cr.execute(
            """SELECT user_id, action FROM privacy_access_log
                WHERE res_model = 'res.partner' AND res_id = %s ORDER BY id""",
            [self.ann.id],
        )
        return self.env.cr.fetchall()

    def new_lines(self):
        return self.lines()[len(self.before) :]

    def test_one_statement_per_user(self):
        log = type(self.env["privacy.access.log"])
        with patch.object(log, "_log", autospec=True, side_effect=log._log) as logged:
            for number in range(3):
                self.as_employee.ref = f"NEW-{number}"
            self.ann.with_user(self.officer).ref = "NEW-4"
            logged.assert_not_called()
            self.env.cr.flush()
        self.assertEqual(logged.call_count, 2)
        employee, officer = self.employee.id, self.officer.id
        self.assertEqual(
            self.new_lines(), 3 * [(employee, "change")] + [(officer, "change")]
        )

    def test_who_looks_sees_all(self):
        self.as_employee.ref = "NEW-1"
        found = self.env["privacy.access.log"].search([("res_id", "=", self.ann.id)])
        self.assertEqual(len(found), len(self.before) + 1)
        self.env.cr.flush()
        self.assertEqual(len(self.new_lines()), 1)

    def test_what_is_undone_leaves_no_line(self):
        self.as_employee.ref = "NEW-1"
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.as_employee.ref = "NEW-2"
            raise ZeroDivisionError
        self.env.cr.flush()
        self.assertEqual(self.new_lines(), [(self.employee.id, "change")])
        self.assertEqual(self.ann.ref, "NEW-1")

    def test_what_is_revealed_is_logged_at_once(self):
        self.ann.with_user(self.officer).privacy_reveal("ref")
        self.assertEqual(self.new_lines(), [(self.officer.id, "reveal")])
