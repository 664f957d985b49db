import base64

from odoo import api, fields, models

from ...tools.tlog import merkle, tiles


class PrivacyLogTile(models.Model):
    """256 hashes of the tree, fewer at its end; one that is there never changes."""

    _name = "consent.log.tile"
    _description = "Tile of the transparency log"
    _inherit = ["consent.frozen.mixin"]
    _order = "level, number"
    _log_access = False
    _rec_name = "number"

    level = fields.Integer(required=True, readonly=True, aggregator=None)
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    hashes = fields.Binary(required=True, readonly=True, attachment=False)

    _place_uniq = models.UniqueIndex("(level, number)", "A tile is there once.")

    @api.model
    def _read(self, level, number):
        """:return: what is stored of a tile, empty if nothing is"""
        # superuser: hashes tell nobody anything; everybody may read what is published
        tile = self.sudo().with_context(bin_size=False)._find(level, number)
        return base64.b64decode(tile.hashes or b"")

    def _find(self, level, number):
        domain = [("level", "=", level), ("number", "=", number)]
        return self.search(domain, limit=1)

    @api.model
    def _reader(self):
        """:return: the hashes of subtrees, as ``tools.tlog.merkle`` asks for them"""
        return tiles.Reader(self._read)

    @api.model
    def _folded(self, level, low, high):
        """:return: list of the hashes that whole tiles come to, of one level, from a
        number up to another"""
        # superuser: as above
        found = (
            self.sudo()
            .with_context(bin_size=False)
            .search(
                [("level", "=", level), ("number", ">=", low), ("number", "<", high)],
                order="number",
            )
        )
        contents = [base64.b64decode(tile.hashes) for tile in found]
        found.invalidate_recordset(flush=False)
        full = tiles.WIDTH * merkle.HASH_BYTES
        return [
            merkle.fold(tiles.split(content))
            for content in contents
            if len(content) == full
        ]

    @api.model
    def _grow(self, size, leaves):
        """Append leaves to the tree.

        :param int size: of the tree until now
        :param leaves: list of hashes
        :return: its new size
        """
        size, changed = tiles.grow(size, leaves, self._read)
        new = []
        for (level, number), content in changed.items():
            vals = {"hashes": base64.b64encode(content)}
            if tile := self.sudo()._find(level, number):  # superuser: as above
                tile._set(vals)
            else:
                new.append({**vals, "level": level, "number": number})
        self._make(new)
        return size

    @api.model
    def _published(self, path):
        """:param str path: end of the URL of a tile
        :return: its hashes in the tree of the last checkpoint, None if it has no such
            tile
        """
        try:
            level, number, width = tiles.parse_path(path)
        except merkle.ProofError:
            return None
        size = self.env["consent.log.checkpoint"]._last().size
        if tiles.width(level, number, size) < width or number >= 2**31:
            return None
        return self._read(level, number)[: width * merkle.HASH_BYTES]
