from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

STATUSES = [
    ("active", "Active"),
    ("duplicate", "Duplicate"),
    ("stopped", "Processing stopped"),
    ("erased", "Erased"),
]
NOT_PROCESSED = ("duplicate", "erased")


class ConsentSubjectMixin(models.AbstractModel):
    """A person whose data we keep (GDPR: data subject).

    Saving one evaluates which purposes apply; writing one obeys the gate. Being a
    mixin it stands below all overrides of the model, so that every way in passes:
    forms, lists, imports, RPC, automation, merges and superuser code.
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
    consent_requested_at = fields.Datetime(
        "Last consent request", copy=False, readonly=True, groups="base.group_user"
    )
    # Part of every personal link: raising it voids all links sent before.
    preferences_version = fields.Integer(
        default=0, copy=False, readonly=True, groups=fields.NO_ACCESS
    )
    consent_ids = fields.One2many(
        "consent.record",
        "res_id",
        "Consents",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    consent_event_ids = fields.Many2many(
        "consent.event",
        string="Consent timeline",
        compute="_compute_consent_event_ids",
        groups="privacy_guard.group_privacy_user",
    )
    privacy_locked_fields = fields.Json(compute="_compute_privacy_locked_fields")
    privacy_lock_hint = fields.Text(compute="_compute_privacy_locked_fields")

    def _compute_consent_event_ids(self):
        """All evidence about the person, also of contacts merged into this one."""
        Event = self.env["consent.event"]
        for subject in self:
            ids = subject._merged_ids()
            subject.consent_event_ids = Event.search(
                [("res_model", "=", self._name), ("res_id", "in", ids)]
            )

    def _merged_ids(self):
        """:return: own id and those of all contacts merged into this one"""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE merged (id) AS (
                    SELECT %(id)s
                     UNION
                    SELECT event.merged_res_id
                      FROM consent_event event
                      JOIN merged ON merged.id = event.res_id
                     WHERE event.res_model = %(model)s
                       AND event.merged_res_id IS NOT NULL
                )
                SELECT id FROM merged
                """,
                id=self.id,
                model=self._name,
            )
        )
        return [row[0] for row in rows]

    @api.depends("privacy_status")
    def _compute_privacy_locked_fields(self):
        gate = self.env["privacy.gate"]
        locked = gate._locked_fields(self)
        for subject in self:
            reasons = locked.get(subject.id, {})
            subject.privacy_locked_fields = sorted(reasons)
            lines = [
                "%s: %s"
                % (
                    self._fields[name]._description_string(self.env),
                    gate._reason_label(reason),
                )
                for name, reason in sorted(reasons.items())
            ]
            subject.privacy_lock_hint = "\n".join(lines) or False

    # ------------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        gate = self.env["privacy.gate"]
        for vals in vals_list:
            gate._check_create(self, vals)
        subjects = super().create(vals_list)
        if gate._is_enabled():
            subjects._check_address_unused()
            subjects._sync_consents()
        return subjects

    def write(self, vals):
        before = self._addresses() if self._primary_email in vals else None
        for subjects, allowed in self.env["privacy.gate"]._split_write(self, vals):
            super(ConsentSubjectMixin, subjects).write(allowed)
        if before is not None:
            self._after_address_change(before)
        if not self.env["consent.purpose"]._trigger_fields(self._name).isdisjoint(vals):
            self._sync_consents()
        return True

    def unlink(self):
        """The consents go with the person; the events, being evidence, stay."""
        ids = self.ids
        result = super().unlink()
        self.env.execute_query(
            SQL(
                """
                DELETE FROM consent_record
                      WHERE res_model = %s AND res_id = ANY(%s) RETURNING id
                """,
                self._name,
                ids,
            )
        )
        self.env["consent.record"].invalidate_model(flush=False)
        return result

    def _sync_consents(self):
        """T1 and T2 on saving: a constant number of queries for any number."""
        if self.ids and self.env["privacy.gate"]._is_enabled():
            self.env["consent.record"]._sync(self._name, ids=self.ids)

    @api.model
    def _consent_domain(self):
        """:return: domain of the records that are subjects at all: people whom the
            company processes; models narrow it"""
        return Domain("privacy_status", "not in", NOT_PROCESSED)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show locked fields read-only in the forms and lists of any module."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "list") and self.env["privacy.gate"]._is_enabled():
            self.env["privacy.gate"]._lock_view(arch, self._name)
        return arch, view

    # ------------------------------------------------------------------
    # Address
    # ------------------------------------------------------------------

    def _addresses(self):
        """:return: {id: normalised address} of the person, or False"""
        # superuser: an address the user may not read still identifies the person
        return {subject.id: subject[self._consent_email_field] for subject in self.sudo()}

    def _after_address_change(self, before):
        """A new address voids the links sent to the old one and must be unused."""
        after = self._addresses()
        changed = self.browse(id_ for id_ in after if after[id_] != before[id_])
        if not changed:
            return
        changed._revoke_preferences_links()
        if self.env["privacy.gate"]._is_enabled():
            changed._check_address_unused()

    def _revoke_preferences_links(self):
        """Void every personal link sent to these subjects so far."""
        self.env.execute_query(
            SQL(
                "UPDATE %s SET preferences_version = COALESCE(preferences_version, 0) + 1"
                " WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        self.invalidate_recordset(["preferences_version"], flush=False)

    def _mark_requested(self, moment):
        """Remember when these subjects were last asked.

        :param datetime moment: UTC; None leaves it as it is
        """
        if not (moment and self):
            return
        self.env.execute_query(
            SQL(
                "UPDATE %s SET consent_requested_at = %s WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                moment,
                self.ids,
            )
        )
        self.invalidate_recordset(["consent_requested_at"], flush=False)

    def _check_address_unused(self):
        """DUP-3: two contacts may not share an address.

        :raise UserError: names the address and, if the user may see it, the contact
        """
        addresses = {address for address in self._addresses().values() if address}
        if not addresses:
            return
        column = self._consent_email_field
        # superuser: the address is taken whoever may see the other contact
        everyone = self.sudo().with_context(active_test=False)
        users = everyone.search_fetch(
            [(column, "in", list(addresses)), ("privacy_status", "!=", "erased")],
            [column, "display_name"],
        )
        by_address = users.grouped(column)
        for subject in self.sudo():
            others = by_address.get(subject[column], users.browse()) - subject
            if others:
                raise UserError(self._address_used_message(subject[column], others))

    def _address_used_message(self, address, others):
        visible = others.with_env(self.env)._filtered_access("read")
        if not visible:
            return self.env._(
                "The e-mail address %(address)s is already used by another contact.",
                address=address,
            )
        return self.env._(
            "The e-mail address %(address)s is already used by %(contact)s.",
            address=address,
            contact=visible[:1].display_name,
        )

    # ------------------------------------------------------------------
    # Answers and erasure
    # ------------------------------------------------------------------

    def _record_answers(self, answers, *, source, user_id=None, evidence=None):
        """Record what the persons answered (T4, T5), each answer as an event.

        :param dict answers: {purpose id: "granted" or "refused"}
        :param str source: source of the events, of ``consent.event``
        :param int user_id: the user who records it; None for the person themself
        :param dict evidence: personal evidence: ip, user_agent, note, document,
            document_name
        :return: number of answers recorded
        :raise UserError: when a purpose does not apply to a person, or a value is no
            answer; nothing is recorded then
        """
        self._check_answers(answers)
        notices = self.env["consent.purpose"].browse(answers)._current_notices()
        recorded = 0
        for subject in self:
            digest = None
            if evidence:
                digest = self.env["consent.evidence"]._store(
                    self._name, subject.id, evidence
                )
            rows = [
                (purpose_id, self._name, subject.id, "answer", value,
                 notices[purpose_id].id or None, None)
                for purpose_id, value in answers.items()
            ]
            recorded += self.env["consent.record"]._apply_changes(
                self._rows_sql(rows),
                source=source,
                user_id=user_id,
                evidence_hash=digest,
            )
        return recorded

    def _check_answers(self, answers):
        if not set(answers.values()) <= {"granted", "refused"}:
            raise UserError(self.env._("An answer is either yes or no."))
        # superuser: callers check who may answer; here only whether it applies
        applying = self.env["consent.record"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("purpose_id", "in", list(answers)),
                ("purpose_id.active", "=", True),
                ("value", "!=", "not_applicable"),
            ]
        )
        if len(applying) != len(answers) * len(self):
            raise UserError(self.env._("A consent does not apply to this contact."))

    @api.model
    def _rows_sql(self, rows):
        """:param rows: tuples in the order of ``consent.record._apply_changes``
        :return: them as the SQL select that it takes"""
        values = SQL(", ").join(
            SQL("(%s::int, %s, %s::int, %s, %s, %s::int, %s::int)", *row) for row in rows
        )
        return SQL(
            "SELECT * FROM (VALUES %s) AS given (purpose_id, res_model, res_id, kind,"
            " value, notice_id, merged_res_id)",
            values,
        )

    def _erase_field(self, name):
        """Remove a field's value, and its old values from the message history.

        It writes below all overrides on purpose: the gate would refuse, tracking
        would keep the value, and a company's address would be propagated.

        :param str name: name of the field
        """
        # superuser: the person's answer binds whoever happens to record it
        subjects = self.sudo().with_context(active_test=False)
        holders = subjects.search([("id", "in", self.ids), (name, "!=", False)])
        if holders:
            models.BaseModel.write(holders, {name: False})
            holders.flush_recordset()
        self.env.execute_query(
            SQL(
                """
                DELETE FROM mail_tracking_value tracking
                      USING mail_message message, ir_model_fields field
                      WHERE message.id = tracking.mail_message_id
                        AND message.model = %(model)s
                        AND message.res_id = ANY(%(ids)s)
                        AND field.id = tracking.field_id
                        AND field.model = %(model)s
                        AND field.name = %(name)s
                  RETURNING tracking.id
                """,
                model=self._name,
                ids=self.ids,
                name=name,
            )
        )
        self.env["mail.tracking.value"].invalidate_model(flush=False)
