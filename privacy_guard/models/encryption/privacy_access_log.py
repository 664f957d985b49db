from odoo import api, fields, models
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import SQL

ACTIONS = [
    ("reveal", "Revealed"),
    ("copy", "Put into the person's access copy"),
    ("change", "Changed"),
    ("encrypt", "Encryption turned on"),
    ("decrypt", "Encryption turned off"),
    ("receipt", "Receipt handed out"),
    ("proof", "Proof pack made"),
]
# Among the data of a transaction: {(user id, model): values} that changed in it.
_CHANGED = "privacy_guard.changed"


class PrivacyAccessLog(models.Model):
    """Who revealed or changed a value of an encrypted field (FLD-4), or had somebody's
    evidence put together (EVI-3, EVI-4).

    Nobody edits it: the ORM refuses, and so does a trigger in the database. A line is
    part of the transaction that it tells of.
    """

    _name = "privacy.access.log"
    _description = "Encrypted field access"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _log_access = False
    _keeps_rows_of_deleted_subjects = True

    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    field_name = fields.Char("Technical name", required=True, readonly=True)
    field_label = fields.Char(
        "Field", compute="_compute_field_label", search="_search_field_label"
    )
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    ip = fields.Char("IP address", readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
    _date_idx = models.Index("(date)")

    @api.private
    def init(self):
        self._refuse_changes_in_database()

    @api.depends("res_model", "field_name")
    def _compute_field_label(self):
        for line in self:
            model = self.env.get(line.res_model)
            field = model is not None and model._fields.get(line.field_name)
            label = field and field._description_string(self.env)
            line.field_label = label or line.field_name

    def _search_field_label(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        found = self.env["ir.model.fields"].search(
            [
                ("model", "in", self._subject_models()),
                ("field_description", operator, value),
            ]
        )
        return Domain("field_name", "in", found.mapped("name"))

    def _search(self, *args, **kwargs):
        self._write_changes()
        return super()._search(*args, **kwargs)

    @api.model
    def _log_changes(self, res_model, values):
        """Log that values changed, once for all that the transaction changes: imports
        change record by record.

        :param values: as for `_log`
        """
        precommit = self.env.cr.precommit
        if _CHANGED not in precommit.data:
            precommit.data[_CHANGED] = {}
            precommit.add(self._write_changes)
        by_user = precommit.data[_CHANGED]
        by_user.setdefault((self.env.uid, res_model), []).extend(values)

    def _write_changes(self):
        by_user = self.env.cr.precommit.data.pop(_CHANGED, {})
        for (uid, res_model), values in by_user.items():
            self.with_user(uid)._log("change", res_model, values)

    @api.model
    def _log(self, action, res_model, values):
        """Append one line per record and field, in one statement.

        :param str action: of ``ACTIONS``
        :param str res_model: model of the records; of the field, if it is about all
        :param list values: (id of the record, name of the field); id 0 when it is about
            the field itself
        """
        ids, names = map(list, zip(*values, strict=True))
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_access_log
                            (date, user_id, res_model, res_id, field_name, action, ip)
                     SELECT %(now)s, %(user_id)s, %(model)s, value.id, value.name,
                            %(action)s, %(ip)s
                       FROM unnest(%(ids)s::int[], %(names)s::text[])
                            AS value (id, name)
                  RETURNING id
                """,
                now=fields.Datetime.now(),
                user_id=self.env.uid,
                model=res_model,
                action=action,
                ip=request.httprequest.remote_addr if request else None,
                ids=ids,
                names=names,
            )
        )
        self.invalidate_model(flush=False)
