from odoo import api, models
from odoo.tools import SQL


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
        """:return: list of :class:`Holding`, in the order of their treatment"""
        return []

    @api.model
    def _exempt(self):
        """:return: {name of a model: why it holds nothing about a person that erasing
        would have to treat}"""
        return {}

    @api.model
    def _reasons(self):
        """:return: {reason of a holding: what people read}"""
        return {
            "contact": self.env._("Data of the person"),
            "correspondence": self.env._("History and correspondence of the person"),
            "shared": self.env._("Belongs to others as well: the person is replaced"),
            "account": self.env._("Login of the person"),
            "queue": self.env._("Waiting to be sent to the person"),
            "list": self.env._("Address on a list; the suppression list takes over"),
            "temporary": self.env._("Temporary data"),
            "evidence": self.env._(
                "Proof of consent, pseudonymous (GDPR Art. 7(1), 17(3)(e))"
            ),
            "accountability": self.env._(
                "Proof of who did what with the data (GDPR Art. 5(2), 17(3)(b))"
            ),
            "pseudonymous": self.env._("Refers to the anonymous contact only"),
            "not_personal": self.env._("Not flagged as personal data"),
        }

    @api.model
    def _installed(self):
        """:return: the declared holdings of the models of this database"""
        stored = self._stored_models()
        declared = [*self._declared(), *self._temporary()]
        return [holding for holding in declared if holding.model in stored]

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
