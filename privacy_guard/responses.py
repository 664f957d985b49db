"""Answers of the pages behind personal links: never cached, indexed or referred to."""

import logging
import re
from hashlib import sha256

from odoo.addons.base.models.ir_qweb import QWebError
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import hash_sign, verify_hash_signed
from odoo.tools.misc import get_lang
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from .tools import log_mask

log_mask.install()

_logger = logging.getLogger(__name__)

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
}
# The page has no script at all; the company's colour is the one inline style.
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# A form with all consents that can exist is far smaller.
MAX_BODY = 64 * 1024
# links that say all: whatever is posted to them besides is of no account
BODILESS = "/privacy/one-click/"
# what all routes of these pages have in common
ROUTE = {"type": "http", "sitemap": False, "max_content_length": MAX_BODY}
# of pages behind a signed link: no session, no cookie, the token is the authorisation
LINK_ROUTE = {**ROUTE, "auth": "public", "csrf": False, "save_session": False}
# what is about nobody, for everybody
PUBLISHED = ("/privacy/log/", "/privacy/witness/")
LAYOUT = "privacy_guard.preferences_layout"
# what the button of a page behind a link posts along; for how long it does
PRESSED = "pressed"
PRESSED_HOURS = 24
# the database stores no text with one of these
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_personal_page(path):
    """:return: whether errors under a path are answered by the neutral page"""
    if path.startswith(PUBLISHED):
        return False
    return path.startswith(("/privacy/", "/my/privacy"))


def harden(response, policy=POLICY):
    """Set the headers that every response of these pages carries."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if policy:
        response.headers["Content-Security-Policy"] = policy
    return response


def render(template, values=None, status=200, layout=LAYOUT):
    """:return: a page in the language of the request's context"""
    page = request.env["privacy.preferences.page"]
    values = dict(values or {})
    if "company" not in values:
        values["company"], _url = request.env["res.company"]._privacy_visited()
    company = values["company"]
    values.update(
        layout=layout,
        page_lang=page._html_lang(request.env.lang),
        page_direction=page._direction(request.env.lang),
        accents=page._accents(company),
        skip=request.env._("Skip to the content"),
        pressed=press_token,
        asked_language=request.env["ir.http"]._privacy_asked_language(),
    )
    response = request.render(template, values, status=status)
    # the portal's own layout needs its scripts
    return harden(response, POLICY if layout == LAYOUT else None)


def showing(form, response):
    """Views are website designers' to edit, and the questions must be those that the
    events name.

    :param form: of ``privacy.preferences.page``
    :param response: of :func:`render`
    :return: the response if it shows the form, and asks nothing besides; else a page
        that nobody can edit
    """
    page = request.env["privacy.preferences.page"]
    try:
        response.flatten()
        if page._is_shown_by(response.get_data(as_text=True), form):
            return response
        _logger.error("The views of the preferences page do not show its questions.")
    except (QWebError, UserError) as error:
        _logger.error("The preferences page cannot be rendered: %s", error)
    plain = page._plain_page(form, response.qcontext)
    return harden(request.make_response(plain, status=response.status_code))


def redirect(location):
    return harden(request.redirect(location, code=303))


def neutral(status):
    """The one page for every link, form and request that is not in order.

    A wrong link looks like an expired, revoked or replaced one.

    :param int status: HTTP status code
    """
    # an unmatched route leaves a language of the browser's that may not exist here
    request.update_context(lang=get_lang(request.env).code)
    return render("privacy_guard.preferences_neutral", status=status)


def answer_link(found, show, act, *, refuses=False):
    """Answer a signed link that asks for a decision. Opening it decides nothing: GET
    shows, POST acts, and whatever is not in order gets the one neutral page.

    A POST acts when it comes from the page, which posts along what
    ``privacy_guard.preferences_pressed`` puts into its form: scanners and previews that
    post to a link without having shown it grant nothing. They get the page.

    :param found: what the link is about, nothing if it does not hold
    :param show: called with it, returns the page with the buttons
    :param act: called with it, returns the page after one was pressed
    :param bool refuses: whether all it does is to refuse, for which mail programs post
        without ever showing it (RFC 8058)
    """
    if not found:
        return neutral(404)
    if is_safe_method():
        return show(found)
    if request.httprequest.method != "POST":
        return neutral(405)
    if refuses or _is_pressed():
        return act(found)
    page = show(found)
    page.status_code = 400
    return page


def subject_of(token, scope):
    """Read a signed link; its page is in the language of whose it is.

    :param str scope: the use that it was signed for
    :return: the record, as superuser; None when the link does not hold
    """
    links = request.env["privacy.preferences.link"]
    enabled = request.env["privacy.gate"]._is_enabled()
    payload = enabled and links._verify(token, scope)
    if not payload:
        return None
    subject = links._subject(payload)
    request.env["ir.http"]._privacy_speak_to(subject)
    return subject


def press_token():
    """:return: what the page of this link posts along; these pages have no session that
    could hold it"""
    # superuser: the signing key is no user's to read
    env = request.env(su=True)
    return hash_sign(env, *_pressing(), expiration_hours=PRESSED_HOURS)


def _is_pressed():
    """:return: whether a POST comes from the page of this very link"""
    text = request.httprequest.form.get(PRESSED)
    links = request.env["privacy.preferences.link"]
    if not links._may_be_token(text):
        return False
    scope, link = _pressing()
    try:
        # superuser: as above
        return verify_hash_signed(request.env(su=True), scope, text) == link
    except ValueError:
        # what base64, UTF-8, JSON and the format version raise on garbage
        return False


def _pressing():
    """:return: (scope of the signature, what tells this link from others)"""
    scope = request.env["privacy.preferences.link"]._scope(PRESSED)
    return scope, sha256(request.httprequest.path.encode()).hexdigest()


def status_of(exception):
    """:return: HTTP status code that an exception is answered with"""
    if isinstance(exception, HTTPException):
        return exception.code or 400
    return 400 if isinstance(exception, UserError) else 500


def is_safe_method():
    """:return: whether the request only looks"""
    return request.httprequest.method in ("GET", "HEAD")


def is_storable(value):
    """:return: whether all text in what was posted can be stored"""
    if isinstance(value, str):
        return not UNSTORABLE.search(value)
    if isinstance(value, dict):
        return all(is_storable(k) and is_storable(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return all(map(is_storable, value))
    return not isinstance(value, FileStorage) or is_storable(value.filename or "")


def is_text(*values):
    """:return: whether all that was sent as JSON is text, or nothing"""
    return all(value is None or isinstance(value, str) for value in values)


def is_id(*values):
    """:return: whether all that was sent as JSON may be ids of records"""
    return all(
        type(value) in (int, str) and str(value).isdecimal() and len(str(value)) < 10
        for value in values
    )


def count_mail(address):
    """A mail is about to go to an address that the visitor has entered.

    :param address: canonical, or False
    :raise UserError: there were too many, known address or not
    """
    # superuser: the visitor counts, and may not see it
    posts = request.env["privacy.mail.post"].sudo()
    posts._count(address, request.httprequest.remote_addr)


def evidence():
    """:return: what is kept about where an answer came from, erasable apart"""
    agent = request.httprequest.user_agent.string or ""
    return {"ip": request.httprequest.remote_addr, "user_agent": agent[:500]}
