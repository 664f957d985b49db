from odoo import api, fields, models
from odoo.tools import format_datetime


class PrivacyJob(models.Model):
    """What each background job is for, in a sentence."""

    _inherit = "privacy.job"

    explanation = fields.Char("What it does", compute="_compute_explanation")
    last_progress = fields.Char(compute="_compute_last_progress")

    @api.model
    def _explanations(self):
        """The hook for add-ons that bring a scheduled action.

        :return: {XML id of the action: what it does, in the user's language}
        """
        texts = self._explanations_of_asking() | self._explanations_of_data()
        return {f"privacy_guard.ir_cron_{name}": text for name, text in texts.items()}

    @api.model
    def _explanations_of_asking(self):
        return {
            "daily_requests": self.env._(
                "Finds out whom each consent applies to, and asks whoever is to be "
                "asked."
            ),
            "weekly_revisions": self.env._(
                "Tells people of consents whose text was revised, and mails the newest "
                "checkpoint."
            ),
            "requests_queue": self.env._("Sends the mails that ask for consent."),
            "deliveries": self.env._(
                "Undoes requests that did not arrive, and gives back what was withheld."
            ),
            "withheld_values": self.env._(
                "Gives back or destroys withheld values when it is time."
            ),
            "consent_import": self.env._("Records the answers of a checked file."),
            "verification": self.env._("Computes the hashes of all evidence again."),
            "log": self.env._("Seals new evidence, and signs a checkpoint."),
            "log_compare": self.env._(
                "Finds out, when the server starts and each day, whether witnesses "
                "hold evidence that is lost here."
            ),
            "webhook": self.env._("Posts the newest checkpoint to an address outside."),
            "witnesses": self.env._("Has witnesses cosign the newest checkpoint."),
            "proofs": self.env._("Makes the proof packs that officers have asked for."),
            "stamps": self.env._("Has an authority say when a checkpoint was there."),
        }

    @api.model
    def _explanations_of_data(self):
        return {
            "erase_removed_fields": self.env._(
                "Erases fields whose consent was deleted, on every contact."
            ),
            "privacy_export": self.env._(
                "Puts copies of people's data together, and deletes those that expired."
            ),
            "erasures": self.env._(
                "Erases people whom an officer has confirmed, and looks for what "
                "remains."
            ),
            "overdue_requests": self.env._(
                "Reminds officers of requests whose deadline has passed."
            ),
            "field_encryption": self.env._(
                "Encrypts or decrypts the values of fields, or brings them under a new "
                "key."
            ),
            "encryption_search": self.env._(
                "Looks where else the values of an encrypted field are."
            ),
        }

    def _compute_explanation(self):
        known = {
            action.id: text
            for name, text in self._explanations().items()
            if (action := self.env.ref(name, raise_if_not_found=False))
        }
        for job in self:
            job.explanation = known.get(job.cron_id)

    @api.depends("worked_at")
    @api.depends_context("tz")
    def _compute_last_progress(self):
        zone, none = self.env.context.get("tz"), self.env._("None yet")
        for job in self:
            when = job.worked_at
            job.last_progress = format_datetime(self.env, when, zone) if when else none
