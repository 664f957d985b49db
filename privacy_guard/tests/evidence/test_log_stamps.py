import base64
import io
import unittest
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.evidence.consent_stamp import MOST_ATTEMPTS, STAMP_URL
from ...models.mail.consent_log_checkpoint import ADDRESSES
from ...tools import outside, stamp, verify_stamp
from ...tools.tlog import proof
from .stamp_authority import SHA256, Authority
from .witness_common import WitnessCase

WRONG = {"hash_algorithm": SHA256, "hashed_message": b"x" * 32}


@tagged("post_install", "-at_install")
class TestStamps(WitnessCase):
    """EVI-2: an authority says when each checkpoint was there (RFC 3161)."""

    def authority(self):
        """An authority elsewhere, which the settings name. :return: it, and the list of
        what it answers next: a function of what was posted, or an exception"""
        known, following = Authority(), []
        settings, url = self.env["res.config.settings"], "http://tsa.example/tsr"
        chosen = base64.b64encode(known.pem.encode())
        entered = settings.new({"privacy_log_stamp_file": chosen})
        entered._onchange_privacy_log_stamp_file()
        certificates = entered.privacy_log_stamp_certificates
        settings.create(
            {
                "privacy_log_stamp_url": url,
                "privacy_log_stamp_certificates": certificates,
            }
        ).execute()

        def ask(asked, most, content, **options):
            self.assertEqual((asked, most), (url, stamp.MOST_BYTES))
            self.assertEqual(options, {"content_type": stamp.QUERY, "plain": True})
            said = following.pop(0) if following else known.answer
            if isinstance(said, Exception):
                raise said
            return (200, said(content)) if callable(said) else said

        patcher = patch.object(outside, "ask", ask)
        patcher.start()
        self.addCleanup(patcher.stop)
        return known, following

    def stamp_of(self, row):
        return self.env["consent.stamp"].search([("checkpoint_id", "=", row.id)])

    @unittest.skipUnless(stamp.is_available(), "needs an extra")
    def test_an_authority_stamps_each_checkpoint(self):
        """In the background, after it was signed; with what goes out of the house."""
        known, _following = self.authority()
        newest = self.seal()
        row = self.stamp_of(newest)
        self.assertEqual((row.state, newest.stamp_state), ("waiting", "waiting"))
        for size in (newest.size, 0, 10**10, 10**20):
            with mute_logger("odoo.http"):
                answer = self.url_open(f"/privacy/log/stamp/{size}.tst")
            self.assertEqual(answer.status_code, 404)
        self.run_cron("stamps")
        self.assertEqual((row.state, row.authority), ("stamped", "CN=Authority"))
        self.assertEqual(self.seal().stamp_ids, row, "once")
        token, text = (
            self.url_open(f"/privacy/log/stamp/{newest.size}.{extension}")
            for extension in ("tst", "txt")
        )
        self.assertEqual(
            token.headers["Content-Type"], "application/vnd.etsi.timestamp-token"
        )
        certificates = stamp.read_certificates(known.pem)
        found = stamp.check(token.content, text.content, certificates)
        self.assertEqual(
            found.moment.replace(tzinfo=None, microsecond=0), row.stamped_at
        )
        proven = self.env["consent.log.checkpoint"]._prove(self.chain[0])
        kept = proof.Proof.parse(proven).checkpoint
        self.assertTrue(verify_stamp.verify(kept, token.content, known.pem))
        files = {"stamped.txt": text.content, "stamped.tst": token.content}
        self.configure(ADDRESSES, "notary@example.com")
        sent = self.env["consent.log.checkpoint"]._mail_newest().attachment_ids
        self.assertLessEqual(files.items(), {one.name: one.raw for one in sent}.items())
        self.authenticate("officer", "officer")
        export = self.url_open("/privacy_guard/evidence/checkpoint.zip")
        with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
            names = {"checkpoint.txt", "keys.txt", *files}
            self.assertEqual(set(archive.namelist()), names)
            self.assertEqual(archive.read("stamped.tst"), token.content)
        with self.assertRaises(UserError):
            row.sudo().write({"state": "waiting"})

    @unittest.skipUnless(stamp.is_available(), "needs an extra")
    def test_an_answer_has_the_first_time_stamp_that_covers_it(self):
        """And not the last one, which says less; each in the proof pack, for whoever
        has nothing but its files."""
        known, _following = self.authority()
        first = self.seal()
        self.run_cron("stamps")
        self.answer()
        second = self.seal()
        records = self.consent(self.ann, self.newsletter).with_user(self.officer)
        packs = self.env["consent.proof"].with_user(self.officer)
        stamps = [None, second.stamp_ids]
        for expected in stamps:
            [*former, last] = packs._pack(records)["consents"][0]["answers"]
            self.assertEqual({said["stamp"] for said in former}, {first.stamp_ids})
            self.assertEqual(last["stamp"], expected)
            self.run_cron("stamps")
        given, files = former[0]["event"], packs._files(records)
        reports = self.env["ir.actions.report"].with_user(self.officer)
        report = "privacy_guard.report_consent_proof"
        shown, _kind = reports._render_qweb_html(report, records.ids)
        self.assertIn("time stamp of CN=Authority", shown.decode())
        self.assertIn(f"event-{given.id}-stamped.tlog-proof", shown.decode())
        text = files[f"event-{given.id}-stamped.tlog-proof"].decode()
        token = files[f"event-{given.id}.tst"]
        said = verify_stamp.verify(text, token, known.pem)
        self.assertIn(f"The event {given.hash} was there on", said)
        self.assertEqual(files[f"event-{given.id}.txt"].decode(), first.note)

    @unittest.skipUnless(stamp.is_available(), "needs an extra")
    def test_a_time_stamp_that_is_not_given(self):
        """It holds up nothing, says why, is tried a few times, and again by Retry; what
        is not one of this checkpoint is not kept."""
        known, following = self.authority()
        newest = self.seal()
        row = self.stamp_of(newest)
        other = Authority("Other")
        wrong = {
            outside.Unreachable("time"): "could not be reached: time",
            (302, b""): "status 302",
            other.answer: "do not lead to who has signed it",
            lambda asked: known.answer(asked, message_imprint=WRONG): "something else",
        }
        for said, reason in wrong.items():
            following.append(said)
            self.run_cron("stamps")
            with self.subTest(reason):
                self.assertIn(reason, row.failure)
                self.assertEqual((row.state, row.token), ("waiting", False))
        row._note({"attempts": MOST_ATTEMPTS - 1})
        following.append((500, b""))
        for _time in range(2):
            self.run_cron("stamps")
        self.assertEqual((row.state, row.attempts), ("given_up", MOST_ATTEMPTS))
        self.assertFalse(following)
        job = self.env["privacy.job"].with_user(self.officer)
        job = job.search([("queue", "=", "consent.stamp"), ("is_action", "=", False)])
        self.assertEqual((job.job_id, job.state), (row.id, "failed"))
        with self.assertRaises(AccessError):
            row.with_user(new_test_user(self.env, "clerk")).action_retry()
        with patch.object(stamp, "tsp", None):
            row.with_user(self.officer).action_retry()
            self.run_cron("stamps")
            self.assertIn("rfc3161-client is not installed", row.failure)
            settings = self.env["res.config.settings"].create({})
            self.assertEqual(settings.privacy_log_stamp_blocker, row.failure)
            self.answer()
            self.assertGreater(self.seal().size, newest.size, "it is sealed as before")
        self.run_cron("stamps")
        self.assertEqual((row.state, row.failure), ("stamped", False))
        self.configure(STAMP_URL, "")
        self.answer("granted")
        self.assertFalse(self.seal().stamp_ids)

    def test_settings_name_an_authority(self):
        settings = self.env["res.config.settings"].create({})
        for url, certificates in (
            ("http://tsa.example/", False),
            ("http://tsa.example/", "x"),
            ("ftp://tsa.example/", Authority().pem),
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                settings.write(
                    {
                        "privacy_log_stamp_url": url,
                        "privacy_log_stamp_certificates": certificates,
                    }
                )
