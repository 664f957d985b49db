import logging
from functools import partial

import psycopg2
from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache
from odoo.tools.safe_eval import datetime, dateutil, safe_eval

_logger = logging.getLogger(__name__)

# What PostgreSQL finds wrong with conditions, some of it only once a row meets them.
REFUSED = (psycopg2.DataError, psycopg2.ProgrammingError)


class ConsentPurpose(models.Model):
    """Whom a purpose applies to, and which fields decide it or obey it."""

    _inherit = "consent.purpose"

    def _target_domains(self):
        """Whom the purpose applies to.

        :return: {model name: Domain}
        :raise ValidationError: when the conditions are no domain
        """
        subjects = self.env["consent.record"]._subject_models()
        return {
            name: self._target_domain(self.env[name])
            for name in self._conditions()
            if name in subjects
        }

    def _target_domain(self, model, people=None):
        """:param people: Domain of who is asked at all, the same for all purposes; from
            whoever needs it for several of them
        :return: Domain of those whom the purpose applies to
        :raise ValidationError: when the conditions are no domain
        """
        self.ensure_one()
        condition = self._conditions()[model._name]
        if people is None:
            people = model._consent_domain()
        return people & self._condition_domain(condition) & self._company_domain(model)

    def _conditions(self):
        """The hook for further kinds of subjects.

        :return: {model name: conditions on its records, as text}
        """
        self.ensure_one()
        return {self.condition_model: self.condition}

    def _company_domain(self, model):
        if not self.company_id or "company_id" not in model._fields:
            return Domain.TRUE
        return Domain("company_id", "in", [False, self.company_id.id])

    def _condition_domain(self, condition):
        names = {
            "datetime": datetime,
            "relativedelta": dateutil.relativedelta.relativedelta,
            "context_today": datetime.date.today,
        }
        try:
            return Domain(safe_eval(condition or "[]", names))
        except (
            ArithmeticError,
            AttributeError,
            NameError,
            SyntaxError,
            TypeError,
            ValueError,
        ) as error:
            raise ValidationError(
                self.env._(
                    "%(name)s: the conditions are no valid domain: %(condition)s",
                    name=self.name,
                    condition=condition,
                )
            ) from error

    @api.model
    def _active_for(self, model_name):
        """:return: active purposes that may apply to a model, as superuser: they
        bind users who may not read them"""
        purposes = self.browse(self._active_ids(model_name))
        return purposes.sudo().with_context(active_test=False)

    @ormcache("model_name")
    def _active_ids(self, model_name):
        purposes = self.sudo().search([("active", "=", True)])
        return tuple(p.id for p in purposes if p._can_target(model_name))

    def _can_target(self, model_name):
        """Whether the purpose applies to a model, with conditions that still work: one
        that names a field since removed leaves its own consents as they are, and the
        daily run of all others alone."""
        model = self.env[model_name]
        try:
            domain = self._target_domains().get(model_name)
            if domain is None:
                return False
            model._search(domain)  # compiles it
            return True
        except (ValidationError, ValueError) as error:
            self._log_not_evaluated(error)
            return False

    def _evaluate(self, act):
        """Do what evaluates the conditions.

        :param act: called without arguments
        :return: what it returns
        :raise ValidationError: when PostgreSQL refuses them
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return act()
        except REFUSED as error:
            raise ValidationError(
                self.env._(
                    "%(name)s: the database cannot evaluate the conditions "
                    "(%(error)s).",
                    name=self.name,
                    # its text may quote values
                    error=type(error).__name__,
                )
            ) from error

    def _evaluable(self, model_name, within):
        """:return: those of these purposes whose conditions PostgreSQL evaluates for
        some people; the others are left as they are"""
        evaluable = self.browse()
        for purpose in self:
            targets = purpose._targets_sql(model_name, within)
            count = SQL("SELECT count(*) FROM (%s) AS target", targets)
            try:
                purpose._evaluate(partial(self.env.execute_query, count))
                evaluable |= purpose
            except ValidationError as error:
                purpose._log_not_evaluated(error)
        return evaluable

    def _log_not_evaluated(self, error):
        _logger.error("Consent %s is not evaluated: %s", self.id, error)

    def _targets_sql(self, model_name, within):
        """:return: SQL select of (purpose id, subject id) of all that applies"""
        model = self.env[model_name].sudo().with_context(active_test=False)
        people, selects = model._consent_domain(), []
        for purpose in self:
            query = model._search(purpose._applying_domain(model, people))
            query.add_where(SQL("%s %s", SQL.identifier(query.table, "id"), within))
            selects.append(
                query.select(
                    SQL("%s::int", purpose.id), SQL.identifier(query.table, "id")
                )
            )
        return SQL(" UNION ALL ").join(SQL("(%s)", select) for select in selects)

    @ormcache("model_name")
    def _guarded_fields(self, model_name):
        """:return: names of the fields that an active data consent may lock"""
        purposes = self.sudo().search([("kind", "=", "data"), ("active", "=", True)])
        fields_ = purposes.field_id.filtered(lambda field: field.model == model_name)
        return frozenset(fields_.mapped("name"))

    @ormcache("model_name")
    def _trigger_fields(self, model_name):
        """:return: names of the fields whose change may change applicability, as far
        as a save can see: what lies beyond a relation is the daily run's"""
        model = self.env[model_name]
        names = set(model._consent_trigger_names())
        for purpose in self._active_for(model_name):
            domain = purpose._target_domains()[model_name].optimize(model)
            for condition in domain.iter_conditions():
                names |= self._fields_behind(model, condition.field_expr.split(".")[0])
        return frozenset(names)

    @api.model
    def _purposes_by_condition(self):
        """:return: {(model name, field name): active purposes whose conditions begin
        with the field}"""
        purposes = {}
        for model_name in self.env["consent.record"]._subject_models():
            for purpose in self._active_for(model_name):
                domain = purpose._condition_domain(purpose._conditions()[model_name])
                for condition in domain.iter_conditions():
                    key = model_name, condition.field_expr.split(".")[0]
                    purposes[key] = purposes.get(key, self.browse()) | purpose
        return purposes

    @api.model
    def _fields_behind(self, model, name):
        """:return: a field's name and, if computed, those it depends on"""
        found, pending = set(), {name}
        while pending:
            current = pending.pop()
            found.add(current)
            field = model._fields.get(current)
            if field is None:
                continue
            depends = model.pool.field_depends.get(field, ())
            pending |= {path.split(".")[0] for path in depends} - found
        return found
