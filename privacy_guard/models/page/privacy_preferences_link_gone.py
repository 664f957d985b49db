from odoo import api, models
from odoo.tools import SQL, consteq, hash_sign


class PrivacyPreferencesLink(models.AbstractModel):
    """Links outlive the record that they were made for: it is merged into another one,
    deleted once it has become a contact, or a second address is written in front of
    the one that was mailed. They outlive their time, too: for two years they withdraw,
    whatever the settings say (TIM-2). A no that is signed is never refused (RTE-1).

    Whoever was merged has their page at the record that they are now, where that has
    the address of the link. In all other cases the address may be somebody else's by
    now: refusing, and asking to stop, is all that the link does there, and it shows
    nothing.
    """

    _inherit = "privacy.preferences.link"

    @api.model
    def _merged_into(self, model, record_id):
        """:param model: of subjects, as superuser
        :return: the record that one which is gone was merged into, by however many
            steps; empty without any"""
        # superuser: the evidence is not the visitor's to read
        events = self.env["consent.event"].sudo()
        seen, record = set(), model.browse(record_id)
        while record.id not in seen and not record.exists():
            seen.add(record.id)
            domain = [
                ("res_model", "=", model._name),
                ("merged_res_id", "=", record.id),
                ("kind", "=", "merge"),
            ]
            event = events.search(domain, limit=1, order="id desc")
            record = model.browse(event.res_id or record.id)
        return record.exists()

    @api.model
    def _refusing(self, token, purpose="preferences"):
        """Who refuses by a link that gives nothing any more.

        :return: list of recordsets, as of :meth:`_subjects`: all that have the address
            where the link is no more than old, or the record is gone; the record alone
            if the address stands behind another one now; none where the address was
            replaced, or the link was revoked
        """
        payload = self._read(token, purpose)
        model = payload and self._model_of(payload)
        if model is None or not payload:
            return []
        if current := self._subject(payload, purpose):
            return self._subjects(current)
        subject = model.browse(payload[1]).exists()
        if not subject:
            return self._subjects_at(self._address_of(payload[3]))
        others = subject._privacy_addresses()[subject.id][1:]
        has_it = any(consteq(self._address_digest(a), payload[3]) for a in others)
        return [subject] if has_it else []

    @api.model
    def _address_of(self, digest):
        """A link names no address: it is looked for among those of everybody.

        :return: the address with this digest, "" where nobody has it
        """
        for name in self.env["consent.record"]._subject_models():
            model = self.env[name]
            column = SQL.identifier(model._consent_email_field)
            model.flush_model([model._consent_email_field])
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT %(column)s FROM %(table)s WHERE %(column)s > ''",
                    column=column,
                    table=SQL.identifier(model._table),
                )
            )
            for (address,) in rows:
                if consteq(self._address_digest(address), digest):
                    return address
        return ""

    @api.model
    def _objecting(self, token):
        """Whose processing is stopped by a one-click link whose record is gone.

        :return: list of recordsets, as of :meth:`_subjects`: all that have the address
            of the link, and for whom it is proven (IDN-3)
        """
        payload = self._read(token, "one_click")
        model = payload and self._model_of(payload)
        if not payload or model is None or model.browse(payload[1]).exists():
            return []
        return self._proven(self._refusing(token, "one_click"))

    @api.model
    def _token_to_refuse(self, token, purpose="preferences", scope="one_click"):
        """:param str purpose: what the link is for
        :param str scope: what to withdraw, as one-click links are signed for it
        :return: the token of a one-click link for a personal link that gives nothing
            any more, "" where there is nobody to refuse for"""
        if not self._refusing(token, purpose):
            return ""
        # superuser: the signing key is no user's to read
        return hash_sign(
            self.env(su=True),
            self._scope(scope),
            self._read(token, purpose),
            expiration_hours=24,
        )
