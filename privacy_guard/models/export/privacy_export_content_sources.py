from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain

# Stored under a person's name, but about how Odoo works.
TECHNICAL = {"id", "create_uid", "write_uid", "write_date", "__last_update"}
TECHNICAL |= {
    "preferences_version",
    "proven_email",
    "message_bounce",
    "commercial_company_name",
}
TECHNICAL |= {"active", "color", "complete_name", "email_normalized", "partner_share"}
TECHNICAL |= {"phone_sanitized", "type"}
# Relations whose names tell nothing of other people.
HARMLESS = {
    "res.country",
    "res.country.state",
    "res.lang",
    "res.currency",
    "res.partner.category",
    "res.partner.industry",
    "res.bank",
}
SIMPLE = {"char", "text", "html", "date", "datetime", "selection", "boolean"}
SIMPLE |= {"integer", "float", "monetary"}
# Other addresses of a person are contacts below theirs; a contact below is somebody.
OWN_ADDRESSES = ("invoice", "delivery", "other")


@dataclass
class Source:
    """Records of one model that belong into an access copy.

    :param str model: name of the model
    :param domain: of the records
    :param list fields: names of what is copied of each
    :param str title: what it is, in the language of the person
    """

    model: str
    domain: Domain
    fields: list
    title: str


class PrivacyExportContent(models.AbstractModel):
    """The register of models of which an access copy has records.

    Other add-ons add the records of theirs in ``_sources``. Nothing of other people
    belongs into them: relations give a name where the model is harmless, and are left
    out elsewhere.
    """

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        """The hook for add-ons that keep data of people.

        :param list subjects: recordsets of the person, as superuser
        :return: list of `Source`, one per model, in the order of the overview
        """
        sources = [self._subject_source(persons) for persons in subjects]
        sources += self._contact_sources(self._contacts(subjects))
        sources.append(self._message_source(subjects))
        sources.append(self._complaint_source(subjects))
        return sources + self._consent_sources(subjects)

    @api.model
    def _contacts(self, subjects):
        """:return: the person's contacts and their other addresses"""
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        for persons in subjects:
            if persons._name == "res.partner":
                contacts |= persons
        return contacts | contacts.search(
            [("parent_id", "in", contacts.ids), ("type", "in", OWN_ADDRESSES)]
        )

    @api.model
    def _records(self, subjects):
        """:return: list of recordsets: the person's records, with other addresses"""
        others = [persons for persons in subjects if persons._name != "res.partner"]
        return [self._contacts(subjects), *others]

    @api.model
    def _subject_source(self, persons):
        domain = Domain("id", "in", persons.ids)
        if persons._name == "res.partner":
            domain = Domain("id", "in", self._contacts([persons]).ids)
        title = self.env._("What we keep about you")
        return Source(persons._name, domain, self._personal_names(persons), title)

    @api.model
    def _personal_names(self, model):
        """:return: names of the fields that say something about the person"""
        return self._copied_names(model, HARMLESS)

    @api.model
    def _copied_names(self, model, comodels):
        """:param comodels: names of the models to which links are shown by a name"""
        return sorted(
            name
            for name, definition in model._fields.items()
            if definition.store
            and name not in TECHNICAL
            and definition.groups != fields.NO_ACCESS
            and (definition.type in SIMPLE or definition.comodel_name in comodels)
        )

    @api.model
    def _contact_sources(self, contacts):
        """:return: sources of what Odoo itself keeps about contacts"""
        ids = contacts.ids
        return [
            Source(
                "res.users",
                Domain("partner_id", "in", ids),
                ["login", "lang", "tz", "create_date", "login_date"],
                self.env._("Your access"),
            ),
            Source(
                "res.partner.bank",
                Domain("partner_id", "in", ids),
                ["acc_number", "bank_id", "currency_id", "create_date"],
                self.env._("Your bank accounts"),
            ),
            Source(
                "mail.followers",
                Domain("partner_id", "in", ids),
                ["res_model", "res_id"],
                self.env._("What you follow"),
            ),
        ]

    @api.model
    def _message_source(self, subjects):
        return Source(
            "mail.message",
            self._messages_domain(subjects),
            ["date", "message_type", "subject", "body"],
            self.env._("Messages from you and to you"),
        )

    @api.model
    def _complaint_source(self, subjects):
        """What mail providers say that the person has complained of."""
        known = [persons._privacy_addresses().values() for persons in subjects]
        addresses = sorted({a for own in known for found in own for a in found})
        return Source(
            "privacy.complaint",
            Domain("email", "in", addresses),
            ["date", "email", "body"],
            self.env._("Messages from you and to you"),
        )

    @api.model
    def _messages_domain(self, subjects):
        """Messages that the person wrote or received. Notes that employees wrote for
        each other are not the person's; they may tell of others."""
        ids = self._contacts(subjects).ids
        on_them = Domain.OR(
            Domain("model", "=", persons._name) & Domain("res_id", "in", persons.ids)
            for persons in self._records(subjects)
        )
        received = (
            Domain("partner_ids", "in", ids)
            | Domain("notification_ids.res_partner_id", "in", ids)
            | on_them
        )
        written = Domain("author_id", "in", ids)
        spoken = Domain("message_type", "in", ["email", "comment", "email_outgoing"])
        return (written | received & ~self._internal_domain()) & spoken

    @api.model
    def _internal_domain(self):
        """:return: Domain of the messages that employees wrote for each other"""
        return Domain("is_internal", "=", True) | Domain(
            "subtype_id.internal", "=", True
        )

    @api.model
    def _consent_sources(self, subjects):
        """:return: sources of what we keep: consents, events, evidence, the logs"""
        about = Domain.OR(
            Domain("res_model", "=", persons._name)
            & Domain("res_id", "in", persons.ids)
            for persons in subjects
        )
        titles = {
            "consent.record": self.env._("Your consents"),
            "consent.preference": self.env._("Your preferences"),
            "consent.event": self.env._("How your consents came about"),
            "privacy.decision": self.env._("Marketing that we sent you, and why"),
            "consent.evidence": self.env._("Where your answers came from"),
            "privacy.request": self.env._("What you asked for"),
            "privacy.opt.in.log": self.env._("Changes of your e-mail opt-in"),
            "privacy.status.log": self.env._("Changes of your status"),
            "privacy.access.log": self.env._("Accesses to protected details"),
            "privacy.export": self.env._("Copies of your data"),
        }
        return [
            Source(
                model,
                self._requests_domain(subjects, about)
                if model == "privacy.request"
                else about,
                self._row_names(self.env[model]),
                title,
            )
            for model, title in titles.items()
        ]

    @api.model
    def _requests_domain(self, subjects, about):
        """What others have asked about the same records is not the person's to know."""
        # superuser: these are requests of oneself
        requests = self.env["privacy.request"].sudo()
        found = requests.search(Domain("subject_ids", "any", about))
        return Domain("id", "in", found._asked_by(subjects).ids)

    @api.model
    def _row_names(self, model):
        """:return: names of the fields of our own rows that are the person's to know:
        who of the employees did it is not"""
        return self._copied_names(model, {"consent.purpose", "consent.notice"})
