from odoo import models
from odoo.tools import hmac, urls

from ..evidence.consent_event import OWN


class ConsentEvent(models.Model):
    """What people are told of an event, and where they get its proof."""

    _inherit = "consent.event"

    def _recorded(self, company, subjects):
        """What an answer is called that a person did not give to this program: the
        company says that they did, and what they were shown is not known.

        :param str company: name of who recorded it
        :param list subjects: recordsets of the person, as superuser
        :return: text in the language of the context, "" of what they did themselves
        """
        self.ensure_one()
        if self.source in OWN:
            return ""
        page = self.env["privacy.preferences.page"]
        recorded = self.env._(
            "%(company)s recorded this answer on %(moment)s. Source: %(how)s.",
            company=company,
            moment=page._moment(self.date, subjects),
            how=self._way(),
        )
        given = page._moment(self.answered_at, subjects)
        return f"{recorded} {self.env._('Given on: %s', given)}" if given else recorded

    def _way(self):
        """:return: how the person gave what was recorded: the beginning of the note, in
        the language of who wrote it, and none of the rest"""
        # superuser: about the person, for themself
        note = self.sudo().evidence_ids[:1].note or ""
        channel = self.env["consent.answer"]._fields["channel"]
        here = dict(channel._description_selection(self.env))
        for lang, _name in self.env["res.lang"].get_installed():
            there = channel._description_selection(self.with_context(lang=lang).env)
            for name, label in there:
                if note.startswith(f"{label}: "):
                    return here[name]
        sources = self._fields["source"]._description_selection(self.env)
        return dict(sources)[self.source]

    def _given(self):
        """:return: the event with which the person said what a merge took over, as far
        as it is known"""
        said = self
        while said.kind == "merge":
            former = said.search(
                [
                    ("res_model", "=", said.res_model),
                    ("res_id", "=", said.merged_res_id),
                    ("purpose_id", "=", said.purpose_id.id),
                    ("kind", "in", ("answer", "merge")),
                    ("value_to", "=", said.value_to),
                    ("id", "<", said.id),
                ],
                order="id desc",
                limit=1,
            )
            if not former:
                break
            said = former
        return said

    def _proof_url(self, company):
        """:param company: the one that issues the receipt
        :return: absolute URL of the proof that the event is in the log"""
        self.ensure_one()
        path = f"/privacy/proof/{self.id}/{self._proof_token()}"
        return urls.urljoin(company._privacy_base_url(), path)

    def _proof_token(self):
        """Keyed: hashes of what happened automatically can be guessed, and nobody is
        to learn by asking whether a guess is right."""
        scope = self.env["privacy.preferences.link"]._scope("proof")
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), scope, (self.id, self.hash))
