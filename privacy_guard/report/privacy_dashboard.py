from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..access import check_decides_for_all, check_officer
from ..notifications import RELOAD, notification

# cards beside those of the consents, in their order: the numbers of each
NUMBERS = {
    "setup": (),
    "asking": ("asked_today", "undelivered", "cannot_be_asked"),
    "requests": ("open", "overdue"),
    "work": ("trouble", "undeclared", "broken"),
}


class PrivacyDashboard(models.Model):
    """The cards of the page that *Privacy* opens on: what is to be set up, how things
    are, and one card per consent that people can be asked for.

    A number is the length of the list behind it, as the reader may see it: it is
    counted, and the list is opened, by the same domain.
    """

    _name = "privacy.dashboard"
    _description = "Privacy dashboard"
    _inherit = ["privacy.visible.mixin"]
    _auto = False
    _log_access = False
    _rec_name = "card"
    _order = "is_consent, sequence, id"
    _depends = {"consent.purpose": ["active", "sequence", "version"]}

    card = fields.Char(readonly=True)
    is_consent = fields.Boolean(readonly=True)
    sequence = fields.Integer(readonly=True)
    purpose_id = fields.Many2one("consent.purpose", "Consent", readonly=True)
    content = fields.Json(compute="_compute_content")
    next_run = fields.Datetime(compute="_compute_next_run")
    next_deadline = fields.Date(compute="_compute_next_deadline")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT topic.place AS id, topic.name AS card, FALSE AS is_consent,
                   topic.place AS sequence, NULL::int AS purpose_id
              FROM unnest(%(names)s::text[], %(places)s::int[]) AS topic (name, place)
         UNION ALL
            SELECT purpose.id + %(above)s, 'consent', TRUE, purpose.sequence, purpose.id
              FROM consent_purpose purpose
             WHERE purpose.active AND purpose.version > 0
            """,
            names=list(NUMBERS),
            places=list(range(1, len(NUMBERS) + 1)),
            above=len(NUMBERS),
        )

    def _visible_domain(self, by_page=False):
        """The consents that the user may read; and the topics that say them anything:
        what is to be set up, as long as something is, for those who can."""
        purposes = self.env["consent.purpose"]._search([])
        topics = {topic for topic in NUMBERS if any(self._readable(topic))}
        if self._shows_setup():
            topics.add("setup")
        return Domain("purpose_id", "in", purposes) | Domain("card", "in", topics)

    # ------------------------------------------------------------------
    # What the cards say
    # ------------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_content(self):
        numbers = self.filtered("purpose_id")._consent_numbers()
        for card in self:
            if card.purpose_id:
                card.content = numbers[card]
            elif card.card == "setup":
                card.content = self._steps()
            else:
                card.content = card._numbers()

    def _compute_next_run(self):
        """When everybody who is to be asked is; not where nobody is asked by itself."""
        run = self.env["consent.run"]
        # superuser: a schedule is no secret
        cron = self.env.ref(run._CRONS["daily"]).sudo()
        when = cron.nextcall if run._is_wanted() and cron.active else False
        for card in self:
            card.next_run = card.card == "asking" and when

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_next_deadline(self):
        requests = self.env["privacy.request"]
        _xmlid, domain = self._lists()["open"]
        first = requests.search(domain, order="deadline, id", limit=1)
        for card in self:
            card.next_deadline = card.card == "requests" and first.deadline

    # ------------------------------------------------------------------
    # Asking now
    # ------------------------------------------------------------------

    def action_preview(self):
        """Show the mails that asking everybody now would send."""
        return self.env["consent.mail.preview"]._open()

    def action_ask_now(self):
        """Have the daily run begin at once, in the background.

        :raise AccessError: for anybody but an officer who is in all companies
        :raise UserError: nobody would be asked; it says why
        """
        check_officer(self.env, self.env._("Only a privacy officer asks everybody."))
        check_decides_for_all(self.env)
        run = self.env["consent.run"]
        run._check_wanted()
        self.env["consent.asking"]._check_mail_server()
        # superuser: the officer's right was checked
        self.env.ref(run._CRONS["daily"]).sudo()._trigger()
        return notification(
            self.env._("People are being asked, in the background."), RELOAD
        )
