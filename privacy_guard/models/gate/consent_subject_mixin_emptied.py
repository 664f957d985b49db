import logging

from odoo import api, models

from ... import emptying
from .privacy_gate_emptying import UNWANTED

_logger = logging.getLogger(__name__)
# Among the data of a transaction: {(model, field name): set of ids}.
_EMPTIED = "privacy_guard.emptied"


class ConsentSubjectMixin(models.AbstractModel):
    """What was emptied is empty when the transaction ends, and stays so when it is
    computed anew: other add-ons compose a name of its parts, or a city of a link."""

    _inherit = "consent.subject.mixin"

    def _privacy_remember_emptied(self, names):
        """:param names: of columns that were emptied of these subjects"""
        precommit = self.env.cr.precommit
        if _EMPTIED not in precommit.data:
            precommit.data[_EMPTIED] = {}
            precommit.add(self._privacy_check_all_emptied)
        for name in names:
            ids = precommit.data[_EMPTIED].setdefault((self._name, name), set())
            ids.update(self.ids)

    @api.model
    def _privacy_check_all_emptied(self):
        emptied = self.env.cr.precommit.data.pop(_EMPTIED, {})
        for (name, field_name), ids in emptied.items():
            # superuser: whoever has emptied it
            model = self.env[name].sudo().with_context(active_test=False)
            model.browse(ids).exists()._privacy_check_emptied(field_name)

    def _privacy_check_emptied(self, name):
        """Empty what has come back, below the ORM and for good."""
        field = self._fields.get(name)
        if field is None:
            return
        if field.compute and field.store:
            self.env.add_to_compute(field, self)
            self.with_context(tracking_disable=True)._recompute_recordset([name])
        if not (filled := self.filtered(name)):
            return
        unwanted = self.env["privacy.gate"]._unwanted_fields(filled, UNWANTED)
        back = filled.filtered(
            lambda subject: (
                subject.privacy_status == "erased"
                or name in unwanted.get(subject.id, ())
            )
        )
        if back:
            _logger.error("%s of %s came back, and is emptied again", name, back)
            self.env.flush_all()
            emptying.set_null(back, name)
            emptying.forget_noted(back, name)
