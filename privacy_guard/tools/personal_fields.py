"""Which fields probably hold personal data, judged by their technical names.

A name is read as words between underscores: ``x_date_of_birth`` has the words ``date``,
``of`` and ``birth``. The first row that matches wins, so the more sensitive ones come
first. Custom fields are often named in the language of the country, hence the few words
that are not English. Suggestions flag nothing by themselves.
"""

# what it says about a person, the flag that suits it, the words
SUGGESTIONS = (
    (
        "health",
        "sensitive",
        "health|medical|medication|disabilit(y|ies)|disabled|handicap|allerg(y|ies)"
        "|blood_(type|group)|diet|pregnan(t|cy)|gesundheit|sante",
    ),
    (
        "belief",
        "sensitive",
        "religion|faith|confession|ethnic(ity)?|race|political|politics"
        "|trade_union|union_member|sexual|orientation|konfession",
    ),
    (
        "birth",
        "personal",
        "birth|birthday|birthdate|birthplace|born|dob|age"
        "|geburtstag|geburtsdatum|naissance",
    ),
    (
        "identity",
        "personal",
        "vat|ssn|nin|passport|(national|identity|identification)_(id|no|number|card)"
        "|id_(card|no|number)|tax_(id|no|number)|social_security|company_registry"
        "|driving_licen[cs]e|nif|dni|fiscal_code|steuernummer",
    ),
    (
        "bank",
        "personal",
        "iban|bic|bank|acc_number|account_(no|number)|(credit_)?card_(no|number)|salary"
        "|income",
    ),
    (
        "name",
        "personal",
        "(first|middle|last|maiden|nick|full|sur|family|given|alias)_?name|^name$"
        "|vorname|nachname|prenom",
    ),
    (
        "contact",
        "personal",
        "phone|phone[0-9]|mobile|fax|e?mail|telephone|telefon|whatsapp|skype",
    ),
    (
        "online",
        "personal",
        "website|url|homepage|linkedin|facebook|twitter|instagram|github|social"
        "|ip|ip_address|username|login",
    ),
    (
        "address",
        "personal",
        "street|street[0-9]|street_(name|number)|house_number|zip|zipcode|postcode"
        "|postal_code|city|state_id|country_id|address|strasse|plz|ort|adresse|ville",
    ),
    ("location", "personal", "latitude|longitude|lat|lng|geo|location"),
    (
        "traits",
        "personal",
        "gender|sex|marital|civil_status|nationality|salutation|title|family|children"
        "|hobb(y|ies)|interests",
    ),
    (
        "work",
        "personal",
        "function|job|job_(title|position)|profession|occupation|employer"
        "|department|industry_id|beruf|metier",
    ),
    ("picture", "personal", "image_1920|photo|picture|portrait|signature"),
    ("notes", "personal", "comment|comments|note|notes|remarks?|memo|notiz(en)?"),
    (
        "number",
        "personal",
        "ref|reference|barcode|customer_(no|number|code)"
        "|member_(no|number|id)|badge|licen[cs]e_plate",
    ),
)


def pattern(words: str) -> str:
    """:return: a regular expression over a technical name, the same in Python and
    PostgreSQL, that finds any of the words"""
    return f"(^|_)({words})(_|$)"
