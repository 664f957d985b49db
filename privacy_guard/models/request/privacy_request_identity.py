from odoo import api, fields, models

from ...tools import addresses


class PrivacyRequest(models.Model):
    """Whose a request is: of who asked, whatever becomes of the records that it is
    about. Records of two people are merged, and an address changes."""

    _inherit = "privacy.request"

    identity = fields.Char(
        "Who asked",
        readonly=True,
        groups=fields.NO_ACCESS,
        copy=False,
        help="Their canonical address or, where none is known to be theirs, the model"
        " and id of the record that they asked about.",
    )

    # two people may each have an open one about what has become one record
    _one_open = models.UniqueIndex(
        "(kind, company_id, identity, res_model, res_id)"
        " WHERE state IN ('unconfirmed', 'new', 'in_progress')",
        "The person has an open request of this kind already.",
    )

    @api.model
    def _identity_of(self, subject, channel=None):
        """A link or a mail comes from an address, and an officer who records a letter
        knows whose it is. A login proves no address (IDN-4).

        :param subject: the record that somebody asks about, as superuser
        :param str channel: one of CHANNELS
        :return: the identity of a request, see the field
        """
        address = channel != "portal" and subject[subject._consent_email_field]
        return addresses.only(address) or f"{subject._name},{subject.id}"

    def _asker(self):
        """:return: (company that was asked, identity of who asked)"""
        self.ensure_one()
        return self.company_id, self.identity

    def _is_mailed_to(self, subject):
        """:return: whether mail to this record reaches who asked, as far as is known"""
        self.ensure_one()
        # superuser: no group may read it
        identity = self.sudo().identity or ""
        address = subject[subject._consent_email_field]
        return bool(address) and ("@" not in identity or identity == address)

    def _asked_by(self, subjects):
        """That a request is about one of my records does not make it mine.

        What was asked from an address is theirs who have it. What was asked without one
        (a letter, a call, in the portal) is theirs whose records are all that it is
        about.

        :param list subjects: recordsets, the records of one person
        :return: those of these requests that are the person's, as superuser
        """
        own = self.sudo()
        known = {
            subject[persons._consent_email_field]
            for persons in subjects
            for subject in persons
        } - {False}
        unaddressed = own.filtered(lambda r: "@" not in (r.identity or ""))
        return own.filtered(lambda r: r.identity in known) | (
            unaddressed - unaddressed._about_others(subjects)
        )

    def _about_others(self, subjects):
        """:param list subjects: recordsets
        :return: those of these requests that are about other records as well"""
        known = {persons._name: persons for persons in subjects}
        found = self.browse()
        for rows, people in self.subject_ids._people():
            others = set((people - known.get(people._name, people.browse())).ids)
            found |= rows.filtered(lambda r, ids=others: r.res_id in ids).request_id
        return found
