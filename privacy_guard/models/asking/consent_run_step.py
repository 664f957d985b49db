from functools import partial
from math import isfinite

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...constants import MOST, MOST_OF_OTHERS
from .consent_run import AFRESH

# How many people one transaction evaluates.
WINDOW = 50_000
# From how many changed consents on the database counts its rows anew before asking.
MANY = 10_000


class ConsentRun(models.Model):
    """The steps of a run, a batch at a time; the caller commits."""

    _inherit = "consent.run"

    def _begin(self, count):
        """Choose the first model, and measure the work for the progress."""
        if not self.model:
            self.model = self.env["consent.record"]._subject_models()[0]
        if not self.total:
            self.total = count(self.model)

    def _step_sync(self):
        """Evaluate the next people, and flag duplicates created at the same time.

        :return: number of people looked at
        """
        if not self.model:
            for name in self.env["consent.record"]._subject_models():
                self.env[name]._privacy_flag_duplicates()
        self._begin(self._count_people)
        ids = self._window()
        if not ids:
            self._refresh_statistics()
            self._next()
            return 0
        events = sum(self._try_each(ids, self._evaluate, self._about))
        self.write(
            {
                "position": ids[-1],
                "seen": self.seen + len(ids),
                "events": self.events + events,
            }
        )
        return len(ids)

    def _evaluate(self, ids):
        """:param list ids: of people, ascending, all there are between the first and
            the last
        :return: number of consents that changed"""
        window = ids[0], ids[-1]
        return self.env["consent.record"]._sync(self.model, window=window)

    @api.model
    def _evaluate_at_once(self):
        """Evaluate everybody, where they are few: whoever has just enabled consents, or
        switched one on, sees whom it concerns. Of many, the next run does."""
        if not self.env["privacy.gate"]._is_enabled():
            return
        # superuser: what applies to people depends on nobody's rights
        records = self.env["consent.record"].sudo()
        for name in records._subject_models():
            ids = self._ids_above(name, 0, WINDOW + 1)
            if ids and len(ids) <= WINDOW:
                records._sync(name, window=(ids[0], ids[-1]))

    def _about(self, ids):
        return self.model, ids[0]

    def _refresh_statistics(self):
        """A first run fills tables that the planner still believes to be empty. At a
        table of so few rows as that of purposes nothing else ever looks: without, it
        expects the lists of consents to be a hundredth of what they are."""
        self.env.cr.execute("ANALYZE consent_purpose")
        if self.events >= MANY:
            self.env.cr.execute("ANALYZE consent_record, consent_event")

    def _window(self):
        """:return: ids of the next people, ascending"""
        return self._ids_above(self.model, self.position, WINDOW)

    @api.model
    def _ids_above(self, model_name, position, limit):
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id > %s ORDER BY id LIMIT %s",
                SQL.identifier(self.env[model_name]._table),
                position,
                limit,
            )
        )
        return [id_ for (id_,) in rows]

    def _count_people(self, model_name):
        table = SQL.identifier(self.env[model_name]._table)
        return self.env.execute_query(SQL("SELECT count(*) FROM %s", table))[0][0]

    def _step_ask(self):
        """Write to the next people.

        People whom someone was changing were passed over: as long as a pass over all
        has found anyone, another one follows.

        :return: number of people looked at
        """
        campaign = self._CAMPAIGNS[self.kind][self.step]
        asking = self.env["consent.asking"]
        if self.step == "ask" and not self.position:
            asking._check_mail_server()
        self._begin(partial(asking._count_candidates, campaign))
        ids = asking._candidates(campaign, self.model, self.position)
        if ids:
            asked = self._ask(ids)
            self.write(
                {
                    "position": ids[-1],
                    "seen": self.seen + len(ids),
                    "asked": self.asked + len(asked),
                    "asked_in_pass": self.asked_in_pass + len(asked),
                }
            )
        elif self.asked_in_pass:
            self.write(AFRESH)
            self._forget_items()
        else:
            self._next()
        return len(ids)

    def _ask(self, ids):
        """Write to these people; one who cannot be written to is noted with the reason,
        and is tried again by the next pass.

        :return: ids of those asked
        """
        campaign = self._CAMPAIGNS[self.kind][self.step]
        asking = self.env["consent.asking"]

        def ask(some):
            return asking._ask(campaign, self.model, some, source="system")

        batches = self._try_each(ids, ask, self._about)
        return [id_ for batch in batches for id_ in batch]

    @api.model
    def _number(self, name, default):
        """:return: a setting, within its bounds whatever is stored: anybody's SQL may
        have written it"""
        # superuser: settings that say nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        stored = parameters.get_param(f"privacy_guard.{name}")
        try:
            number = float(default if stored in (False, "") else stored)
        except ValueError:
            return default
        return min(max(number, 0), self._most(name)) if isfinite(number) else default

    @api.model
    def _most(self, name):
        """:return: what the number of that name may be at most"""
        return MOST.get(name.rpartition("_")[2], MOST_OF_OTHERS)

    @api.model
    def _check_bounds(self, records, names):
        """:raise ValidationError: when one of these fields is more than it may be"""
        for name in names:
            most = self._most(name)
            if any(record[name] > most for record in records):
                raise ValidationError(
                    self.env._(
                        "%(field)s: at most %(most)s.",
                        field=records._fields[name]._description_string(self.env),
                        most=most,
                    )
                )
