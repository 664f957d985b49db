from odoo import api, models
from odoo.tools import SQL

from ...data_map.personal_data import PersonalData, by_address, by_record


class PrivacyDataMap(models.AbstractModel):
    """What this add-on itself holds."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        record = (by_record(),)
        return [
            *super()._declared(),
            PersonalData(
                "consent.sealed.value", "delete", record, "contact", plain=True
            ),
            PersonalData("consent.evidence", "delete", record, "contact", plain=True),
            PersonalData(
                "consent.import.line",
                "delete",
                (*record, by_address("person")),
                "temporary",
                plain=True,
            ),
            PersonalData("consent.record", "keep", record, "evidence"),
            PersonalData("consent.event", "keep", record, "evidence"),
            PersonalData(
                "privacy.request", "blank", record, "accountability", blank=("email",)
            ),
            PersonalData("ir.attachment", "delete", (of_request,), "contact"),
            # its parts go with it
            PersonalData("privacy.export", "delete", record, "contact", plain=True),
            PersonalData("privacy.status.log", "keep", record, "accountability"),
            PersonalData("privacy.opt.in.log", "keep", record, "accountability"),
            PersonalData("privacy.access.log", "keep", record, "accountability"),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "consent.import": "its file is deleted once it is imported, or in a month",
            "consent.purpose": "who is asked what; it names no contact",
            "privacy.erasure.subject": "ids; what it keeps meanwhile is cleared",
            "privacy.erasure.line": "ids of rows, no values",
            "privacy.erasure.finding": "ids of rows, no values",
            "privacy.suppression": "keyed hashes",
        }


def of_request(_model):
    """Files that came with requests of the person: letters and the like."""
    return SQL(
        """
        SELECT subject.id, held.id
          FROM subject
          JOIN privacy_request request ON request.res_model = subject.res_model
           AND request.res_id = subject.res_id
          JOIN ir_attachment held ON held.res_model = 'privacy.request'
           AND held.res_id = request.id
        """
    )
