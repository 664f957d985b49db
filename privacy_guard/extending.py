"""What other add-ons may import, ours included: these names stay, or are announced in
the changelog before they go. Whatever else lies in this add-on may move at any time.

Models are extended by `_inherit` and their hooks; see docs/extending.md.
"""

from .access import acting_user
from .attempts import attempt, behind
from .columns import add_columns
from .constants import (
    AUTOMATIC,
    MARKETING,
    MOST,
    SKIP_LOCKED,
)
from .data_map.finders import (
    ADDRESS,
    by_address,
    by_address_in,
    by_contact,
    by_number,
    by_parent,
    by_record,
    by_subject,
    comparable,
)
from .data_map.mail_finders import MESSAGE_HEADERS
from .data_map.personal_data import anonymise, blank, delete, keep
from .fields.encrypted import EncryptedField, blind_index_sql, exact_search_error
from .fields.mail_class import mandatory, of_class
from .fields.masked import (
    Mask,
    MaskedField,
    ReceivingField,
    masked,
    masking_everyone,
    sees_values,
    show_also,
    value_behind,
)
from .models.consent.consent_effect import Effect
from .models.consent.consent_preference import Preference, channels_in
from .models.consent.consent_record_end import ALLOWING
from .models.export.privacy_export_content_sources import Source
from .models.gate.privacy_gate_emptying import UNWANTED
from .models.mail.privacy_gate import (
    FAILURES,
    REFUSALS,
    UNWANTED_CHANNEL,
    WANTED_LESS,
    failure_type,
)
from .models.page.privacy_preferences_less import BY_LOGIN
from .readers import reader_lang
from .responses import (
    LINK_ROUTE,
    answer_link,
    evidence,
    is_id,
    is_safe_method,
    is_text,
    neutral,
    press_token,
    render,
    showing,
)
from .tools import addresses, cipher, keyring, masking, person_terms
from .tools.content_hash import content_hash
from .tools.request_handler import RequestHandler
from .tools.text_array import text_array
from .turns import Turn

__all__ = [
    # for whom superuser code works
    "acting_user",
    # do something, or nothing of it, and say why
    "attempt",
    # many texts as one value of a statement
    "text_array",
    # the concurrent change behind an error, which is for Odoo to retry
    "behind",
    # those who come at once wait for each other
    "Turn",
    # columns of a subject, for the pre_init_hook of whoever adds a model of people
    "add_columns",
    # context keys, and what mail may be
    "AUTOMATIC",
    "MARKETING",
    "SKIP_LOCKED",
    # what a number of months or days may be at most
    "MOST",
    # the class of a mail, as only code can give it
    "mandatory",
    "of_class",
    # the answers with which no value is to be stored
    "UNWANTED",
    # what keeps mail back
    "FAILURES",
    "REFUSALS",
    "UNWANTED_CHANNEL",
    "WANTED_LESS",
    "failure_type",
    # what was sent, as a decision holds it
    "content_hash",
    # the data map: what a model holds about people, and how it is found
    "ADDRESS",
    "MESSAGE_HEADERS",
    "anonymise",
    "blank",
    "by_address",
    "by_address_in",
    "by_contact",
    "by_number",
    "by_parent",
    "by_record",
    "by_subject",
    "comparable",
    "delete",
    "keep",
    # access copies, of a person's data
    "Source",
    # what else follows when a consent changes, and what is done about a request
    "Effect",
    "RequestHandler",
    # what allows messages: a yes, or a relationship
    "ALLOWING",
    # how much somebody wants of what they have agreed to
    "Preference",
    "channels_in",
    # fields that show masks, or are encrypted
    "EncryptedField",
    "Mask",
    "MaskedField",
    "ReceivingField",
    "blind_index_sql",
    "exact_search_error",
    "masked",
    "masking_everyone",
    "sees_values",
    "show_also",
    "value_behind",
    # in which language something is noted for those who work with it
    "reader_lang",
    # pages behind personal links
    "BY_LOGIN",
    "LINK_ROUTE",
    "answer_link",
    "evidence",
    "is_id",
    "is_safe_method",
    "is_text",
    "neutral",
    "press_token",
    "render",
    "showing",
    # plain Python: addresses, ciphers, keys, how masks look, how people are recognised
    "addresses",
    "cipher",
    "keyring",
    "masking",
    "person_terms",
]
