from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, str2bool

from odoo.addons.privacy_guard.extending import (
    ALLOWING,
    UNWANTED_CHANNEL,
    text_array,
)
from odoo.addons.privacy_guard.extending import addresses as mailboxes

from ..scale import ANONYMOUS, IDENTIFIED, OFF


class Known(NamedTuple):
    """What the people with an address say; of an address nobody has, nothing."""

    halted: bool = False  # whether processing has stopped
    allowed: bool | None = None  # the purpose; None if it applies to none of them
    answer: str | None = None  # "refused", "granted", or none was given


class PrivacyGate(models.AbstractModel):
    """May this address get this mailing, and may we see what becomes of it?

    An address is a normalised one of e-mail; modules add other kinds.
    """

    _inherit = "privacy.gate"

    @api.model
    def _mailing_refusals(self, purpose, addresses, known=None):
        """Who may not get a mailing, in a constant number of queries.

        :param purpose: ``consent.purpose`` that the mailing relies on; none, or one
            that is archived, allows nobody
        :param addresses: where it would go
        :param dict known: of :meth:`_known_consents`, from whoever needs it as well
        :return: {address: refusal reason}; addresses that may get it are left out
        """
        addresses = set(addresses)
        if not self._is_enabled() or not addresses:
            return {}
        reasons = self._marketing_refusals(addresses)
        if known is None:
            known = self._known_consents(purpose, addresses)
        refusing = set(addresses)
        if purpose.active:
            refusing -= {a for a, said in known.items() if said.allowed}
        if self._needs_tracking_consent():
            refusing |= self._untracked(addresses)
        unwanted = dict.fromkeys(self._unwanted(purpose, addresses), UNWANTED_CHANNEL)
        refused = dict.fromkeys(refusing, "no_marketing_consent")
        return {**unwanted, **refused, **reasons}

    @api.model
    def _marketing_refusals(self, addresses):
        """:return: {address: refusal reason} of whom no marketing may go to"""
        refused = self._mail_refusals({"marketing": addresses})
        return {address: reason for (_class, address), reason in refused.items()}

    @api.model
    def _untracked(self, addresses):
        """Of whom no opening, click, IP address or country may be recorded: of all who
        have not said yes.

        :param addresses: where mailings went or would go
        :return: set of addresses
        """
        levels = self._tracking_levels(addresses)
        return {address for address, level in levels.items() if level != IDENTIFIED}

    @api.model
    def _tracking_levels(self, addresses):
        """How far each person lets us see what becomes of mail (ePrivacy Directive
        Art. 5(3), GDPR Art. 6(1)(a)): a yes is for being identified, a no for nothing
        at all, and a silence for totals at most, whatever the default is.

        While the consent *E-mail engagement* is off nobody is asked, and only who has
        stopped processing, or was erased, is left out. Whom its conditions leave out,
        such as companies, need not be asked.

        :param addresses: where mailings went or would go
        :return: {address: level}
        """
        addresses = set(addresses)
        levels = dict.fromkeys(addresses, IDENTIFIED)
        if not self._is_enabled() or not addresses:
            return levels
        purpose = self._tracking_purpose()
        known = self._known_consents(purpose, addresses)
        if purpose.active:
            outside = {a for a in addresses if known[a].allowed is None}
            silent = {a for a in addresses - outside if not known[a].answer}
            silent |= self._unasked(purpose, outside)
            levels.update(dict.fromkeys(silent, ANONYMOUS))
        for address, about in known.items():
            if about.halted or (purpose.active and about.answer == "refused"):
                levels[address] = OFF
        return levels

    @api.model
    def _unasked(self, purpose, addresses):
        """Whom nobody asks: no record has the address, or only records of kinds that
        the purpose is not for, such as leads. Whom its conditions leave out, such as
        companies, need not be asked.

        :return: those of the addresses, in one query
        """
        if not addresses:
            return set()
        selects = [
            SQL(
                "SELECT %(address)s FROM %(table)s WHERE %(address)s = ANY(%(these)s)",
                address=SQL.identifier(self.env[name]._consent_email_field),
                table=SQL.identifier(self.env[name]._table),
                these=text_array(addresses),
            )
            for name in purpose._conditions()
        ]
        rows = self.env.execute_query(SQL(" UNION ").join(selects))
        return addresses - {address for (address,) in rows}

    @api.model
    def _tracking_purpose(self):
        """:return: the consent *E-mail engagement*, as superuser"""
        # superuser: it binds users who may not read it
        purposes = self.env["consent.purpose"].sudo().with_context(active_test=False)
        return purposes.search([("tracking_scope", "=", "email")], limit=1)

    @api.model
    def _needs_tracking_consent(self):
        """:return: whether mailings go only to whom may be tracked; a setting"""
        # superuser: a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        name = "privacy_guard.mail_needs_tracking_consent"
        return str2bool(parameters.get_param(name), False)

    @api.model
    def _known_consents(self, purpose, addresses):
        """What the people with these addresses say, in one query. What one record of a
        person refuses, holds for the address; else what one of them allows. Duplicates
        say nothing.

        :return: {address: Known}, with a default
        """
        selects = self._selects_by_address(
            addresses,
            lambda model, key, asked: model._consent_known_sql(purpose, key, asked),
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT address, bool_or(halted),
                       CASE WHEN bool_or(value = 'refused') THEN FALSE
                            ELSE bool_or(value IN %s OR value IS NOT NULL AND %s)
                       END,
                       CASE WHEN bool_or(value = 'refused') THEN 'refused'
                            WHEN bool_or(value = 'granted') THEN 'granted'
                       END
                  FROM (%s) AS known (address, halted, value)
                 -- others say nothing
                 WHERE halted OR value IS NOT NULL
              GROUP BY address
                """,
                ALLOWING,
                purpose.default_selection == "yes",
                SQL(" UNION ALL ").join(selects),
            )
        )
        return defaultdict(Known, {address: Known(*said) for address, *said in rows})

    @api.model
    def _selects_by_address(self, addresses, select, further=2):
        """:param select: function of a model of subjects, a column that tells its
            people, and SQL of a set of its values, that gives an SQL select of that
            column and further ones
        :param int further: how many of these
        :return: list of these selects, with the address as their first column"""
        selects, asked = [], SQL("unnest(%s::text[])", text_array(addresses))
        for name in self.env["consent.record"]._subject_models():
            self.env[name].flush_model()
            key = self.env[name]._consent_email_field
            selects.append(select(self.env[name], key, asked))
        return selects

    @api.model
    def _mail_addresses(self, texts):
        """:return: {text: the first address in it, canonical} of what has one"""
        found = {text: mailboxes.find(text)[:1] for text in texts}
        return {text: first[0] for text, first in found.items() if first}
