import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestEvidence(LedgerCase):
    """The personal part: verified while it is there, erasable by itself."""

    def test_altered_personal_evidence_is_found_erased_is_not(self):
        evidence = self.env["consent.evidence"].search(
            [("res_id", "=", self.ann.id)], limit=1
        )
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                "UPDATE consent_evidence SET ip = '203.0.113.9' WHERE id = %s",
                [evidence.id],
            )
            self.env.invalidate_all()
            self.assertEqual({kind for kind, _number in self.found()}, {"evidence"})
            savepoint.rollback()
        self.env.cr.execute("DELETE FROM consent_evidence")
        self.env.invalidate_all()
        kinds = {kind for kind, _number in self.found()}
        self.assertEqual(kinds, {"vanished"}, "nobody has erased it")
        self.ann._privacy_set_status("erased", "test")
        self.assertEqual(self.found(), set())

    def test_exchanged_personal_evidence_is_found(self):
        """Whoever knows the key may rehash the row, but not the event."""
        first, second = self.env["consent.evidence"].search(
            [("res_id", "=", self.ann.id)], limit=2
        )
        forged = second._digest_of(second.sudo().salt, "203.0.113.9", "Browser", "", "")
        self.env.cr.execute(
            "UPDATE consent_evidence SET ip = '203.0.113.9', digest = %s WHERE id = %s",
            [forged, second.id],
        )
        self.env.invalidate_all()
        self.assertEqual(second._digest(), second.digest)
        found = self.found(also=True)
        self.assertIn(("unreferenced", second.id), found)
        self.assertEqual({kind for kind, _n in found}, {"unreferenced", "vanished"})
        self.assertNotEqual(first.digest, second.digest, "salted")

    def test_altered_document_is_found(self):
        self.ann._consent_record_answers(
            {self.newsletter.id: "refused"},
            source="officer",
            user_id=self.env.uid,
            evidence={"document": base64.b64encode(b"signed letter")},
        )
        evidence = self.env["consent.evidence"].search(
            [("res_id", "=", self.ann.id)], limit=1
        )
        self.assertEqual(self.found(), set())
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "consent.evidence"),
                ("res_field", "=", "document"),
                ("res_id", "=", evidence.id),
            ]
        )
        with self.env.cr.savepoint() as savepoint:
            attachment.raw = b"another letter"
            self.env.invalidate_all()
            self.assertEqual(self.found(), {("evidence", evidence.id)})
            savepoint.rollback()
        attachment.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.found(), {("evidence", evidence.id)})

    def test_officer_erases_personal_evidence_alone(self):
        evidence = self.env["consent.evidence"].search([("res_id", "=", self.ann.id)])
        reader = self.make_user("reader", "privacy_guard.group_privacy_user")
        with self.assertRaises(AccessError):
            evidence.with_user(reader)._erase()
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        with self.assertLogs(
            "odoo.addons.privacy_guard.models.evidence.consent_evidence"
        ):
            evidence.with_user(officer)._erase()
        self.assertFalse(any(evidence.mapped("ip") + evidence.mapped("user_agent")))
        self.assertTrue(all(evidence.mapped("erased_at")))
        self.assertEqual(len(self.events(self.ann, self.newsletter)), 4)
        self.assertEqual(self.env["consent.event"]._verify(), [])
        self.env.cr.execute("UPDATE consent_evidence SET note = 'Forged'")
        self.env.invalidate_all()
        self.assertEqual({kind for kind, _number in self.found()}, {"evidence"})

    def test_evidence_holds_document_and_no_plain_hash(self):
        document = base64.b64encode(b"signed letter")
        self.ann._consent_record_answers(
            {self.newsletter.id: "refused"},
            source="officer",
            user_id=self.env.uid,
            evidence={
                "note": "By letter",
                "document": document,
                "user_agent": "\0" + "x" * 900,
            },
        )
        event = self.events(self.ann, self.newsletter)[-1]
        evidence = self.env["consent.evidence"].search(
            [("digest", "=", event.evidence_hash)]
        )
        self.assertEqual(evidence.note, "By letter")
        self.assertEqual(len(evidence.user_agent), 512)
        self.assertEqual(evidence._digest(), event.evidence_hash)
        self.assertEqual(self.env["consent.event"]._verify(), [])
