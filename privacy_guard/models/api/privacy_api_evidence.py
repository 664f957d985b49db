import base64
import json

from odoo import api, models
from odoo.exceptions import UserError


class PrivacyApi(models.AbstractModel):
    """Evidence, for other programs."""

    _inherit = "privacy.api"

    @api.model
    def receipt(self, person, purpose=None):
        """The receipt of what a person was asked and has answered (EVI-3). Handing it
        out is logged.

        :param purpose: that of one consent alone; else of all, whether or not they
            apply now
        :return: JSON-LD after ISO/IEC TS 27560, signed if a key signs
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: the person is unknown, or nothing was ever asked of them
        """
        self.env["consent.event"]._check_officer()
        records = self.env["consent.record"].union(
            *(people._privacy_evidence() for people in self._known(person))
        )
        if purpose is not None:
            wanted = self._purpose(purpose)
            records = records.filtered(lambda record: record.purpose_id == wanted)
        if not records:
            raise UserError(self.env._("A consent does not apply to this contact."))
        return json.loads(records._hand_out_receipt()["privacy-receipt.jsonld"])

    @api.model
    def _check_document(self, document, name):
        """:raise UserError: it is no file, or has no name that is a text"""
        try:
            # as it is decoded later on; binascii.Error is a ValueError
            base64.b64decode(document or b"", validate=True)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("The document is no file in base64: %s", error)
            ) from error
        if name and not isinstance(name, str):
            raise UserError(self.env._("“%s” is no name of a document.", name))
