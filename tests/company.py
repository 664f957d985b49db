"""A company at work: its Odoo server, its mail server, and people on the other side.

All that happens after the company was set up happens from outside: over `/json/2`, by
mail, and with a browser that runs no script.
"""

import json
import re
from contextlib import contextmanager
from email.utils import getaddresses

import requests
from asking_world import query
from lxml import html

from dev.lib import databases, odoo_process, template
from dev.lib.odoo_process import OdooServer
from dev.lib.smtp_sink import SmtpSink
from dev.lib.waiting import PATIENCE

PREPARE = """
import json
from datetime import datetime, timedelta
from pathlib import Path

set_param = env["ir.config_parameter"].set_param
set_param("privacy_guard.enabled", "True")
set_param("web.base.url", {url!r})
env.company.write({{
    "privacy_from_name": "Us", "privacy_from_email": "us@example.com",
    "email": "us@example.com",
    "alias_domain_id": env["mail.alias.domain"].create({{"name": "example.net"}}).id}})
purposes = env["consent.purpose"].create([
    {{"name": "News", "text": "May we write?", "covers_email": True,
      "for_leads": True}},
    {{"name": "Offers", "text": "We write to customers.", "covers_email": True,
      "default_selection": "yes", "legal_basis": "legitimate_interests"}},
    {{"name": "Texts", "text": "May we text you?", "covers_sms": True}},
    # nobody answers it, so that everybody can be asked for something
    {{"name": "Photos", "text": "May we show you?", "for_leads": True}}])
for scope in ("email", "document"):
    purposes += env.ref("privacy_guard.consent_purpose_tracking_" + scope)
purposes.for_leads = True
purposes._publish()
purposes.active = True
env["account.chart.template"].try_loading("generic_coa", env.company, False)
# who sends does not wait for programs that make PDF files of what is sent
env.ref("sale.email_template_edi_sale").report_template_ids = False
env.ref("sales_team.team_sales_department").write(
    {{"alias_name": "leads", "alias_contact": "everyone", "use_leads": True}})
clerk = env["res.users"].with_context(no_reset_password=True).create({{
    "name": "Clerk", "login": "clerk", "email": "clerk@example.com",
    "password": "clerkclerk", "group_ids": [
        env.ref(name).id for name in (
            "privacy_guard.group_privacy_officer", "base.group_partner_manager",
            "base.group_system", "mass_mailing.group_mass_mailing_user",
            "sales_team.group_sale_manager", "account.group_account_invoice")]}})
key = env["res.users.apikeys"].with_user(clerk)._generate(
    "rpc", "tests", datetime.now() + timedelta(days=1))
env.cr.commit()
Path({path!r}).write_text(json.dumps({{
    "key": key, "clerk": clerk.id, "purposes": {{p.name: p.id for p in purposes}}}}))
"""
ASKED = re.compile(r"/privacy/[A-Za-z0-9_-]{40,}")


class CallError(Exception):
    """What Odoo says against a call."""


@contextmanager
def company(folder):
    """:return: a :class:`Company` at work until the end of the block"""
    database = databases.copy(template.ensure(everything=True))
    try:
        with SmtpSink(folder / "mails") as sink:
            # scheduled actions run when a test wants them to
            arguments = ["--max-cron-threads=0"]
            server = OdooServer(
                database, folder / "odoo.log", *arguments, smtp_port=sink.port
            )
            path = folder / "facts.json"
            script = PREPARE.format(url=server.url, path=str(path))
            log = folder / "prepare.log"
            odoo_process.run(log, "shell", "-d", database, stdin=script)
            try:
                yield Company(
                    server.start(), sink, database, **json.loads(path.read_text())
                )
            finally:
                server.kill()
    finally:
        databases.drop(database)


class Company:
    def __init__(self, server, sink, database, key, clerk, purposes):
        """
        :param str key: an API key of the user `clerk` (an id)
        :param dict purposes: {name: id}
        """
        self.server, self.sink, self.database = server, sink, database
        self.clerk, self.purposes = clerk, purposes
        self._headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": database}

    def call(self, model, method, ids=None, **arguments):
        """Call a method as the clerk does, over RPC."""
        if ids is not None:
            arguments["ids"] = ids
        answer = requests.post(
            f"{self.server.url}/json/2/{model}/{method}",
            json=arguments,
            headers=self._headers,
            timeout=PATIENCE,
        )
        if answer.status_code != 200:
            raise CallError(answer.json()["message"])
        return answer.json()

    def create(self, model, **values):
        """:return: id of a new record"""
        [record_id] = self.call(model, "create", vals_list=[values])
        return record_id

    def read(self, model, record_id, *names):
        """:return: the values of these fields"""
        [row] = self.call(model, "read", [record_id], fields=list(names), load=None)
        return [row[name] for name in names]

    def press(self, model, button, context=None, **values):
        """Fill in a dialogue and press one of its buttons."""
        context = context or {}
        [dialogue] = self.call(model, "create", vals_list=[values], context=context)
        return self.call(model, button, [dialogue], context=context)

    def reference(self, xmlid):
        """:return: id of what a module has brought"""
        module, name = xmlid.split(".")
        domain = [("module", "=", module), ("name", "=", name)]
        [row] = self.call(
            "ir.model.data", "search_read", domain=domain, fields=["res_id"]
        )
        return row["res_id"]

    def scheduled(self, xmlid):
        """Have a scheduled action run now."""
        self.call("ir.cron", "method_direct_trigger", [self.reference(xmlid)])

    def empty_queue(self):
        """Have the mail queue run now."""
        self.scheduled("mail.ir_cron_mail_scheduler_action")

    def query(self, statement):
        """:return: the rows, committed"""
        return query(self.database, statement)

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def person(self, name, model="res.partner", **answers):
        """:param answers: what they say by letter, by names of purposes
        :return: id of a new contact, or lead, with the address NAME@example.com"""
        field = "email" if model == "res.partner" else "email_from"
        record_id = self.create(model, name=name, **{field: f"{name}@example.com"})
        for purpose, answer in answers.items():
            self.answer(f"{model},{record_id}", purpose, answer)
        return record_id

    def answer(self, person, purpose, answer):
        arguments = {"source": "letter", "note": "A letter"}
        purpose = self.purposes[purpose]
        arguments.update(purpose=purpose, person=person, answer=answer)
        self.call("privacy.api", "record_answer", **arguments)

    def stop(self, contact):
        """The person writes that they want processing to stop, and gets an answer."""
        make = "privacy.request.make"
        self.press(make, "action_make", partner_id=contact, kind="stop")
        self.empty_queue()
        self.mails()

    def value(self, name, purpose):
        """:return: what the person with this name says"""
        rows = self.call("privacy.api", "consents", person=f"{name}@example.com")
        wanted = self.purposes[purpose]
        [value] = {row["value"] for row in rows if row["purpose"] == wanted}
        return value

    def events(self, model, record_id, purpose):
        """:return: (source, value) of each answer, the first one first"""
        return self.query(
            f"""SELECT source, value_to FROM consent_event
                 WHERE res_model = '{model}' AND res_id = {record_id}
                   AND purpose_id = {self.purposes[purpose]} AND kind = 'answer'
                 ORDER BY sequence"""
        )

    # ------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------

    def mails(self):
        """:return: {name before the @: the mails they got since this was last asked}"""
        found = {}
        for message in self.sink.messages():
            for _name, address in getaddresses(message.get_all("To")):
                found.setdefault(address.split("@")[0], []).append(message)
        self.sink.clear()
        return found

    def preferences(self, name):
        """Ask a person, who follows the link in the mail that they get.

        :return: (session, the page as it was answered)
        """
        [asked] = self.call(
            "privacy.api", "send_request", people=[f"{name}@example.com"]
        )
        assert asked["asked"], asked["reason"]
        self.empty_queue()
        [message] = self.mails()[name]
        session = requests.Session()
        [link] = set(ASKED.findall(text(message)))
        return session, session.get(self.server.url + link)

    def choose(self, name, **answers):
        """A person saves the preferences page.

        :param answers: "yes" or "no", by names of purposes
        """
        session, page = self.preferences(name)
        form = html.fromstring(page.content).xpath("//main//form[@method='post']")[0]
        data = dict(form.form_values())
        data.update({f"answer_{self.purposes[p]}": a for p, a in answers.items()})
        assert session.post(page.url, data=data).status_code == 200
        self.empty_queue()
        [_confirmation] = self.mails()[name]


def text(message):
    """:return: the body of a mail as the person sees it, in HTML"""
    return message.get_body(("html", "plain")).get_content()


def links(message):
    """:return: where the links and pictures of a mail lead"""
    page = html.fromstring(text(message))
    return [*page.xpath("//a/@href"), *page.xpath("//img/@src")]
