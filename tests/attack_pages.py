"""Ways through pages, files and routes of the web client."""

import io
import json
import re
import zipfile
from urllib.parse import quote

from attack_reading import FIELDS
from attack_ways import PAGES, P, way

NAMES = ("ref", "street", "contact_address")


@way("export as CSV", via=PAGES)
def export_csv(a):
    return _export(a, "csv", [])


@way("export as CSV to import again", via=PAGES)
def export_csv_compat(a):
    return _export(a, "csv", [], import_compat=True)


@way("export as XLSX", via=PAGES)
def export_xlsx(a):
    answer = _export(a, "xlsx", [])
    if answer.kind == "ok":
        with zipfile.ZipFile(io.BytesIO(answer.raw)) as book:
            answer.raw = b"".join(map(book.read, book.namelist()))
    return answer


@way("export in groups", via=PAGES)
def export_groups(a):
    return _export(a, "csv", ["ref"], ids=False)


def _export(a, kind, groupby, **options):
    fields = [{"name": name, "label": name, "type": "char"} for name in FIELDS]
    data = {"model": P, "fields": fields, "ids": [a.ann], "domain": []}
    data.update({"import_compat": False, "groupby": groupby, **options})
    return a.form(f"/web/export/{kind}", data=json.dumps(data))


@way("file named by a field", via=PAGES)
def file_name(a):
    for name in NAMES:
        answer = a.get(f"/web/content/{P}/{a.ann}/avatar_128?filename_field={name}")
    return answer


@way("picture named by a field, with a token", via=PAGES)
def avatar_name(a):
    """Whoever may mention a contact gets a token that reads it as superuser."""
    mentioned = a.world.clients["user"].call(
        "session", P, "get_mention_suggestions", search="Ann"
    )
    token = mentioned.value["res.partner"][0]["avatar_128_access_token"]
    [contact] = [one["id"] for one in mentioned.value["res.partner"][:1]]
    for name in NAMES:
        path = f"/web/image/{P}/{contact}/avatar_128?access_token={token}"
        answer = a.get(f"{path}&filename_field={name}&download=1")
    return answer


@way("content of a text field", via=PAGES)
def content(a):
    return a.get(f"/web/content/{P}/{a.ann}/ref")


@way("picture of a text field", via=PAGES)
def picture(a):
    return a.get(f"/web/image/{P}/{a.ann}/street")


@way("vCard", via=PAGES)
def vcard(a):
    return a.get(f"/web/partner/vcard?partner_ids={a.ann}")


@way("report", via=PAGES)
def report(a):
    return a.get(f"/report/html/{a.report}/{a.ann}")


@way("address in HTML", via=PAGES)
def address_html(a):
    options = {"fields": ["name", "address", "phone", "vat"]}
    return a.route(
        "/web/dataset/call_kw",
        model="ir.qweb.field.contact",
        method="get_record_to_html",
        args=[[a.ann], options],
        kwargs={},
    )


@way("button", via=PAGES)
def button(a):
    return a.route(
        "/web/dataset/call_button",
        model=P,
        method="privacy_reveal",
        args=[[a.ann], "street"],
        kwargs={},
    )


@way("underscore method by a button", via=PAGES)
def private_button(a):
    return a.route(
        "/web/dataset/call_button",
        model=P,
        method="_privacy_column_texts",
        args=[[a.ann], "ref"],
        kwargs={},
    )


@way("thread of a contact", via=PAGES)
def thread(a):
    wanted = ["followers", "suggestedRecipients", "contact_fields", "display_name"]
    return a.route(
        "/mail/data",
        fetch_params=[
            [
                "mail.thread",
                {"thread_model": P, "thread_id": a.ann, "request_list": wanted},
            ]
        ],
    )


@way("messages of a contact", via=PAGES)
def messages(a):
    return a.route("/mail/thread/messages", thread_model=P, thread_id=a.vic)


@way("avatar card", via=PAGES)
def avatar_card(a):
    uid = a.users["user"]["uid"]
    return a.route("/mail/data", fetch_params=[["avatar_card", {"user_id": uid}]])


@way("record as JSON", via=PAGES)
def json_record(a):
    return a.get(f"/json/1/contacts/{a.ann}")


@way("contact in the back end", via=PAGES)
def backend(a):
    return a.get(f"/odoo/contacts/{a.ann}")


@way("account page", via=PAGES)
def account(a):
    return a.get("/my/account")


@way("account page sends the mask back", via=PAGES)
def account_mask(a):
    return _save_account(a, street="••••1234", vat="••••1234")


@way("account page sends another mask", via=PAGES)
def account_other_mask(a):
    return _save_account(a, street="••••9999")


@way("account page of somebody else", via=PAGES)
def account_of_other(a):
    return _save_account(a, partner_id=str(a.vic), street="Typed")


@way("account page gives a new value", via=PAGES)
def account_value(a):
    return _save_account(
        a,
        name="Pat",
        street=f"Typed {a.number()}",
        phone="+32456001122",
        partner_id=str(a.pat),
        address_type="delivery",
    )


@way("addresses page", via=PAGES)
def addresses(a):
    return a.get("/my/addresses")


@way("personal pages with a made-up link", via=PAGES)
def made_up_link(a):
    return a.get(f"/privacy/{quote('x' * 60)}")


def _save_account(a, **changes):
    page = a.get("/my/account").raw.decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    [(country,)] = a.query("SELECT id FROM res_country WHERE code = 'BE'")
    data = {
        "name": "Pia",
        "email": "pia@example.com",
        "phone": "••••1 93",
        "street": "••••1234",
        "city": "Town",
        "zipcode": "1000",
        "country_id": str(country),
        "partner_id": str(a.own),
        "address_type": "billing",
        "use_delivery_as_billing": "true",
        "required_fields": "",
        **changes,
    }
    if token:
        data["csrf_token"] = token.group(1)
    answer = a.form("/my/address/submit", **data)
    if answer.kind == "ok" and "messages" in (told := json.loads(answer.raw)):
        answer.kind, answer.message = "refused", str(told["messages"])
    return answer
