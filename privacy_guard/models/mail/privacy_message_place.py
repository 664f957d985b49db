from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac, split_every

from ...turns import MOST, Turn
from ..consent.consent_preference import LIMITS

# Messages whose places are taken at once: what others at these people wait for.
PORTION = 20


class PrivacyMessagePlace(models.Model):
    """A place that a message has taken with somebody who wants at most so many (PRF-1).

    It is taken before the message leaves, in a transaction of its own, which waits for
    those who take places with the same people: of two who come for the last one, the
    second finds it taken. Nothing is locked while messages are sent, so that nobody
    waits for a mail server, nor in a circle. A message keeps its place until it failed;
    one that a killed process has sent, or not, keeps it, too.

    A row holds a keyed hash of the address, which tells nobody whose it is.
    """

    _name = "privacy.message.place"
    _description = "Place of a message"
    _inherit = ["consent.frozen.mixin"]
    _log_access = False

    date = fields.Datetime(required=True, readonly=True, index=True)
    digest = fields.Char(required=True, readonly=True, index=True)
    message = fields.Char(required=True, readonly=True, index=True)

    @api.model
    def _claim(self, messages):
        """Take the places of messages that are about to leave; a message gets those of
        all of its addresses, or none.

        :param dict messages: {name: {address: limit, of ``consent.preference``}}
        :return: {name: when to come again} of those that have to wait
        """
        waiting = {}
        for names in split_every(PORTION, messages, list):
            some = {
                name: {self._digest(a): limit for a, limit in messages[name].items()}
                for name in names
            }
            with self.env.registry.cursor() as cr:
                # one turn, unless somebody has a hundred addresses: then one by one
                for keys in split_every(
                    MOST, sorted(set().union(*some.values())), list
                ):
                    Turn(self.env(cr=cr), keys)
                # sees what was committed while it waited
                with self.env.registry.cursor() as fresh:
                    waiting |= self.with_env(self.env(cr=fresh, su=True))._take(some)
        return waiting

    @api.model
    def _take(self, messages):
        """:param dict messages: {name: {digest: limit}}
        :return: as of :meth:`_claim`"""
        now, waiting, taken = fields.Datetime.now(), {}, []
        has_place = set(
            self.search([("message", "in", list(messages))]).mapped("message")
        )
        dates = self._dates(set().union(*messages.values()), now)
        for name, limits in messages.items():
            if name in has_place:
                continue
            if until := self._free_at(limits, dates, now):
                waiting[name] = until
                continue
            for digest in limits:
                dates[digest].insert(0, now)
                taken.append({"message": name, "digest": digest, "date": now})
        self._make(taken)
        return waiting

    @api.model
    def _dates(self, digests, now):
        """:return: {digest: when places were taken, the last first}"""
        since = now - max(limit.period for limit in LIMITS.values())
        rows = self.search(
            [("digest", "in", list(digests)), ("date", ">", since)], order="date desc"
        )
        dates = defaultdict(list)
        for row in rows:
            dates[row.digest].append(row.date)
        return dates

    @api.model
    def _free_at(self, limits, dates, now):
        """:param dict limits: {digest: limit}
        :param dict dates: of :meth:`_dates`
        :return: when all of these have a place; None: now"""
        ends = []
        for digest, name in limits.items():
            most, period = LIMITS[name]
            if len(dates[digest]) >= most:
                ends.append(dates[digest][most - 1] + period)
        return max((end for end in ends if end > now), default=None)

    @api.model
    def _next(self, limits):
        """For whoever wants to know, and takes nothing.

        :param dict limits: {address: limit}
        :return: {address: when there is a place} of those with whom there is none now
        """
        if not limits:
            return {}
        now = fields.Datetime.now()
        digests = {address: self._digest(address) for address in limits}
        # superuser: who sends may not see the rows
        dates = self.sudo()._dates(digests.values(), now)
        ends = {
            address: self._free_at({digests[address]: limit}, dates, now)
            for address, limit in limits.items()
        }
        return {address: end for address, end in ends.items() if end}

    @api.model
    def _release(self, names):
        """Nothing has arrived of these messages.

        :param names: as of :meth:`_claim`
        """
        # what was taken by another connection is not seen by this one
        with self.env.registry.cursor() as fresh:
            places = self.with_env(self.env(cr=fresh, su=True))
            places.search([("message", "in", list(names))])._drop()

    @api.model
    def _digest(self, address):
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), f"privacy_guard.{self._name}", address)

    @api.autovacuum
    def _gc_old(self):
        """Forget what no limit counts any more."""
        longest = max(limit.period for limit in LIMITS.values())
        before = fields.Datetime.now() - longest - timedelta(days=1)
        # superuser: housekeeping
        self.sudo().search([("date", "<", before)])._drop()
