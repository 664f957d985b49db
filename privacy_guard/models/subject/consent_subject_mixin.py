import logging

from odoo import api, fields, models
from odoo.fields import Domain

from ...constants import NOT_PROCESSED, STATUSES

_logger = logging.getLogger(__name__)


class ConsentSubjectMixin(models.AbstractModel):
    """A person whose data we keep (GDPR: data subject).

    A model of people inherits it as the last of its parents. It then stands below all
    overrides of the model, so that every way in passes: forms, lists, imports, RPC,
    automation, merges and superuser code. Where a person may be a contact as well, the
    model inherits ``consent.linked.mixin`` in its place. See docs/extending.md.

    It asks of the model:

    * ``mail.thread.blacklist`` among the parents before it: the normalised address
      identifies the person (DUP-3). Give ``email_normalized`` an index;
    * a field with the person's name, ``name`` unless ``_privacy_name_field`` says so;
    * ``_privacy_uninstall()``, called by the uninstall hook of its add-on.

    It uses ``lang``, ``company_id``, ``active`` and ``message_bounce`` of models that
    have them. A model may say more about itself:

    * ``_consent_domain()``: which records are people whom the company asks;
    * ``_privacy_identifying_names()``: what erasing clears besides the address and what
      is flagged as personal; ``_privacy_label_names()`` and ``_privacy_label()``: what
      an anonymous label takes the place of;
    * ``_privacy_unlocked_names()``: what Odoo keeps by itself, whatever the status;
    * ``_privacy_duplicate_domain()``: which records may be marked as duplicates.

    It gives the model:

    * the Contact Status, the e-mail opt-in, consents, their timeline and requests, as
      fields, and ``action_`` methods for the buttons beside them;
    * evaluation on saving, and the locks of data consents and of the status, which
      forms and lists show by themselves;
    * requests for consent, personal links and the preferences page, copies, erasure
      and the suppression list.
    """

    _name = "consent.subject.mixin"
    _description = "Person whose data we keep"
    # the stored, normalised e-mail address that identifies the person
    _consent_email_field = "email_normalized"

    privacy_status = fields.Selection(
        STATUSES,
        "Contact Status",
        default="active",
        required=True,
        copy=False,
        readonly=True,
    )
    # Who reads contacts seldom reads these two: fetched when they are asked for.
    consent_requested_at = fields.Datetime(
        "Last consent request",
        copy=False,
        readonly=True,
        prefetch=False,
        groups="base.group_user",
    )
    # Part of every personal link: raising it voids all links sent before.
    preferences_version = fields.Integer(
        default=0, copy=False, readonly=True, prefetch=False
    )
    # those that apply now; the timeline tells of the others
    consent_ids = fields.One2many(
        "consent.record",
        "res_id",
        "Consents",
        domain=lambda self: [
            ("res_model", "=", self._name),
            ("value", "!=", "not_applicable"),
            ("purpose_id.active", "=", True),
        ],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    privacy_locked_fields = fields.Json(compute="_compute_privacy_locked_fields")
    privacy_lock_hint = fields.Text(compute="_compute_privacy_locked_fields")

    @api.depends("privacy_status")
    def _compute_privacy_locked_fields(self):
        gate = self.env["privacy.gate"]
        # what a form holds unsaved is locked as what is stored
        stored = self._origin
        locked = gate._locked_fields(stored)
        withheld = gate._withheld_labels(stored, locked)
        untold = gate._untold_reasons(stored) if locked else {}
        for subject in self:
            reasons = locked.get(subject._origin.id, {})
            hidden = untold.get(subject._origin.id, ())
            subject.privacy_locked_fields = sorted(reasons)
            lines = []
            for name, reason in sorted(reasons.items()):
                is_hidden = name in hidden
                label = self._fields[name]._description_string(self.env)
                shown = gate._reason_label("untold" if is_hidden else reason)
                lines.append(f"{label}: {shown}")
                if not is_hidden:
                    lines += withheld.get((subject._origin.id, name), ())
            subject.privacy_lock_hint = "\n".join(lines) or False

    # ------------------------------------------------------------------
    # Saving: every step there is, in order, whatever room it lives in
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        gate = self.env["privacy.gate"]
        for vals in vals_list:
            gate._check_create(self, vals)
        subjects = super().create(vals_list)
        if gate._is_enabled():
            # in one statement: what follows asks for parts of it, one after the other
            subjects.flush_model()
            gate._check_placed(subjects)
            subjects._privacy_check_address_unused()
            subjects._consent_sync()
            subjects._privacy_leave_out_refused()
        subjects._privacy_log_new_values()
        subjects._privacy_apply_suppression()
        return subjects

    def _prepare_create_values(self, vals_list):
        """The last word before the row is written. Defaults have come in: they are
        anybody's to set, in the context of a call or for good."""
        vals_list = super()._prepare_create_values(vals_list)
        for vals in vals_list:
            self.env["privacy.gate"]._check_new_controls(self, vals)
        derived = self._privacy_derived_names()
        vals_list = [
            {name: value for name, value in vals.items() if name not in derived}
            for vals in map(self._privacy_without_masks, vals_list)
        ]
        return self._privacy_without_removed(vals_list)

    def _update_field_translations(self, field_name, *args, **kwargs):
        """Core writes translations by SQL."""
        self.env["privacy.gate"]._check_unlocked(self, {field_name})
        return super()._update_field_translations(field_name, *args, **kwargs)

    def write(self, vals):
        gate, before = self.env["privacy.gate"], self._privacy_before_write(vals)
        if gate._needs_no_check(self, vals):
            result = super().write(vals)
            self._privacy_after_write(vals, before)
            return result
        unmasked = self._privacy_without_masks(vals)
        changes = self._privacy_value_changes(unmasked)
        emptied = gate._emptied_fields(self, unmasked)
        for subjects, allowed in gate._split_write(self, unmasked):
            super(ConsentSubjectMixin, subjects).write(allowed)
        self._privacy_forget_tracked(emptied)
        if not self._privacy_address_names().isdisjoint(unmasked):
            self._privacy_settle_addresses()
        purposes = self.env["consent.purpose"]
        triggers = purposes._trigger_fields(self._name)
        if not triggers.isdisjoint(unmasked):
            self._consent_sync()
        if not (triggers | purposes._guarded_fields(self._name)).isdisjoint(unmasked):
            self._privacy_leave_out_refused({"refused"})
        self._privacy_log_changes(changes)
        self._privacy_after_write(vals, before)
        return True

    def _privacy_before_write(self, vals):
        """:return: dict of what the step after any write has to know of how it was"""
        return {}

    def _privacy_after_write(self, vals, before):
        """:param dict before: as :meth:`_privacy_before_write` has returned it"""
        self._privacy_suppress_changed(vals)

    def _compute_field_value(self, field):
        """What Odoo computes into a field that can be typed as well obeys the locks."""
        kept = self._privacy_locked_values(field)
        with (
            self._privacy_masking_computed(field),
            self._privacy_noting_addresses(field),
        ):
            result = super()._compute_field_value(field)
        self._privacy_put_back(kept)
        return result

    def unlink(self):
        """The consents go with the person, and so does what is withheld; the events,
        being evidence, stay."""
        # who has stopped is out already: `mail.thread` deletes before it comes here
        self.env["consent.delivery"]._forget(self)
        self.env["consent.peace"]._remember(self)
        ids, result = self.ids, super().unlink()
        self.env["consent.record"]._delete(self._name, ids)
        self.env["consent.preference"]._of(self._name, ids)._drop()
        # superuser: nobody has a right on these rows
        withheld = self.env["consent.sealed.value"].sudo()._destroy(self._name, ids)
        if withheld:
            _logger.info("Withheld values destroyed with %s %s", self._name, withheld)
        return result

    def _consent_sync(self):
        """T1 and T2 on saving: a constant number of queries for any number."""
        if self.ids and self.env["privacy.gate"]._is_enabled():
            self.env["consent.record"]._sync(self._name, ids=self.ids)

    @api.model
    def _consent_domain(self):
        """:return: domain of the people whom the company processes; models narrow it"""
        return Domain("privacy_status", "not in", NOT_PROCESSED)

    @api.model
    def _consent_trigger_names(self):
        """:return: names of the fields that decide who is a subject, besides those in
        conditions"""
        return frozenset()

    @api.model
    def _privacy_derived_names(self):
        """:return: names of stored columns that are nobody's to write (IDN-1)"""
        return frozenset({self._consent_email_field})

    @api.model
    def _privacy_unlocked_names(self):
        """:return: names of fields that Odoo keeps by itself and that say nothing about
        the person: writable whatever the Contact Status"""
        return frozenset()

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Locked fields read-only, and a request that did not arrive, in views of any
        module. ``ir.ui.view._postprocess_view()`` masks what is encrypted."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "list") and self.env["privacy.gate"]._is_enabled():
            self.env["privacy.gate"]._lock_view(arch, self._name)
            self._consent_show_undelivered(arch)
        return arch, view
