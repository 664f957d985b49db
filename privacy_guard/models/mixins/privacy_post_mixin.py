from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ...turns import Turn


class PrivacyPostMixin(models.AbstractModel):
    """How often visitors posted what costs or grants something (RTE-1): one row per
    post, however many records it is about. A row holds keyed hashes, which tell nobody
    who it was, and is gone after a day.
    """

    _name = "privacy.post.mixin"
    _description = "Count of posts"
    _inherit = ["consent.frozen.mixin"]

    date = fields.Datetime(required=True, readonly=True, index=True)
    address_digest = fields.Char(readonly=True, index="btree_not_null")
    ip_digest = fields.Char(readonly=True, index="btree_not_null")

    @api.model
    def _limits(self):
        """:return: {names of fields: (how many posts that agree in them, in which
        time)}"""
        raise NotImplementedError()

    @api.model
    def _may_pass(self, address, ip):
        """Count one post, unless it is one too many.

        :param str address: whom it is about, normalised; or False
        :param str ip: where it came from
        :return: whether it may pass
        """
        now = fields.Datetime.now()
        digests = {
            "address_digest": address and self._digest(address),
            "ip_digest": self._digest(ip or ""),
        }
        # superuser: the limit counts what the visitor may not see
        posts = self.sudo()
        turn = Turn(self.env, list(filter(None, digests.values())))
        for names, (limit, period) in self._limits().items():
            if not all(digests[name] for name in names):
                continue
            domain = [(name, "=", digests[name]) for name in names]
            domain.append(("date", ">=", now - period))
            count = posts.search_count(domain, limit=limit)
            if count < limit:
                # others have posted at the same moment
                conditions = [
                    SQL("%s = %s", SQL.identifier(name), digests[name])
                    for name in names
                ]
                count += turn.unseen(posts, SQL(" AND ").join(conditions))
            if count >= limit:
                return False
        self._make([{**digests, "date": now}])
        return True

    @api.model
    def _digest(self, text):
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), f"privacy_guard.{self._name}", text)

    @api.model
    def _drop_before(self, date):
        """Forget what no limit counts any more."""
        # superuser: nobody else deletes them
        self.sudo().search([("date", "<", date)])._drop()
