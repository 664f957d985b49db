from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.tlog import merkle, tiles
from .consent_log_leaf import ENTRY

# as ``merkle.leaf_hash``
LEAF_HASH = f"sha256('\\x00'::bytea || convert_to({ENTRY}, 'UTF8'))"
TILES = 500  # verified by one statement, of 256 events each


class ConsentEvent(models.Model):
    """Verifying that the events are those that entered the log (EVI-2): whoever alters
    one may compute every later hash anew, but not what was signed before."""

    _inherit = "consent.event"

    def action_prove(self):
        """Download the proof that the last checkpoint covers this event.

        :raise AccessError: for anybody but a privacy officer who may read the event
        :raise UserError: when it was recorded later
        """
        self._check_officer()
        self.check_access("read")
        if not self.env["consent.log.checkpoint"]._prove(self):
            raise UserError(
                self.env._(
                    "No checkpoint covers this event yet. One is signed each night; "
                    "Seal now, under Evidence > Checkpoints, signs one at once."
                )
            )
        url = f"/privacy_guard/evidence/{self.id}.tlog-proof"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    @api.model
    def _log_problems(self):
        """As :meth:`_problems`, of the log."""
        low = 0
        while low < self._tile_count():
            yield from self._tile_problems(low, low + TILES)
            low += TILES
        yield from self._tree_problems()

    @api.model
    def _tile_count(self):
        size = self.env["consent.log"]._find().size
        size = max(size, self.env["consent.log.checkpoint"]._last().size)
        return -(-size // tiles.WIDTH)

    @api.model
    def _tile_problems(self, low, high):
        """Events that are not what entered the log, or that were removed since.

        :param int low: number of the first tile
        :param int high: number of the tile before which to end
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT place.number
                  FROM generate_series(%(low)s, %(high)s) AS place (number)
             LEFT JOIN consent_log_tile tile
                    ON tile.level = 0 AND tile.number = place.number
             LEFT JOIN LATERAL (
                       SELECT string_agg(%(leaf_hash)s, ''::bytea
                                         ORDER BY leaf.leaf_index) AS hashes
                         FROM consent_log_leaf leaf
                    LEFT JOIN consent_event event ON event.id = leaf.event_id
                        WHERE leaf.leaf_index >= place.number * %(width)s
                          AND leaf.leaf_index < (place.number + 1) * %(width)s
                       ) AS present ON TRUE
                 WHERE decode(convert_from(tile.hashes, 'UTF8'), 'base64')
                       IS DISTINCT FROM present.hashes
              ORDER BY place.number
                """,
                low=low,
                high=min(high, self._tile_count()) - 1,
                width=tiles.WIDTH,
                leaf_hash=SQL(LEAF_HASH),
            )
        )
        for (number,) in rows:
            yield from self._leaf_problems(number)

    @api.model
    def _leaf_problems(self, number):
        hashes = tiles.split(self.env["consent.log.tile"]._read(0, number))
        low = number * tiles.WIDTH
        leaves = self.env["consent.log.leaf"]._entries(low, low + tiles.WIDTH)
        present = {index - low: (id_, entry) for index, id_, entry in leaves}
        for offset in sorted({*range(len(hashes)), *present}):
            id_, entry = present.get(offset, (0, None))
            is_known = offset < len(hashes) and entry is not None
            if not is_known or merkle.leaf_hash(entry.encode()) != hashes[offset]:
                chain = ("consent.event", id_, 0)
                yield self._problem("sealed", chain, low + offset, id_)

    @api.model
    def _tree_problems(self):
        """The hashes above the events, and what was signed."""
        checkpoints = self.env["consent.log.checkpoint"]
        last = checkpoints._last()
        if not last:
            return
        try:
            self._check_levels(last.size)
            if self.env["consent.log"]._keys():
                last._open()
        except merkle.ProofError:
            yield self._problem("log", (last._name, last.id, 0), last.size)
        # superuser: as what is published
        within = [("id", "<=", last.id)]
        for signed in checkpoints.sudo().search(within, order="id"):
            if not self._has_root(signed):
                yield self._problem("log", (signed._name, signed.id, 0), signed.size)

    @api.model
    def _has_root(self, signed):
        reader = self.env["consent.log.tile"]._reader()
        try:
            stated = signed._parsed(signed.note)
            root = merkle.root(stated.size, reader)
        except merkle.ProofError:
            return False
        return (stated.size, stated.root) == (signed.size, root)

    @api.model
    def _check_levels(self, size):
        """:raise ProofError: a tile is not what the tiles below it come to"""
        tile = self.env["consent.log.tile"]
        level = 1
        while count := size >> (tiles.HEIGHT * level):
            for number in range(-(-count // tiles.WIDTH)):
                width = tiles.width(level, number, size)
                hashes = tiles.split(tile._read(level, number))[:width]
                low = number * tiles.WIDTH
                if hashes != tile._folded(level - 1, low, low + width):
                    name = tiles.path(level, number)
                    raise merkle.ProofError(f"The tile {name} is not what it covers.")
            level += 1
