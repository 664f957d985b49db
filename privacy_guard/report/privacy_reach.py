from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

CHANNELS = [("mail", "E-mail")]
REACHED = "reached"
# Besides those who are reached, the gravest first.
REACH = [
    (REACHED, "Can be reached"),
    ("erased", "Erased"),
    ("stopped", "Processing stopped"),
    ("erasure_requested", "Erasure requested"),
    ("refused", "Not granted"),
    ("relationship_over", "Relationship over"),
    ("waiting", "Waiting for an answer"),
    ("not_asked", "Not asked yet"),
    ("refused_other", "Has refused other messages"),
    ("no_address", "No valid address"),
    ("several_addresses", "Several e-mail addresses"),
    ("unproven_address", "New e-mail address not confirmed"),
    ("opted_out", "Opt-in does not suffice"),
    ("blacklisted", "Blacklisted"),
    ("untracked", "No consent to tracking"),
    ("elsewhere", "Refused on another record"),
    ("duplicate", "Duplicate"),
    ("archived", "Archived"),
    ("unwanted_channel", "Not wanted by this channel"),
    ("paused", "Paused by the person"),
]
# column -> how far from now it looks
MOMENTS = {
    "reach": timedelta(),
    "reach_30": timedelta(days=30),
    "reach_90": timedelta(days=90),
}
# More ids than this of one consent there are not.
ROWS_PER_CONSENT = 8


class PrivacyReach(models.Model):
    """Whom a marketing message would reach now, under which consent and by which
    channel, and why not the others: one reason each, the gravest (RCH-1).

    The reasons are conditions of the gate, put into one statement for everybody. What
    the person counts of messages ("at most one a week") changes by the hour and is left
    to the form of the mailing.
    """

    _name = "privacy.reach"
    _inherit = "consent.report"
    _description = "Reach of messages"
    _auto = False
    # no index gives it: a page would be looked up person by person, all of them
    _order = "id desc"
    _depends = {
        "consent.preference": [
            *("paused_until", "purpose_id", "res_id", "res_model", "without"),
        ],
        "consent.purpose": ["covers_email", "default_selection"],
        "consent.record": ["ends_at", "related_by"],
        "privacy.request": ["kind", "state"],
        "privacy.request.subject": ["request_id", "res_id", "res_model"],
        "res.partner": ["email_opt_in", "proven_email"],
    }

    channel = fields.Selection(CHANNELS, readonly=True)
    reach = fields.Selection(REACH, readonly=True)
    reach_30 = fields.Selection(REACH, "Reach in 30 days", readonly=True)
    reach_90 = fields.Selection(REACH, "Reach in 90 days", readonly=True)
    reached = fields.Integer("Can be reached", readonly=True)
    reached_30 = fields.Integer("Can be reached in 30 days", readonly=True)
    reached_90 = fields.Integer("Can be reached in 90 days", readonly=True)
    paused_until = fields.Datetime(readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """%s WHERE record.value <> 'not_applicable'
                    AND purpose.active AND purpose.kind = 'custom'""",
            super()._table_query,
        )

    @api.model
    def _channels(self):
        """The hook for channels besides mail; each stays at its place in the order.

        :return: {code: field of the consents that are about it}
        """
        return {"mail": "covers_email"}

    @api.model
    def _select_id(self):
        return SQL("record.id::bigint * %s + channel.place", ROWS_PER_CONSENT)

    @api.model
    def _by_page(self, limit, order):
        """All are looked at before the first of a reason is known."""
        return False

    @api.model
    @api.readonly
    def search_count(self, domain, limit=None):
        """All of them: up to a limit, each person would be looked up by themselves."""
        count = super().search_count(domain)
        return min(count, limit) if limit else count

    def _consents(self):
        ids = {id_ // ROWS_PER_CONSENT for id_ in self.ids}
        return self.env["consent.record"].browse(sorted(ids))

    @api.model
    def _select(self):
        return [
            *super()._select(),
            SQL("channel.code AS channel, preference.paused_until"),
            *(
                SQL(
                    "(subject_reach.%s = %s)::int AS %s",
                    SQL.identifier(name),
                    REACHED,
                    SQL.identifier(name.replace("reach", "reached")),
                )
                for name in MOMENTS
            ),
            *(SQL.identifier("subject_reach", name) for name in MOMENTS),
        ]

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """%(consents)s
            JOIN (VALUES %(channels)s) AS channel (code, place)
                ON CASE channel.code %(covers)s END
            LEFT JOIN consent_preference preference
                ON preference.res_model = record.res_model
                AND preference.res_id = record.res_id
                AND preference.purpose_id = record.purpose_id
            LEFT JOIN (%(elsewhere)s) AS elsewhere
                ON elsewhere.channel = channel.code
                AND elsewhere.res_model = record.res_model
                AND elsewhere.res_id = record.res_id
            CROSS JOIN LATERAL (SELECT %(reach)s) AS subject_reach""",
            consents=super()._from(),
            channels=SQL(", ").join(
                SQL("(%s, %s)", code, place)
                for place, code in enumerate(self._channels())
            ),
            covers=SQL(" ").join(
                SQL("WHEN %s THEN purpose.%s", code, SQL.identifier(name))
                for code, name in self._channels().items()
            ),
            elsewhere=self._elsewhere_sql(),
            reach=SQL(", ").join(
                SQL("%s AS %s", self._reach_sql(ahead), SQL.identifier(name))
                for name, ahead in MOMENTS.items()
            ),
        )

    # ------------------------------------------------------------------
    # One reason each
    # ------------------------------------------------------------------

    @api.model
    def _reach_sql(self, ahead):
        """:param ahead: how far from now
        :return: SQL of the code of what will hold then"""
        at = fields.Datetime.now() + ahead
        cases = [
            SQL(
                """WHEN record.res_model = %s AND channel.code = %s
                   THEN CASE %s ELSE %s END""",
                name,
                channel,
                self._reasons_sql(self._reasons(self.env[name], channel, at)),
                REACHED,
            )
            for name in self._subject_models()
            for channel in self._channels()
        ]
        return SQL("CASE %s END", SQL(" ").join(cases))

    @api.model
    def _reasons_sql(self, reasons):
        order = [code for code, _label in REACH if code in reasons]
        return SQL(" ").join(
            SQL("WHEN %s THEN %s", reasons[code], code) for code in order
        )

    @api.model
    def _reasons(self, model, channel, at):
        """:param model: of subjects
        :param at: the moment that is asked about
        :return: {code: SQL of when it holds}"""
        alias = model._table
        return {
            **model._privacy_unreachable(alias),
            **self._unanswered(at),
            **model._privacy_unreached(alias, channel, at),
            "elsewhere": SQL(
                """COALESCE(elsewhere.always
                            OR record.purpose_id = ANY(elsewhere.purposes), FALSE)"""
            ),
            **model._privacy_counted_elsewhere(alias),
            "unwanted_channel": SQL(
                "COALESCE(%s = ANY(string_to_array(preference.without, ',')), FALSE)",
                channel,
            ),
            "paused": SQL("COALESCE(preference.paused_until > %s, FALSE)", at),
        }

    @api.model
    def _unanswered(self, at):
        """:return: {code: SQL} of consents that allow nothing"""
        value = self.env["consent.record"]._value_sql("record", at)
        opt_in = SQL("purpose.default_selection = 'no'")
        # a row whose end is past has one no more once that is an event
        over = SQL("record.related_by IS NOT NULL AND record.ends_at <= %s", at)
        return {
            "refused": SQL("%s = 'refused'", value),
            "relationship_over": SQL("%s <> 'granted' AND %s", value, over),
            "waiting": SQL("%s = 'waiting' AND %s", value, opt_in),
            "not_asked": SQL("%s = 'applicable' AND %s", value, opt_in),
        }
