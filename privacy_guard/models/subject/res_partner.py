from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.fields import Domain
from odoo.tools import SQL, str2bool

from ...constants import SKIP_LOCKED
from ...fields.mail_class import without_class

# Or logging in would fail.
TECHNICAL_FIELDS = frozenset({"tz", "signup_type", "calendar_last_notif_ack"})
# What accounting counts up when it posts a document, which the law demands.
ACCOUNTING_FIELDS = frozenset({"customer_rank", "supplier_rank"})


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "consent.subject.mixin"]

    email_normalized = fields.Char(index="btree_not_null")

    @api.model
    def _consent_domain(self):
        """Natural persons; the company's own employees only if it says so."""
        domain = super()._consent_domain() & Domain(
            [("is_company", "=", False), ("type", "=", "contact")]
        )
        # a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        if not str2bool(parameters.get_param("privacy_guard.ask_employees"), False):
            domain &= Domain("partner_share", "=", True)
        return domain & Domain("id", "not in", self._privacy_technical_partner_ids())

    @api.model
    def _privacy_technical_partner_ids(self):
        """Contacts behind public and template users are no persons."""
        find = self.env["ir.model.data"].sudo()._xmlid_to_res_id
        public, template = find("base.group_public"), "base.template_portal_user_id"
        users = self.env["res.users"].sudo().with_context(active_test=False)
        technical = users.search_fetch(
            Domain("group_ids", "in", [public]) | Domain("id", "=", find(template)),
            ["partner_id"],
        )
        return technical.partner_id.ids

    @api.model
    def _privacy_derived_names(self):
        """Whether somebody is a colleague, and whose contact they are, follows from
        their users and their company."""
        return super()._privacy_derived_names() | {
            "commercial_partner_id",
            "partner_share",
        }

    @api.model
    def _privacy_unlocked_names(self):
        return super()._privacy_unlocked_names() | TECHNICAL_FIELDS | ACCOUNTING_FIELDS

    @api.model
    def _privacy_identity_domain(self):
        """A delivery or invoice address of somebody is no contact of its own."""
        contacts = Domain("parent_id", "=", False) | Domain("type", "=", "contact")
        return super()._privacy_identity_domain() & contacts

    def _privacy_duplicate_domain(self):
        """A locked employee could not even log in."""
        return super()._privacy_duplicate_domain() & Domain("partner_share", "=", True)

    @api.model
    def _privacy_colleague_sql(self, alias):
        return SQL("%s IS FALSE", SQL.identifier(alias, "partner_share"))

    @api.model
    def _privacy_mask_source(self, vals):
        """Choosing a company in the form takes its address over, as masks."""
        parent_id = vals.get("parent_id") or (len(self) == 1 and self.parent_id.id)
        return self.browse(parent_id or ())

    def _field_store_repr(self, field_name):
        """Avatar cards and the like, some of which are collected as superuser."""
        if field_name not in self._privacy_encrypted_names():
            return super()._field_store_repr(field_name)
        return [Store.Attr(field_name, lambda s: s._privacy_mask(field_name))]

    def signup_prepare(self, *args, **kwargs):
        """In the middle of a mail that the person must get, such as a new password:
        what saving the token sets off is another mail."""
        return super(ResPartner, without_class(self)).signup_prepare(*args, **kwargs)

    # What Odoo propagates by itself between a company and its contacts leaves
    # locked fields out; a write that names the contact is refused.

    def _fields_sync(self, values):
        # every write comes by: most contacts have no company
        subjects = self._privacy_skipping_locked() if self.parent_id else self
        return super(ResPartner, subjects)._fields_sync(values)

    def _update_address(self, vals):
        return super(ResPartner, self._privacy_skipping_locked())._update_address(vals)

    def _commercial_sync_to_descendants(self, fields_to_sync=None):
        subjects = self._privacy_skipping_locked()
        return super(ResPartner, subjects)._commercial_sync_to_descendants(
            fields_to_sync
        )

    def _load_records_create(self, vals_list):
        # a person's file is no propagation; the data of a module must not fail
        if not self.env.context.get("install_mode"):
            for vals in vals_list:
                self.env["privacy.gate"]._check_create(self, vals)
        subjects = self._privacy_skipping_locked()
        partners = super(ResPartner, subjects)._load_records_create(vals_list)
        return partners.with_env(self.env)

    def _privacy_skipping_locked(self):
        return self.with_context(**{SKIP_LOCKED: True})
