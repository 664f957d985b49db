import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ...tools import outside, stamp
from ...tools.tlog import merkle, witness


class ResConfigSettings(models.TransientModel):
    """Settings > Privacy > Evidence: whether it is sealed, and who keeps what was
    signed (EVI-2)."""

    _inherit = "res.config.settings"

    privacy_log_addresses = fields.Char("Send checkpoints to")
    privacy_log_webhook = fields.Char("Post checkpoints to")
    privacy_log_witnesses = fields.Text("Witnesses")
    privacy_log_stamp_url = fields.Char("Time stamping authority")
    privacy_log_stamp_certificates = fields.Text("Certificates of the authority")
    privacy_log_stamp_file = fields.Binary("Certificates from a file")
    privacy_log_stamp_blocker = fields.Char(compute="_compute_privacy_log")
    privacy_witnessed_logs = fields.Text("Witness of")
    privacy_witness_verifiers = fields.Text(
        "Verifier keys of this witness", compute="_compute_privacy_log"
    )
    privacy_log_blocker = fields.Char(compute="_compute_privacy_log")
    privacy_log_origin = fields.Char("Name of the log", compute="_compute_privacy_log")
    privacy_log_verifiers = fields.Text("Verifier keys", compute="_compute_privacy_log")

    def _compute_privacy_log(self):
        log = self.env["consent.log"]
        blocker = log._blocker() or log._fork_reason()
        cosigners = self.env["consent.witnessed.log"]._cosigners()
        own = "\n".join(str(cosigner.verifier) for cosigner in cosigners)
        unstamped = self.env["consent.stamp"]._blocker()
        for settings in self:
            settings.privacy_log_blocker = blocker
            settings.privacy_log_stamp_blocker = unstamped
            settings.privacy_witness_verifiers = own
            settings.privacy_log_origin = log._log_name()
            settings.privacy_log_verifiers = "\n".join(map(str, log._verifiers()))

    @api.constrains("privacy_log_addresses")
    def _check_privacy_log_addresses(self):
        for settings in self:
            for address in (settings.privacy_log_addresses or "").split(","):
                if address.strip() and not email_normalize(address):
                    raise ValidationError(
                        self.env._("%s is no e-mail address.", address.strip())
                    )

    @api.constrains("privacy_log_webhook")
    def _check_privacy_log_webhook(self):
        for settings in self:
            if settings.privacy_log_webhook:
                settings._check_privacy_address(settings.privacy_log_webhook)

    @api.onchange("privacy_log_stamp_file")
    def _onchange_privacy_log_stamp_file(self):
        """A chosen file stands for what would be pasted."""
        if not self.privacy_log_stamp_file:
            return
        try:
            content = base64.b64decode(self.privacy_log_stamp_file)
            self.privacy_log_stamp_certificates = stamp.as_pem(content)
        except stamp.StampError as error:
            raise UserError(str(error)) from error
        self.privacy_log_stamp_file = False

    @api.constrains("privacy_log_stamp_url", "privacy_log_stamp_certificates")
    def _check_privacy_stamps(self):
        for settings in self:
            url = settings.privacy_log_stamp_url
            text = settings.privacy_log_stamp_certificates
            if url and not outside.is_address(url, plain=True):
                settings._refuse_privacy_address(url)
            if not url and not text:
                continue
            try:
                stamp.read_certificates(text or "")
            except stamp.StampError as error:
                raise ValidationError(
                    self.env._(
                        "Time stamps are checked before they are kept: enter the "
                        "certificates of the authority. %s",
                        error,
                    )
                ) from error

    @api.constrains("privacy_log_witnesses", "privacy_witnessed_logs")
    def _check_privacy_witnesses(self):
        for settings in self:
            try:
                contacts = witness.read_contacts(settings.privacy_log_witnesses or "")
                witness.read_verifiers(settings.privacy_witnessed_logs or "")
            except merkle.ProofError as error:
                raise ValidationError(str(error)) from error
            for contact in contacts.values():
                settings._check_privacy_contact(contact)

    def _check_privacy_contact(self, contact):
        self._check_privacy_address(contact.url)
        if contact.name == self.env["consent.witnessed.log"]._witness_name():
            raise ValidationError(
                self.env._("A database is no witness of its own evidence.")
            )

    def _check_privacy_address(self, url):
        if not outside.is_address(url):
            self._refuse_privacy_address(url)

    def _refuse_privacy_address(self, url):
        raise ValidationError(
            self.env._(
                "%s cannot be asked: an address begins with https://, and nothing "
                "follows its path.",
                url,
            )
        )
