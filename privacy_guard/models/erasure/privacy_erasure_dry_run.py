from odoo import fields, models
from odoo.exceptions import UserError

from .privacy_erasure_verify import TABLES_AT_A_TIME

# Bytes of the tables that are searched while the officer waits: some seconds.
SEARCHED_AT_ONCE = 64 * 1024**2


class PrivacyErasure(models.Model):
    """What an officer reads before confirming: totals, section by section (ERA-1)."""

    _inherit = "privacy.erasure"

    own_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        "The record of the person",
        domain=[("section", "=", "own")],
    )
    undecided_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        "Nobody has declared this",
        domain=[("section", "=", "undecided")],
    )
    goes_ids = fields.One2many(
        "privacy.erasure.total", "erasure_id", domain=[("section", "=", "goes")]
    )
    stays_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        domain=[("section", "=", "stays")],
    )
    technical_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        domain=[("section", "=", "technical")],
    )

    def action_find_again(self):
        """Search again for what is held, as it is declared now.

        :raise AccessError: for anybody but a privacy officer who may see it
        :raise UserError: it was confirmed already
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        self.ensure_one()
        self.check_access("read")
        if self.state != "draft":
            raise UserError(
                self.env._("%s is not a dry run any more.", self.display_name)
            )
        self._find()

    def _find(self):
        """Write down what is held about the people: at once where the database is
        small, else in the background but for what is declared."""
        people, data_map = self._pending_people(), self.env["privacy.data.map"]
        terms = people._terms()
        people._find_declared(terms)
        tables = data_map._catalogue()
        if data_map._size(tables) <= SEARCHED_AT_ONCE:
            people._find_by_catalogue(terms, tables)
            people._complete_lines(terms)
        elif self.source == "officer":
            # nobody reads a replay before it is done, and doing it finds all anew
            self._set({"state": "find", "position": False})
            self._cron()._trigger()

    def _pending_people(self):
        # superuser: also what other models have, which the officer may not read
        return self.subject_ids.sudo().filtered(lambda row: row.state == "pending")

    def _find_batch(self):
        """Search the next tables; when there are none, the officer may read and decide.

        :return: number of tables searched
        """
        people = self._pending_people()
        terms = people._terms()
        count = self._search_next(people, terms)
        if not self.position:
            people._complete_lines(terms)
            self._set({"state": "draft"})
            self._notify_ready()
        return count

    def _search_next(self, people, terms):
        """Search the next tables of the catalogue, or all that are left where they are
        small. Then there is no position any more.

        :return: number of tables searched
        """
        data_map, position = self.env["privacy.data.map"], self.position or ""
        tables = [table for table in data_map._catalogue() if table.name > position]
        are_last = data_map._size(tables) <= SEARCHED_AT_ONCE
        if not are_last:
            tables = tables[:TABLES_AT_A_TIME]
        people._find_by_catalogue(terms, tables)
        self._set({"position": False if are_last else tables[-1].name})
        return len(tables)

    def _notify_ready(self):
        if not self.user_id:
            return
        # in the language of whom it is for
        env = self.with_context(lang=self.user_id.lang).env
        message = env._("%s is ready: read it, and decide.", self.display_name)
        self.user_id._bus_send(
            "simple_notification", {"type": "success", "message": message}
        )
