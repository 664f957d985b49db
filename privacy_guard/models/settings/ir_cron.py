from odoo import models

# jobs of Odoo by which mail leaves and comes in, and what has had its time goes
RELIED_ON = frozenset(
    {
        "base.autovacuum_job",
        "mail.ir_cron_mail_gateway_action",
        "mail.ir_cron_mail_scheduler_action",
        "mass_mailing.ir_cron_mass_mailing_queue",
        "sms.ir_cron_sms_scheduler_action",
        "snailmail.snailmail_print",
    }
)


class IrCron(models.Model):
    """Of the jobs that keep what we promise, some of Odoo: whether, when, how often and
    as whom. The scheduler plans by SQL, which is nobody's change; what a job runs is of
    its server action. A trigger that is deleted costs what would run early, not the
    run."""

    _name = "ir.cron"
    _inherit = ["ir.cron", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "interval_number",
        "interval_type",
        "nextcall",
        "priority",
        "user_id",
        "ir_actions_server_id",
    )

    def _privacy_is_ours(self):
        if super()._privacy_is_ours():
            return True
        return self.get_external_id()[self.id] in RELIED_ON
