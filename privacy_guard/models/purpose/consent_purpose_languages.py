from odoo import models


class ConsentPurpose(models.Model):
    """In which languages a consent can be read."""

    _inherit = "consent.purpose"

    def _drafts_of_new_languages(self):
        """:return: values of the notices to make where languages were installed since
        the text was published, and nothing else is to be published; else an empty
        list"""
        self.ensure_one()
        published = self._published_texts()
        drafts = self._changed_drafts() if published else []
        known = [draft for draft in drafts if draft["lang"] in published]
        if not all(self._is_text_of(published[d["lang"]], d) for d in known):
            return []
        new = [draft for draft in drafts if draft["lang"] not in published]
        return [dict(draft, version=self.version) for draft in new]

    def _untranslated_languages(self):
        """:return: names of the other languages that have the same text as this one"""
        self.ensure_one()
        return [
            name
            for code, name in self.env["res.lang"].get_installed()
            if code != (self.env.lang or "en_US")
            and self.with_context(lang=code).text == self.text
        ]

    def _without_text_in(self, lang):
        """
        :param str lang: code of a language
        :return: those of these consents whose readers in this language read another
            one: nothing was published in it, or the words of the user's language
        """

        def lacks(purpose):
            texts = purpose._published_texts()
            own = texts.get(lang)
            source = texts.get(self.env.lang or "en_US")
            return not own or (
                source
                and own.text == source.text
                and own.lang.split("_")[0] != source.lang.split("_")[0]
            )

        return self.filtered(lacks)

    def _take_texts(self, sources, names):
        """Say in every installed language what other records say in it.

        :param sources: records with texts, one for each of these consents
        :param dict names: {field here: field of the sources}
        """
        for code, _name in self.env["res.lang"].get_installed():
            for purpose, source in zip(self, sources, strict=True):
                texts = source.with_context(lang=code)
                purpose.with_context(lang=code).write(
                    {name: texts[of_source] for name, of_source in names.items()}
                )
