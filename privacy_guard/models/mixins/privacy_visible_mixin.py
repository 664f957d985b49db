from odoo import api, models
from odoo.fields import Domain


class PrivacyVisibleMixin(models.AbstractModel):
    """Rows that a user may read, change or delete only where they may read what the
    rows are about, which no record rule can say: rules are evaluated as superuser.

    A list of any length costs one query. Of one page, what the rows are about is looked
    up row by row, until there are enough; else for all rows at once.
    """

    _name = "privacy.visible.mixin"
    _description = "Row that is visible with what it is about"

    def _visible_domain(self, by_page=False):
        """
        :param bool by_page: whether a few of the rows are enough
        :return: Domain of the rows that the current user may read
        """
        raise NotImplementedError

    @api.model
    def _by_page(self, limit, order):
        """:return: whether a search reads a few of the rows. Other orders have no
        index: all rows are read before the first is known."""
        return bool(limit) and order in (None, self._order)

    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        bypass_access=False,
        **kwargs,
    ):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._visible_domain(self._by_page(limit, order))
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        candidates = self - result[0] if result else self
        if not any(candidates._ids):
            return result
        allowed = self.browse(self._search([("id", "in", candidates.ids)]))
        if forbidden := candidates - allowed:
            forbidden |= result[0] if result else self.browse()
            return forbidden, lambda: self.env["ir.rule"]._make_access_error(
                operation, forbidden
            )
        return result
