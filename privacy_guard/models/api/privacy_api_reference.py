from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import addresses


class PrivacyApi(models.AbstractModel):
    """Whom and what other programs mean."""

    _inherit = "privacy.api"

    @api.model
    def _purpose(self, reference):
        """:return: the active purpose that is meant"""
        # what else JSON has is no reference, nor a key of a dict
        known = self._known_purposes() if isinstance(reference, (int, str)) else {}
        found = known.get(str(reference).strip().lower())
        if not found:
            raise UserError(
                self.env._(
                    "There is not exactly one active consent “%s”: give its id or "
                    "external id.",
                    reference,
                )
            )
        return found

    @api.model
    def _find_purposes(self, references):
        """:return: {reference as given: the active purpose that is meant, or None}"""
        known = self._known_purposes()
        return {
            reference: known.get(str(reference).strip().lower())
            for reference in references
        }

    @api.model
    def _known_purposes(self):
        """:return: {id, external id, or name in any language that no other has: active
        purpose}; all in lower case"""
        purposes = self.env["consent.purpose"].search([("active", "=", True)])
        named = defaultdict(set)
        for lang, _name in self.env["res.lang"].get_installed():
            for purpose in purposes.with_context(lang=lang):
                named[purpose.name.strip().lower()].add(purpose.id)
        known = {name: purposes.browse(ids) for name, ids in named.items()}
        meant = {name: found for name, found in known.items() if len(found) == 1}
        for id_, xmlid in purposes.get_external_id().items():
            meant[str(id_)] = meant[xmlid.lower()] = purposes.browse(id_)
        meant.pop("", None)  # the external id of those that have none
        return meant

    @api.model
    def _find(self, people):
        """:return: {person as given: list of records that the user may read}"""
        wanted, texts = defaultdict(set), {}
        for person in people:
            name, identity = self._parse(person)
            if name:
                wanted[name].add(identity)
            else:
                texts[person] = identity
        known, by_address = {}, defaultdict(list)
        for name in self.env["consent.record"]._subject_models():
            for record in self._readable(name, wanted[name], set(texts.values())):
                known[name, record.id] = record
                if record.privacy_status != "duplicate":
                    by_address[record[record._consent_email_field]].append(record)
        found = {}
        for person in people:
            name, identity = self._parse(person)
            if name:
                record = known.get((name, identity))
                found[person] = [record] if record else []
            else:
                found[person] = by_address.get(identity, [])
        return found

    @api.model
    def _find_each(self, people):
        """One person that is none does not stop the others.

        :param list people: as given
        :return: list of (person as given, list of their records, why there are none)
        :raise UserError: it is no list
        """
        if not isinstance(people, (list, tuple)):
            raise UserError(self.env._("“%s” is no list of people.", people))
        reasons = [self._why_no_person(person) for person in people]
        given = list(zip(people, reasons, strict=True))
        found = self._find([person for person, reason in given if not reason])
        unknown = self.env._("There is no such person.")
        rows = []
        for person, reason in given:
            records = [] if reason else found[person]
            rows.append((person, records, None if records else reason or unknown))
        return rows

    @api.model
    def _why_no_person(self, person):
        """:return: why it is not well-formed, else None"""
        try:
            self._parse(person)
        except UserError as error:
            return str(error)
        return None

    @api.model
    def _readable(self, name, ids, addresses):
        model = self.env[name].with_context(active_test=False)
        if not model.has_access("read"):
            return model
        return model.search_fetch(
            Domain("id", "in", list(ids))
            | Domain(model._consent_email_field, "in", list(addresses)),
            ["privacy_status", model._consent_email_field],
        )

    @api.model
    def _parse(self, person):
        """:return: (name of the model, id), or (None, normalised address)"""
        if type(person) is int and 0 < person < 10**9:
            return "res.partner", person
        if isinstance(person, str) and "@" in person and _is_text(person):
            # what is no address is nobody's, and not that of all who have none
            return None, addresses.only(person) or person
        name, _comma, identity = str(person).partition(",")
        if name not in self.env["consent.record"]._subject_models() or not (
            # digits of other scripts are no id, and no column holds a longer one
            identity.isascii() and identity.isdecimal() and len(identity) < 10
        ):
            raise UserError(
                self.env._(
                    "“%s” is no person: give the id of a contact, an e-mail address "
                    "or a model and an id, as in “res.partner,7”.",
                    str(person).encode(errors="backslashreplace").decode(),
                )
            )
        return name, int(identity)

    @api.model
    def _known(self, person):
        """:return: list of recordsets, one per model
        :raise UserError: nobody is found"""
        found = self._by_model(self._find([person]).values())
        if not found:
            raise UserError(self.env._("There is no such person: %s", person))
        return found

    @api.model
    def _by_model(self, found):
        """:param found: iterable of iterables of records
        :return: list of recordsets, one per model, of all that was found"""
        ids = defaultdict(set)
        for records in found:
            for record in records:
                ids[record._name].add(record.id)
        return [self.env[name].browse(sorted(ids[name])) for name in sorted(ids)]


def _is_text(string):
    """:return: whether it is Unicode; JSON can hold half a character"""
    try:
        string.encode()
    except UnicodeEncodeError:
        return False
    return True
