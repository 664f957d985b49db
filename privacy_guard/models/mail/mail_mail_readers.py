import re

from odoo import models

from ...tools import addresses

# Between them is whatever may be an address: what mail programs make of a header is
# theirs to decide.
SEPARATORS = re.compile(r"[\s<>\",;:()\[\]\\]+")


class MailMail(models.Model):
    """Who reads a copy: whom it goes to, and whoever else it names. Answering to all
    passes on what it says."""

    _inherit = "mail.mail"

    def _privacy_is_only_for(self, values, address):
        """The last point where all headers of a copy are known, before it is built.

        :param dict values: of one copy, as core sends it
        :param address: canonical
        :return: whether it goes to the address alone, nobody is in copy of the whole
            mail, and the copy names nobody besides, in whatever header, but the company
            that writes (MAIL-2)
        """
        sent_to = list(map(addresses.canonical, values["email_to_normalized"]))
        if not address or sent_to != [address] or self.email_cc:
            return False
        others = self._privacy_named(values) - {address}
        return not (others - self._privacy_own_addresses(others))

    def _privacy_named(self, values):
        """:return: set of addresses in the headers of a copy"""
        texts = [
            *values["email_to"],
            *values["email_cc"],
            values["email_from"],
            values["reply_to"],
            *values["headers"].values(),
        ]
        return self._privacy_addresses_in(texts)

    def _privacy_addresses_in(self, texts):
        """:return: set of whatever looks like an address, normalised if it is one"""
        words = SEPARATORS.split(" ".join(str(text) for text in texts if text))
        found = {word.strip("'") for word in words if "@" in word}
        return {addresses.only(address) or address for address in found}

    def _privacy_own_addresses(self, named):
        """:return: those of these addresses that are of the company: its sender, its
        aliases, its users"""
        # superuser: whose address it is does not depend on who sends
        mail = self.sudo()
        company = mail.record_company_id or mail.env.company
        domain = mail.record_alias_domain_id or company.alias_domain_id
        own = named & self._privacy_addresses_in(
            [
                company._privacy_sender(),
                company.email,
                company.bounce_email,
                mail.env.company.bounce_email,
                domain.bounce_email,
                domain.catchall_email,
                domain.default_from_email,
            ]
        )
        if left := list(named - own):
            own |= set(mail.env["mail.alias.domain"]._find_aliases(left))
            users = mail.env["res.users"].search(
                [("share", "=", False), ("email_normalized", "in", left)]
            )
            own |= set(users.mapped("email_normalized"))
        return own
