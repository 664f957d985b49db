"""Sections 6 and 7: quotations and invoices, and what opening them tells."""

import base64

import pytest
import requests
from company import links

DOCUMENTS = "Document engagement"
VIEWED = "viewed by customer"
OFFER = "https://example.com/terms"
PDF = base64.b64encode(b"%PDF-1.4 an invoice").decode()


@pytest.fixture(scope="module")
def product(company):
    return company.create("product.product", name="A thing")


@pytest.fixture
def quotation(company, product):
    """A function that makes a quotation for a contact: its id."""

    def make(contact):
        line = [(0, 0, {"product_id": product, "price_unit": 10})]
        return company.create("sale.order", partner_id=contact, order_line=line)

    return make


@pytest.fixture
def invoice(company, product):
    """A function that posts an invoice, which has been printed: its id."""

    def make(contact):
        values = {"product_id": product, "price_unit": 10, "tax_ids": []}
        made = company.create(
            "account.move",
            move_type="out_invoice",
            partner_id=contact,
            invoice_date="2026-01-31",
            invoice_line_ids=[(0, 0, values)],
        )
        company.call("account.move", "action_post", [made])
        printed = {"invoice_pdf_report_file": PDF}
        company.call("account.move", "write", [made], vals=printed)
        return made

    return make


def stopped(company, name):
    """:return: id of a contact who has stopped processing"""
    contact = company.person(name)
    company.stop(contact)
    return contact


def send_by_hand(company, order, body=None):
    """Press *Send* on a quotation, and in the dialogue.

    :return: the warning that the dialogue shows
    """
    action = company.call("sale.order", "action_quotation_send", [order])
    context, composers = action["context"], "mail.compose.message"
    values = {"body": body} if body else {}
    [composer] = company.call(composers, "create", vals_list=[values], context=context)
    [warning] = company.read(composers, composer, "privacy_warning")
    company.call(composers, "action_send_mail", [composer], context=context)
    company.empty_queue()
    return warning


def open_document(message, kind):
    """Follow the link of a mail to the page of a document."""
    link = next(link for link in links(message) if "/mail/view" in link)
    page = requests.get(link)
    assert (page.status_code, kind in page.url) == (200, True)
    return page


def notes(company, model, record_id):
    """:return: bodies of all messages on a document"""
    rows = company.query(
        f"""SELECT body FROM mail_message
             WHERE model = '{model}' AND res_id = {record_id} AND body <> ''"""
    )
    return " ".join(body for (body,) in rows)


def outcome(company, model, ids):
    """:return: {name of a contact: why they were refused a message, None if not}"""
    rows = company.query(
        f"""SELECT partner.name, note.failure_type
              FROM mail_notification note
              JOIN res_partner partner ON partner.id = note.res_partner_id
              JOIN mail_message message ON message.id = note.mail_message_id
             WHERE message.model = '{model}' AND message.res_id = ANY(ARRAY{ids})
               AND note.notification_type = 'email'"""
    )
    return dict(rows)


def test_quotations_by_hand_and_not(company, quotation):
    stella, wes = stopped(company, "stella"), company.person("wes")
    link = company.create("link.tracker", url=OFFER, title="Terms")
    [short] = company.read("link.tracker", link, "short_url")
    order = quotation(stella)
    warning = send_by_hand(company, order, f'<p><a href="{short}">Terms</a></p>')
    assert "stella asked us to stop processing" in warning
    [message] = company.mails()["stella"]
    found = links(message)
    assert not [link for link in found if "/r/" in link or "/mail/track/" in link]
    assert [link for link in found if link.startswith(OFFER)]
    assert "by hand" in notes(company, "res.partner", stella)
    # she looks at it, and it is nobody's business
    open_document(message, f"/my/orders/{order}")
    assert VIEWED not in notes(company, "sale.order", order)

    assert not send_by_hand(company, quotation(wes))
    assert "wes" in company.mails()
    orders = [quotation(stella), quotation(wes)]
    template = company.reference("sale.email_template_edi_sale")
    for order in orders:
        arguments = {"res_id": order, "force_send": True}
        company.call("mail.template", "send_mail", [template], **arguments)
    assert list(company.mails()) == ["wes"]
    assert outcome(company, "sale.order", orders)["stella"] == "privacy_stopped"


def test_invoices_by_hand_and_not(company, invoice):
    stig, walt = stopped(company, "stig"), company.person("walt")
    wizards = "account.move.send.wizard"
    for contact, name in ((walt, "walt"), (stig, "stig")):
        posted = invoice(contact)
        context = {"active_model": "account.move", "active_ids": [posted]}
        values = {"move_id": posted, "sending_methods": ["email"]}
        [wizard] = company.call(wizards, "create", vals_list=[values], context=context)
        [alerts] = company.read(wizards, wizard, "alerts")
        assert ("privacy_stopped" in (alerts or {})) == (name == "stig")
        company.call(wizards, "action_send_and_print", [wizard], context=context)
        company.empty_queue()
        [message] = company.mails()[name]
        assert [part.get_filename() for part in message.iter_attachments()]
        assert not [link for link in links(message) if "/mail/track/" in link]
        before = notes(company, "account.move", posted)
        open_document(message, f"/my/invoices/{posted}")
        assert notes(company, "account.move", posted) == before
    assert "by hand" in notes(company, "res.partner", stig)

    # many at once are sent by a scheduled action
    invoices = [invoice(walt), invoice(stig)]
    batch = {"move_ids": [(6, 0, invoices)]}
    company.press("account.move.send.batch.wizard", "action_send_and_print", **batch)
    company.scheduled("account.ir_cron_account_move_send")
    company.empty_queue()
    assert list(company.mails()) == ["walt"]
    refused = {"stig": "privacy_stopped", "walt": None}
    assert outcome(company, "account.move", invoices) == refused


def test_views_of_quotations_are_noted_with_consent_only(company, quotation):
    people = {
        "dana": company.person("dana", **{DOCUMENTS: "granted"}),
        "dirk": company.person("dirk", **{DOCUMENTS: "refused"}),
        "dora": company.person("dora"),
    }
    company.mails()
    orders = {}
    for name, contact in people.items():
        orders[name] = quotation(contact)
        send_by_hand(company, orders[name])
        [message] = company.mails()[name]
        open_document(message, f"/my/orders/{orders[name]}")
        noted = VIEWED in notes(company, "sale.order", orders[name])
        assert noted == (name == "dana"), name

    company.choose("dana", **{DOCUMENTS: "no"})
    assert company.value("dana", DOCUMENTS) == "refused"
    assert VIEWED not in notes(company, "sale.order", orders["dana"])
