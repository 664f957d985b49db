from odoo import api, models
from odoo.tools import SQL

from .privacy_reach import ROWS_PER_CONSENT

# In the context, with objects that no remote caller can send: the consents that alone
# are asked about, and what other records say.
CONSENTS = "privacy_reach_consents"
ELSEWHERE = "privacy_reach_elsewhere"


class Consents(frozenset):
    """Ids of consents."""


class Elsewhere(tuple):
    """What one reading has found out (``_elsewhere()``), for all its statements."""

    __slots__ = ()


class PrivacyReach(models.Model):
    """One page of a million lines: what is the same for all is looked up once, and
    known lines by their consents, for no index has their own ids."""

    _inherit = "privacy.reach"

    @api.model
    @api.readonly
    def web_search_read(self, *args, **kwargs):
        """A page is its rows, what they are named, and how many there are."""
        reach = self.with_context(**{ELSEWHERE: self._elsewhere()})
        return super(PrivacyReach, reach).web_search_read(*args, **kwargs)

    @property
    def _table_query(self) -> SQL:
        only = self.env.context.get(CONSENTS)
        if not isinstance(only, Consents):
            return super()._table_query
        return SQL("%s AND record.id = ANY(%s)", super()._table_query, sorted(only))

    def _as_query(self, ordered=True):
        return super(PrivacyReach, self._of_lines(self._ids))._as_query(ordered)

    def _search(self, domain, *args, **kwargs):
        ids = self._only_ids(domain)
        reach = self._of_lines(ids) if ids else self
        return super(PrivacyReach, reach)._search(domain, *args, **kwargs)

    def _of_lines(self, ids):
        """:return: the same records, which read nothing but the lines of the consents
        that these are of"""
        context = {CONSENTS: Consents(id_ // ROWS_PER_CONSENT for id_ in ids)}
        if not ids:
            # views ask what can be sorted, of no line
            context[ELSEWHERE] = Elsewhere()
        return self.with_context(**context)

    @api.model
    def _only_ids(self, domain):
        """:return: the ids that a domain asks about, if it asks about nothing else"""
        if not isinstance(domain, list) or len(domain) != 1 or len(domain[0]) != 3:
            return ()
        name, operator, ids = domain[0]
        asks = (name, operator) == ("id", "in") and isinstance(ids, (list, tuple))
        return ids if asks and all(isinstance(id_, int) for id_ in ids) else ()
