import re
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, ormcache

from ...data_map.base import BASE, BASE_EXEMPT
from ...data_map.community import COMMUNITY
from ...data_map.correspondence import CORRESPONDENCE, CORRESPONDENCE_EXEMPT
from ...data_map.finders import by_contact
from ...data_map.modules import MODULES
from ...data_map.own import OWN, OWN_EXEMPT
from ...data_map.personal_data import PersonalData, delete

# What a column with an address, a number or an IP address is called.
PERSONAL_COLUMN = re.compile(r"(^|_)(e?mail|phone|mobile|ip|number)(_|$)")
TEXTS = ("char", "text", "html")


class PrivacyDataMap(models.AbstractModel):
    """The registry in which models declare what they hold about a person and how
    erasing treats it (ERA-1, ERA-2).

    Core models are declared here, installed or not; an add-on extends :meth:`_declared`
    for its own models, and :meth:`_exempt` for those that look as if they held personal
    data and do not. A model with a link to a contact, an e-mail address or a telephone
    number that does neither fails :meth:`_undeclared`, and with it the tests.
    """

    _name = "privacy.data.map"
    _description = "What models hold about people"

    @api.model
    def _declared(self):
        """:return: list of :class:`PersonalData`, in the order of their treatment; what
        officers decided stands before what ships for the same model"""
        decided = self.env["privacy.declaration"]._as_personal_data()
        return [*decided, *BASE, *CORRESPONDENCE, *OWN, *MODULES, *COMMUNITY]

    @api.model
    def _exempt(self):
        """:return: {name of a model: why it holds nothing about a person that erasing
        would have to treat}"""
        return {**BASE_EXEMPT, **CORRESPONDENCE_EXEMPT, **OWN_EXEMPT}

    @api.model
    def _reasons(self):
        """:return: {reason of a declaration: what people read}"""
        return {
            "contact": self.env._("Data of the person"),
            "correspondence": self.env._("History and correspondence of the person"),
            "shared": self.env._("Belongs to others as well: the person is replaced"),
            "account": self.env._("Login of the person"),
            "queue": self.env._("Waiting to be sent to the person"),
            "list": self.env._("Address on a list; the suppression list takes over"),
            "list_shared": self.env._(
                "Somebody else has this address or number: what they refused stays"
            ),
            "other_company": self.env._(
                "Kept by another company, whose officers decide about it"
            ),
            "temporary": self.env._("Temporary data"),
            "evidence": self.env._(
                "Proof of consent, pseudonymous (GDPR Art. 7(1), 17(3)(e))"
            ),
            "accountability": self.env._(
                "Proof of who did what with the data (GDPR Art. 5(2), 17(3)(b))"
            ),
            "employment": self.env._(
                "Data of an employee: labour, tax and social security law say how long "
                "the employer keeps it (GDPR Art. 17(3)(b) and (e), 88)"
            ),
            "claims": self.env._(
                "Proof of what was signed, for legal claims (GDPR Art. 17(3)(e))"
            ),
            "pseudonymous": self.env._("Refers to the anonymous contact only"),
            "not_personal": self.env._("Not flagged as personal data"),
            "same": self.env._(
                "Somebody else's record that has the same address or number: it is "
                "not part of this erasure"
            ),
            "required": self.env._("The field may not be empty"),
            "undeclared": self.env._("Nobody has declared this: it stays"),
        }

    @api.model
    def _installed(self):
        """:return: the declarations about models of this database"""
        stored = self._stored_models()
        declared = [*self._declared(), *self._temporary()]
        return [
            one
            for declaration in declared
            if declaration.model in stored
            for one in (declaration, *self._mentions(declaration))
        ]

    @api.model
    def _mentions(self, declaration):
        """:return: what becomes of rows of somebody else that mention the person, where
        the catalogue finds them: officers read why it is not what was declared"""
        if (
            declaration.found_by
            or declaration.treatment in ("keep", "anonymise")
            or self.env[declaration.model]._transient
        ):
            return []
        return [PersonalData(declaration.model, "anonymise", (), "shared")]

    @api.model
    def _stored_models(self):
        """:return: names of the models that have a table of their own, sorted; some of
        them (those of keys) do not have it made by Odoo"""
        rows = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = current_schema::regnamespace"
            )
        )
        tables = {table for (table,) in rows}
        return sorted(
            name
            for name, model in self.env.registry.items()
            if not model._abstract and model._table in tables
        )

    @api.model
    @ormcache(cache="stable")
    def _columns_of_tables(self):
        """:return: {table: {column: its type}}; each batch of an erasure asks for those
        of all that is declared, and of all that is searched"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relname, attname, format_type(atttypid, NULL)
                  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                 WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
                   AND attnum > 0 AND NOT attisdropped
                """
            )
        )
        tables = defaultdict(dict)
        for table, column, type_ in rows:
            tables[table][column] = type_
        return dict(tables)

    # ------------------------------------------------------------------
    # What is not declared
    # ------------------------------------------------------------------

    @api.model
    def _undeclared(self):
        """:return: {name of a model: names of its fields} of the installed models that
        link to contacts, or hold addresses or numbers, and say nothing about it"""
        known = {declared.model for declared in self._declared()} | set(self._exempt())
        # the people themselves: see `_privacy_anonymise()`
        known.update(self.env["consent.record"]._subject_models())
        return {
            name: fields
            for name in self._stored_models()
            if name not in known
            and not self.env[name]._transient
            and (fields := self._suspicious_fields(name))
        }

    @api.model
    def _suspicious_fields(self, name):
        return sorted(
            field.name
            for field in self.env[name]._fields.values()
            if field.store
            and field.name not in models.MAGIC_COLUMNS
            and self._is_suspicious(field)
        )

    @api.model
    def _is_suspicious(self, field):
        if field.type in TEXTS:
            return bool(PERSONAL_COLUMN.search(field.name))
        if field.type == "many2one_reference":
            return True
        return field.comodel_name == "res.partner" and field.type != "one2many"

    @api.model
    def _temporary(self):
        """Dialogues that were about the person: Odoo deletes them after some hours.
        Those without a link to the contact are found by the catalogue."""
        return [
            delete(
                name, *map(by_contact, self._contact_links(name)), reason="temporary"
            )
            for name, model in self.env.registry.items()
            if model._transient
        ]

    @api.model
    def _contact_links(self, name):
        return [
            field.name
            for field in self.env[name]._fields.values()
            if field.store
            and field.comodel_name == "res.partner"
            and field.type in ("many2one", "many2many")
            and not field.inherited
        ]
