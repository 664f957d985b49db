from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.data_map.personal_data import (
    PersonalData,
    by_address,
    by_address_in,
    by_record,
)


class PrivacyDataMap(models.AbstractModel):
    """What marketing mail holds about people."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        """Clicks come first: they are found by the traces."""
        return [
            PersonalData(
                "link.tracker.click",
                "blank",
                (clicks(by_address("email")),),
                "correspondence",
                blank=("ip", "country_id", "mailing_trace_id"),
            ),
            PersonalData(
                "mailing.trace",
                "blank",
                (by_record("model"), by_address("email")),
                "pseudonymous",
                blank=("email", "message_id", "open_datetime", "links_click_datetime"),
            ),
            # the rest of a mailing says what the company wrote to many
            *(
                PersonalData(
                    name,
                    "anonymise",
                    (by_address_in("mailing_domain"),),
                    "shared",
                    redact=("mailing_domain",),
                )
                for name in ("mailing.filter", "mailing.mailing")
            ),
            PersonalData("mailing.subscription", "delete", (subscribed,), "list"),
            *super()._declared(),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "mailing.contact": "the person: see _privacy_anonymise()",
        }


def subscribed(model):
    """Lists that the person is on."""
    return SQL(
        """
        SELECT subject.id, subscription.id FROM subject
          JOIN mailing_subscription subscription
            ON subject.res_model = 'mailing.contact'
           AND subscription.contact_id = subject.res_id
        """
    )


def clicks(*finders):
    """Clicks on links of what went to the person.

    :param finders: how traces are found to be about somebody, as ``by_address``
    """

    def find(model):
        traces = model.env["mailing.trace"]
        return SQL(
            """
            SELECT held.person, click.id
              FROM (%s) AS held (person, trace_id)
              JOIN link_tracker_click click ON click.mailing_trace_id = held.trace_id
            """,
            SQL(" UNION ").join(finder(traces) for finder in finders),
        )

    return find
