import base64
import hashlib
import json

from odoo import models
from odoo.exceptions import UserError

FORMAT = "privacy-guard-erasure-certificate-1"


class PrivacyErasure(models.Model):
    """The certificate: what was erased, when, by whom and what is kept, without the
    data that was erased."""

    _inherit = "privacy.erasure"

    def _certificate(self):
        """:return: dict that JSON can carry; ``sha256`` is that of the rest of it, as
        JSON with sorted keys and no spaces
        :raise AccessError: for anybody but a privacy officer
        """
        self.ensure_one()
        self.check_access("read")
        certificate = {
            "format": FORMAT,
            "reference": self.name,
            "company": self.env.company.name,
            "officer": self.user_id.id,
            "confirmed_at": self._moment(self.confirmed_at),
            "done_at": self._moment(self.done_at),
            "people": [
                {
                    "model": row.res_model,
                    "id": row.res_id,
                    "state": row.state,
                    "erased_at": self._moment(row.erased_at),
                }
                for row in self.subject_ids
            ],
            "treated": self._treated(),
            "found": self._found(),
        }
        text = json.dumps(certificate, sort_keys=True, separators=(",", ":"))
        return {**certificate, "sha256": hashlib.sha256(text.encode()).hexdigest()}

    def _moment(self, value):
        return value and value.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _treated(self):
        """:return: list of what was done to how many rows of which model, and why"""
        groups = self.env["privacy.erasure.line"]._read_group(
            [("erasure_id", "=", self.id)],
            ["res_model", "treatment", "reason"],
            ["res_id:count_distinct"],
            order="treatment, res_model, reason",
        )
        data_map = self.env["privacy.data.map"]
        reasons = data_map._reasons()
        treatments = dict(
            self.env["privacy.erasure.line"]
            ._fields["treatment"]
            ._description_selection(self.env)
        )
        return [
            {
                "model": model_name,
                "label": data_map._model_label(model_name),
                "treatment": treatment,
                "treatment_label": treatments[treatment],
                "because": reasons.get(reason, reason),
                "rows": count,
            }
            for model_name, treatment, reason, count in groups
        ]

    def _found(self):
        groups = self.env["privacy.erasure.finding"]._read_group(
            [("erasure_id", "=", self.id)], ["res_model", "column", "kind"], ["__count"]
        )
        data_map = self.env["privacy.data.map"]
        kinds = dict(
            self.env["privacy.erasure.finding"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return [
            {
                "model": model_name,
                "label": data_map._model_label(model_name),
                "field": column,
                "field_label": data_map._field_labels(model_name, column) or column,
                "kind": kind,
                "kind_label": kinds[kind],
                "rows": count,
            }
            for model_name, column, kind, count in groups
        ]

    def action_download_certificate(self):
        """:return: action that downloads the certificate as JSON
        :raise UserError: it is not done yet
        """
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("%s is not done yet.", self.display_name))
        content = json.dumps(self._certificate(), indent=2, ensure_ascii=False)
        # superuser: officers read their erasures, not necessarily attachments
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.name.replace('/', '-')}.json",
                    "res_model": self._name,
                    "res_id": self.id,
                    "datas": base64.b64encode(content.encode()),
                    "mimetype": "application/json",
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
