import re
import unicodedata

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# what stands between words, around them, or on a letter
BETWEEN = re.compile(r"[\W_]+")


def key_of(text):
    """:return: a text as words are compared: without accents, capitals, punctuation
    and spaces; "" where there is nothing else"""
    letters = unicodedata.normalize("NFKD", (text or "").casefold())
    return BETWEEN.sub("", letters).casefold()


class PrivacySmsWord(models.Model):
    """Words that end text messages when somebody sends one of them back, and nothing
    else. Those of all languages count for everybody: who is travelling, or has a
    foreign telephone, writes what the provider told them."""

    _name = "privacy.sms.word"
    _description = "Word that stops text messages"
    _order = "lang_id, name"

    name = fields.Char("Word", required=True)
    lang_id = fields.Many2one(
        "res.lang",
        "Language",
        context={"active_test": False},
        help="None for those that count everywhere, and cannot be taken off.",
    )
    key = fields.Char(compute="_compute_key", store=True)

    _key_uniq = models.Constraint("UNIQUE (key)", "This word is on the list already.")

    @api.depends("name")
    def _compute_key(self):
        for word in self:
            word.key = key_of(word.name)

    @api.constrains("key")
    def _check_key(self):
        for word in self:
            if not word.key:
                raise ValidationError(
                    self.env._("“%s” has no letter that could be sent.", word.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_without_key(vals) for vals in vals_list])

    def write(self, vals):
        self._refuse_for_common()
        return super().write(_without_key(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_common(self):
        self._refuse_for_common()

    def _refuse_for_common(self):
        """:raise UserError: for words that people are told everywhere"""
        for word in self.filtered(lambda one: not one.lang_id):
            raise UserError(
                self.env._(
                    "%s counts in all languages: people are told to send it, and it "
                    "stays on the list.",
                    word.name,
                )
            )

    @api.model
    def _means_stop(self, text):
        """:param str text: of a message
        :return: whether it is one of the words and nothing else"""
        key = key_of(text)
        # superuser: who sends a message back is no user
        return bool(key) and bool(
            self.sudo().search_count([("key", "=", key)], limit=1)
        )


def _without_key(vals):
    """:return: the values without what follows from the word"""
    return {name: value for name, value in vals.items() if name != "key"}
