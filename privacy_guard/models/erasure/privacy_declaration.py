import re

from lxml import etree
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...access import check_decides_for_all
from ...data_map.personal_data import PersonalData

TREATMENTS = [
    ("delete", "Delete"),
    ("blank", "Blank"),
    ("anonymise", "Anonymise"),
    ("unlink", "Unlink"),
    ("keep", "Keep"),
]
# Treatments that name columns, if the officer does.
OF_COLUMNS = ("blank", "anonymise")


class PrivacyDeclaration(models.Model):
    """What an officer decided that becomes of the rows of a model that are about a
    person, where no add-on declares it (ERA-3, GDPR Art. 17).

    The data map uses it from then on beside what add-ons declare. The catalogue finds
    the rows: by links to the person, and by their addresses and numbers.
    """

    _name = "privacy.declaration"
    _description = "Declaration of personal data"
    _order = "model_id"
    _rec_name = "model_id"

    model_id = fields.Many2one(
        "ir.model",
        required=True,
        ondelete="cascade",
        domain=[("transient", "=", False)],
        help="Kind of records that are about people",
    )
    # not stored: what is could be written past the checks of what may be declared
    model = fields.Char("Technical name", related="model_id.model")
    treatment = fields.Selection(
        TREATMENTS,
        required=True,
        help="Delete: the rows go.\n"
        "Blank: the rows stay, without what the columns hold.\n"
        "Anonymise: the rows stay, and the person in their texts is replaced.\n"
        "Unlink: the rows stay, and no longer lead to the person.\n"
        "Keep: the rows stay as they are, for the reason that is named.",
    )
    columns = fields.Char(
        help="Technical names of fields, with commas between them: those that are "
        "blanked, or where the person is replaced. None: those where the person is "
        "found.",
    )
    reason = fields.Text(
        "Reason or legal basis",
        required=True,
        help="It stands in the dry run and on the certificate of each erasure. What is "
        "kept needs a legal basis.",
    )

    refusal = fields.Char(compute="_compute_refusal")

    _model_uniq = models.Constraint("UNIQUE (model_id)", "A model is declared once.")

    @api.model_create_multi
    def create(self, vals_list):
        check_decides_for_all(self.env)
        return super().create(vals_list)

    def write(self, vals):
        check_decides_for_all(self.env)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_other_companies(self):
        check_decides_for_all(self.env)

    # ------------------------------------------------------------------
    # What may be declared
    # ------------------------------------------------------------------

    @api.depends("model_id", "treatment")
    def _compute_refusal(self):
        """Said while it is chosen, and not when it is saved."""
        data_map = self.env["privacy.data.map"]
        for declaration in self:
            # superuser: declaring a model does not take the right to read models
            name = declaration.sudo().model_id.model
            declaration.refusal = name and data_map._not_to_be_declared(
                name, declaration.treatment
            )

    @api.constrains("model_id", "treatment")
    def _check_model(self):
        for declaration in self:
            if declaration.refusal:
                raise ValidationError(declaration.refusal)

    @api.constrains("model_id", "treatment", "columns")
    def _check_columns(self):
        for declaration in self.filtered("columns"):
            model = self.env[declaration.sudo().model_id.model]
            if declaration.treatment not in OF_COLUMNS:
                raise ValidationError(
                    self.env._(
                        "Columns are named where they are blanked or anonymised."
                    )
                )
            for name in declaration._names():
                declaration._check_column(model, name)

    def _check_column(self, model, name):
        field = model._fields.get(name)
        if field is None or not field.store or not field.column_type:
            raise ValidationError(
                self.env._(
                    "%(model)s has no column %(name)s.",
                    model=self.env["privacy.data.map"]._model_label(model._name),
                    name=name,
                )
            )
        is_text = field.type in ("char", "text", "html")
        if (
            field.name in models.MAGIC_COLUMNS
            or not is_text
            and (self.treatment == "anonymise" or field.required)
        ):
            raise ValidationError(
                self.env._(
                    "%(name)s of %(model)s can be neither blanked nor anonymised: it "
                    "is no text, or may not be empty.",
                    model=self.env["privacy.data.map"]._model_label(model._name),
                    name=name,
                )
            )

    def _names(self):
        """:return: list of the columns that are named"""
        return re.findall(r"\w+", self.columns or "")

    @api.model
    def _dialogue(self, model_name):
        """:return: action that opens the declaration of a model, or a new one, which
        keeps what Odoo needs"""
        model = self.env["ir.model"]._get(model_name)
        context = {"default_model_id": model.id}
        if self.env["privacy.data.map"]._is_of_odoo(model_name):
            context["default_treatment"] = "keep"
        found = self.search([("model_id", "=", model.id)])
        return found._get_records_action(
            name=self.env._("Declare"), target="new", context=context
        )

    # ------------------------------------------------------------------
    # What is made of them
    # ------------------------------------------------------------------

    @api.model
    def _as_personal_data(self):
        """:return: list of :class:`PersonalData`, of models that are installed"""
        # superuser: what is declared binds whoever erases
        return [
            PersonalData(
                one.model,
                one.treatment,
                (),
                one.reason,
                **{
                    "blank" if one.treatment == "blank" else "redact": tuple(
                        one._names()
                    )
                },
            )
            for one in self.sudo().search([])
            if one.model in self.env
        ]

    def action_export(self):
        """Download these declarations as a data file for an add-on.

        :return: action that downloads it
        :raise AccessError: for who may not read them
        """
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Select what to export."))
        # superuser: officers read declarations, not necessarily attachments
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "privacy_declaration_data.xml",
                    "res_model": self._name,
                    "res_id": self[0].id,
                    "raw": self._data_file(),
                    "mimetype": "application/xml",
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _data_file(self):
        """:return: bytes of an XML data file of Odoo"""
        root = etree.Element("odoo", noupdate="1")
        for one in self:
            id_ = f"privacy_declaration_{one.model.replace('.', '_')}"
            record = etree.SubElement(root, "record", id=id_, model=self._name)
            domain = repr([("model", "=", one.model)])
            etree.SubElement(record, "field", name="model_id", search=domain)
            for name in ("treatment", "columns", "reason"):
                if one[name]:
                    etree.SubElement(record, "field", name=name).text = one[name]
        return etree.tostring(
            root, pretty_print=True, xml_declaration=True, encoding="UTF-8"
        )
