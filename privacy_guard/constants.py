"""Words and names that several rooms share. It imports nothing."""

from datetime import timedelta

# The group whose members define consents, handle requests and see logs.
OFFICER = "privacy_guard.group_privacy_officer"

# ----------------------------------------------------------------------
# The person
# ----------------------------------------------------------------------

STATUSES = [
    ("active", "Active"),
    ("duplicate", "Duplicate"),
    ("stopped", "Processing stopped"),
    ("erased", "Erased"),
]
NOT_PROCESSED = ("duplicate", "erased")

# E-mail opt-in (OPT-1)
OPT_IN = [
    ("none", "None"),
    ("single_user", "Single opt-in (user)"),
    ("single_form", "Single opt-in (web form)"),
    ("double", "Double opt-in"),
    ("opted_out_user", "Opted out (user)"),
    ("opted_out_contact", "Opted out (contact)"),
]
OPTED_OUT = ("opted_out_user", "opted_out_contact")

# States of data-subject requests (REQ-1): what waits for an officer, and besides what
# waits for the person to confirm it.
PENDING_REQUEST = ("new", "in_progress")
OPEN_REQUEST = ("unconfirmed", *PENDING_REQUEST)

# ----------------------------------------------------------------------
# Outgoing mail
# ----------------------------------------------------------------------

MAIL_CLASSES = [
    ("mandatory", "Owed to the person"),
    ("manual", "Sent by hand"),
    ("automatic", "Automatic"),
    ("marketing", "Marketing"),
]
# To how many people outside the company a user writes by hand at once: as many as one
# looks at, name by name, before sending.
MANUAL_RECIPIENTS = 5
# Stand in stored bodies where the links of a person go in the outgoing copy.
PERSONAL_LINK = "/privacy/personal-link"
CONFIRM_LINK = "/privacy/confirm-link"
UNSUBSCRIBE_LINK = "/privacy/unsubscribe-link"
ADDRESS_LINK = "/privacy/address-link"
# it is in views that customers have edited, too
EXPORT_LINK = "/privacy/copy-link"

# Programs do not answer these mails (RFC 3834).
AUTOMATIC_HEADERS = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
}

# ----------------------------------------------------------------------
# Context keys. A remote caller can set them, which does no harm: each makes a rule
# stricter, or writes less.
# ----------------------------------------------------------------------

# leave locked fields out of a write instead of refusing it
SKIP_LOCKED = "privacy_skip_locked"
# mail is of this class, whatever it would be otherwise
AUTOMATIC = "privacy_automatic"
MARKETING = "privacy_marketing"
# why a setting is changed; it is noted, and grants nothing
REASON = "privacy_reason"
# in the context as "privacy_following", of a change that follows from a setting, whose
# line is in the log: no remote caller can pass this object
FOLLOWING = object()

# In the session of who has made the key file: the key that they may take a copy of.
NEW_KEY = "privacy_guard_new_key"

# ----------------------------------------------------------------------
# Background jobs
# ----------------------------------------------------------------------

# after which a job comes back for what another transaction held
# what a number of ours may be at most, by the last word of its name: what is more leads
# to dates that neither Python nor a page can show
MOST = {"months": 1200, "days": 36_500}
MOST_OF_OTHERS = 1_000_000
LOOK_AGAIN = timedelta(minutes=5)
# of evidence: whether its note is the reference of a record, such as "sale.order,42"
IS_REFERENCE = "note ~ '^[a-z0-9_.]+,[0-9]+$'"
