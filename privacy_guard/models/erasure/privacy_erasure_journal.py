import json
import logging
import os

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import suppression

_logger = logging.getLogger(__name__)

# The environment variable that names the file.
VARIABLE = "PRIVACY_GUARD_ERASURES"
VERSION = 1
# People whose hashes are compared at a time, where their id says nothing any more.
CHUNK = 10_000


class PrivacyErasure(models.Model):
    """The journal: who was erased, outside the database, so that a backup that is
    restored can be erased again. It holds ids and keyed hashes, one JSON object a line.
    """

    _inherit = "privacy.erasure"

    def _entries(self, subjects):
        """:return: list of dicts, one per person that was erased"""
        # superuser: the id of the database is no secret of a person
        parameters = self.env["ir.config_parameter"].sudo()
        return [
            {
                "version": VERSION,
                "database": parameters.get_param("database.uuid"),
                "erasure": row.erasure_id.name,
                "erased_at": self._moment(row.erased_at),
                "res_model": row.res_model,
                "res_id": row.res_id,
                "digests": row.digests or [],
                # none: all of them
                "companies": row.erasure_id._officer()._privacy_reached_companies(),
            }
            for row in subjects
        ]

    @api.model
    def _journal(self):
        """:return: the entries of everybody who was erased"""
        erased = self.env["privacy.erasure.subject"].search([("state", "=", "erased")])
        return self._entries(erased)

    @api.model
    def _write_journal(self):
        """Append those to the file who are not in it yet. Killed before the commit, the
        next call appends them again: replaying twice does no harm."""
        path = os.environ.get(VARIABLE)
        if not path:
            return
        missing = self.env["privacy.erasure.subject"].search(
            [("state", "=", "erased"), ("journaled", "=", False)]
        )
        missing = missing.try_lock_for_update()
        if not missing:
            return
        try:
            self._append(path, self._entries(missing))
        except OSError as error:
            _logger.error("The journal of erasures cannot be written: %s", error)
            return
        missing._set({"journaled": True})
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _append(self, path, entries):
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a") as file:
            file.writelines(json.dumps(entry) + "\n" for entry in entries)
            file.flush()
            os.fsync(handle)

    # ------------------------------------------------------------------
    # After a backup was restored
    # ------------------------------------------------------------------

    @api.model
    def _replay(self, entries):
        """Erase those again whom a restored backup has brought back. Doing it twice
        changes nothing.

        :param list entries: as in the journal
        :return: (number of people erased again, number of entries whose person is
            erased already or not there)
        """
        self._suppress_again(entries)
        erasures, wanted = self.browse(), 0
        for reach, some in self._by_reach(entries):
            for people in self._found_again(some):
                erasure = self._begin(people, source="replay", reach=reach)
                erasure._confirm(self.env._("A backup was restored."))
                self.env["ir.cron"]._commit_progress()
                erasure._work_off()
                erasures |= erasure
                wanted += len(people)
        return self._count_replayed(erasures, wanted), len(entries) - wanted

    @api.model
    def _found_again(self, entries):
        """:return: list of the people to erase again, one recordset per model"""
        found = [
            self._matching(self.env[name], some)
            for name, some in self._by_model(entries).items()
        ]
        guests = self.env["privacy.guest"]
        found.append(guests._found_again(self._hashes_of_guests(entries)))
        return [people for people in found if people]

    @api.model
    def _by_reach(self, entries):
        """What another company kept of somebody when they were erased, it keeps now.

        :return: list of (ids of companies, entries): who was erased by the officers of
            several is erased in all of these; None is all there are, and of a journal
            that does not say
        """
        reached = {}
        for entry in entries:
            reached.setdefault(self._person(entry), []).append(entry.get("companies"))
        by_reach = {}
        for entry in entries:
            lists = reached[self._person(entry)]
            reach = None if None in lists else tuple(sorted({*sum(lists, [])}))
            by_reach.setdefault(reach, []).append(entry)
        return [(reach and list(reach), some) for reach, some in by_reach.items()]

    @api.model
    def _person(self, entry):
        return entry["res_model"], entry["res_id"]

    @api.model
    def _count_replayed(self, erasures, wanted):
        """:return: number of people erased again
        :raise UserError: where some could not be: the screen of erasures says why"""
        if unfinished := erasures.filtered(lambda erasure: erasure.state != "done"):
            raise UserError(
                self.env._(
                    "%(count)s erasures are not finished: %(reasons)s",
                    count=len(unfinished),
                    reasons=", ".join(filter(None, unfinished.mapped("failure"))),
                )
            )
        return wanted

    @api.model
    def _by_model(self, entries):
        by_model = {}
        for entry in entries:
            if entry["res_model"] in self.env["consent.record"]._subject_models():
                by_model.setdefault(entry["res_model"], []).append(entry)
        return by_model

    @api.model
    def _hashes_of_guests(self, entries):
        guests = [e for e in entries if e["res_model"] == "privacy.guest"]
        return set().union(*(self._hashes(entry, ("email",)) for entry in guests))

    @api.model
    def _suppress_again(self, entries):
        by_key = {}
        listed = self.env["privacy.suppression"]
        for entry in entries:
            wanted = listed._to_suppress(entry["digests"])
            for _kind, key_id, hashed in entry["digests"]:
                if hashed in wanted:
                    by_key.setdefault(key_id, {})[hashed] = wanted[hashed]
        for key_id, wanted in by_key.items():
            listed._insert(wanted, key_id)

    @api.model
    def _matching(self, model, entries):
        """:return: records that are not erased, and whom an entry tells of: by its id
        and one of its hashes, else by the hash of an address or number"""
        everyone = model.sudo().with_context(active_test=False)
        by_id = {}
        for entry in entries:
            by_id.setdefault(entry["res_id"], set()).update(self._hashes(entry))
        alive = [("privacy_status", "!=", "erased")]
        people = everyone.search([("id", "in", list(by_id)), *alive])
        hashes = self._hashes_of(people)
        matching = people.filtered(lambda person: hashes[person.id] & by_id[person.id])
        erased = everyone.search([("id", "in", list(by_id))]) - people
        known = set((matching | erased).ids)
        wanted = set().union(
            *(
                self._hashes(entry, ("email", "phone"))
                for entry in entries
                if entry["res_id"] not in known
            )
        )
        if wanted:
            matching |= self._searched(everyone, alive, wanted)
        return matching.with_env(self.env)

    @api.model
    def _searched(self, everyone, alive, wanted):
        """Compare the hashes of all people, some at a time: the id does not help."""
        found, last = everyone.browse(), 0
        while people := everyone.search(
            [("id", ">", last), *alive], order="id", limit=CHUNK
        ):
            hashes = self._hashes_of(people)
            found |= everyone.browse(id_ for id_ in people.ids if hashes[id_] & wanted)
            last = people[-1].id
            self.env.invalidate_all()
        return found

    @api.model
    def _hashes(self, entry, kinds=("email", "phone", "name", "whole")):
        return {hashed for kind, _key, hashed in entry["digests"] if kind in kinds}

    @api.model
    def _hashes_of(self, people):
        """:return: {id: hashes of what identifies the person, under all keys}"""
        keys = self.env["privacy.suppression"]._keys().values()
        hashes = {id_: set() for id_ in people.ids}
        for id_, kind, value, _is_storable in people._privacy_terms():
            hashes[id_].update(suppression.digest(key, kind, value) for key in keys)
        return hashes
