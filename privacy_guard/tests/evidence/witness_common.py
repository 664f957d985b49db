import time
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from ...models.evidence.consent_witness import WITNESSES
from ...tools import outside
from ...tools.tlog import merkle, witness
from ...tools.tlog.cosignature import Cosigner
from .test_log import OFFICER, LogCase

QUIET = ("odoo.http", "odoo.addons.privacy_guard.attempts")


class Elsewhere:
    """A witness in another place: what happens to the database does not happen to it.
    It has the protocol of ``tools``, and a memory."""

    def __init__(self, keys, name="witness.example/w1"):
        self.keys, self.name = keys, name
        self.size, self.root, self.seen = 0, merkle.EMPTY_ROOT, None
        self.is_down = self.is_silent = False

    @property
    def cosigner(self):
        return Cosigner(self.name, self.name.encode().ljust(32), int(time.time()))

    @property
    def line(self):
        return f"{self.cosigner.verifier} https://{self.name}"

    def ask(self, url, _most_bytes, content=None):
        if self.is_down:
            raise outside.Unreachable("ConnectTimeout")
        if content is None:
            assert url.endswith(f"/{witness.log_id(self.keys[0].name)}/checkpoint")
            is_shown = self.seen and not self.is_silent
            return (200, self.seen) if is_shown else (404, b"")
        assert url == f"https://{self.name}/add-checkpoint"
        try:
            return 200, self.add(content)
        except witness.Refusal as refusal:
            return refusal.status, refusal.content.encode()

    def add(self, content):
        posted = witness.Submission.parse(content)
        signed = posted.signed_by(self.keys).signed([self.cosigner])
        posted.check_follows(self.size, self.root)
        self.size, self.root = posted.checkpoint.size, posted.checkpoint.root
        self.seen = str(signed).encode()
        return str(signed.signatures[-1]).encode()


class WitnessCase(LogCase, HttpCase):
    """An installation that asks witnesses elsewhere, and is one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(cls.env, "officer", groups=OFFICER)

    def configure(self, key, value):
        self.env["ir.config_parameter"].set_param(key, value)

    def witnesses(self, *names):
        """:return: witnesses elsewhere that the settings name"""
        known = [Elsewhere(self.verifiers(), f"{name}.example") for name in names]
        self.configure(WITNESSES, "\n".join(one.line for one in known))

        def ask(url, *args):
            [asked] = [one for one in known if url.startswith(f"https://{one.name}/")]
            return asked.ask(url, *args)

        patcher = patch.object(outside, "ask", ask)
        patcher.start()
        self.addCleanup(patcher.stop)
        return known

    def ask_witnesses(self):
        self.run_cron("witnesses")

    def run_cron(self, name):
        with mute_logger(*QUIET), self.enter_registry_test_mode():
            self.env.ref(f"privacy_guard.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def row(self, known):
        return self.env["consent.witness"].search([("name", "=", known.name)])

    def post(self, posted):
        """:return: status and text of this installation as a witness"""
        url = "/privacy/witness/add-checkpoint"
        with mute_logger(*QUIET):
            answer = self.url_open(url, data=str(posted).encode())
        self.assertNotIn("Set-Cookie", answer.headers)
        return answer.status_code, answer.text, answer.headers["Content-Type"]
