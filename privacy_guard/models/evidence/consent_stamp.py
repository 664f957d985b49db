import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import outside, stamp

STAMP_URL = "privacy_guard.log_stamp_url"
STAMP_CERTIFICATES = "privacy_guard.log_stamp_certificates"
MOST_ATTEMPTS = 10  # one an hour; then it waits for somebody to press Retry
STATES = [
    ("waiting", "Waiting"),
    ("stamped", "Stamped"),
    ("given_up", "Given up"),
]


class ConsentStamp(models.Model):
    """The time stamp of a checkpoint (EVI-2, RFC 3161): an authority that the settings
    name signs when it was there at the latest. It is asked in the background, once a
    checkpoint is signed, and told nothing but a hash.
    """

    _name = "consent.stamp"
    _description = "Time stamp"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "asked_at"
    _job_cron = "privacy_guard.ir_cron_stamps"
    _job_begun = "asked_at"

    checkpoint_id = fields.Many2one(
        "consent.log.checkpoint", required=True, readonly=True, ondelete="restrict"
    )
    asked_at = fields.Datetime("Asked for on", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    stamped_at = fields.Datetime("Stamped on", readonly=True)
    authority = fields.Char("Stamped by", readonly=True)
    # DER in base64
    token = fields.Text(readonly=True)

    _once_uniq = models.UniqueIndex(
        "(checkpoint_id)", "A checkpoint has one time stamp."
    )

    # ------------------------------------------------------------------
    # What the settings say
    # ------------------------------------------------------------------

    @api.model
    def _setting(self, key):
        # superuser: who is asked, whoever seals
        return self.env["ir.config_parameter"].sudo().get_param(key) or ""

    @api.model
    def _blocker(self):
        """:return: why nothing can be stamped here, False if nothing is in the way"""
        if stamp.is_available():
            return False
        return self.env._(
            "The Python package %s is not installed on the server: checkpoints are "
            "signed as before, and get no time stamp.",
            stamp.PACKAGE,
        )

    # ------------------------------------------------------------------
    # Asking for one
    # ------------------------------------------------------------------

    @api.model
    def _ask_newest(self):
        """Have the newest checkpoint stamped, once, in the background."""
        # superuser: the job is the company's, whoever seals
        stamps = self.sudo()
        if not self._setting(STAMP_URL):
            # nothing is due any more
            stamps.search([("failure", "!=", False)])._note({"failure": False})
            return
        newest = self.env["consent.log.checkpoint"]._last()
        if newest and not newest.stamp_ids:
            vals = {"checkpoint_id": newest.id, "state": "waiting"}
            self._make([{**vals, "asked_at": fields.Datetime.now()}])
        if stamps.search_count(self._unfinished_domain(), limit=1):
            self._cron()._trigger()

    @api.model
    def _unfinished_domain(self):
        is_wanted = bool(self._setting(STAMP_URL))
        return Domain(is_wanted) & Domain("state", "=", "waiting")

    def _do_batch(self):
        if reason := self.env["consent.log"]._blocker() or self._blocker():
            raise UserError(reason)
        try:
            self._keep(self._ask())
        except stamp.StampError as error:
            raise UserError(str(error)) from error
        return 1

    def _ask(self):
        """:return: the ``stamp.Stamp``, checked
        :raise StampError: the answer holds none
        :raise UserError: there is no answer
        """
        known = stamp.read_certificates(self._setting(STAMP_CERTIFICATES))
        message = self.checkpoint_id.note.encode()
        query = stamp.make_query(message)
        try:
            status, answer = outside.ask(
                self._setting(STAMP_URL),
                stamp.MOST_BYTES,
                query.as_bytes(),
                content_type=stamp.QUERY,
                plain=True,
            )
        except outside.Unreachable as error:
            raise UserError(self.env._("It could not be reached: %s", error)) from error
        if status != 200:
            raise UserError(
                self.env._("It gives no time stamp: the answer has status %s.", status)
            )
        return stamp.open_answer(answer, query, message, known)

    def _keep(self, given):
        self._note(
            {
                "state": "stamped",
                "stamped_at": given.moment.replace(tzinfo=None, microsecond=0),
                "authority": given.authority,
                "token": base64.b64encode(given.token).decode(),
            }
        )

    def _fail(self, reason):
        result = super()._fail(reason)
        attempts = self.attempts + 1
        is_last = attempts >= MOST_ATTEMPTS
        state = "given_up" if is_last else "waiting"
        self._note({"attempts": attempts, "state": state})
        return result

    def _retry_items(self):
        self.filtered(lambda row: row.state != "stamped")._note(
            {"attempts": 0, "state": "waiting"}
        )

    def action_retry(self):
        """Ask the authority again, beginning at once in the background.

        :raise AccessError: for anybody but a privacy officer
        """
        self.env["consent.event"]._check_officer()
        self.check_access("read")
        self._retry()

    # ------------------------------------------------------------------
    # Handing it out
    # ------------------------------------------------------------------

    def _files(self):
        """:return: {name: content as bytes} of what was stamped, byte for byte, and its
        time stamp; of none nothing"""
        if self.state != "stamped":
            return {}
        return {
            "stamped.txt": self.checkpoint_id.note.encode(),
            "stamped.tst": base64.b64decode(self.token),
        }

    @api.model
    def _published(self, size):
        """:return: as :meth:`_files`, of the newest checkpoint of a size that is
        stamped; it is for everybody"""
        # superuser: no personal data, and whoever serves it is nobody
        stamps = self.sudo()
        domain = [("checkpoint_id.size", "=", size), ("state", "=", "stamped")]
        return stamps.search(domain, order="id desc", limit=1)._files()
