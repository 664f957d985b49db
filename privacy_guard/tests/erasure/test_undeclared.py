from dataclasses import replace

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from ...data_map.catalogue_text import joined
from ...models.erasure import privacy_erasure_dry_run, privacy_erasure_run
from .erasure_common import ErasureCommon

JOB = "odoo.addons.privacy_guard.attempts"
CLUB = "x_privacy_club"
FIELDS = {
    "x_name": {"ttype": "char"},
    "x_title": {"ttype": "char", "required": True},
    "x_partner_id": {"ttype": "many2one", "relation": "res.partner"},
    "x_partner_ids": {"ttype": "many2many", "relation": "res.partner"},
    "x_note": {"ttype": "html"},
    "x_json": {"ttype": "text"},
    "model": {"ttype": "char"},
    "res_id": {"ttype": "integer"},
    "x_about": {"ttype": "reference"},
}
# What is declared, and what is left of a row: title, note, whether it has its link.
DECISIONS = (
    ("delete", {}, None),
    ("blank", {}, ("T", False, False)),
    ("blank", {"columns": "x_title, x_note"}, ("erased-{}", False, True)),
    ("anonymise", {}, ("T", "<p>For […], […]</p>", True)),
    ("unlink", {}, ("T", "<p>For […], […]</p>", False)),
    ("keep", {}, ("T", "{}", True)),
)


@tagged("post_install", "-at_install")
class TestUndeclared(ErasureCommon):
    """ERA-3, ERA-4: a model that no add-on has declared: a club and its members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        club = cls.env["ir.model"].create({"model": CLUB, "name": "Club"})
        cls.club = cls.env["ir.model"]._get(CLUB)
        names = {name for name in FIELDS if name.startswith("x_")}
        cls.env["ir.model.fields"].create(
            [
                {
                    "name": name,
                    "field_description": name[2:].replace("_", " ").title(),
                    "model_id": club.id,
                    **FIELDS[name],
                    **(
                        {"selection": "[('res.partner', 'Contact')]"}
                        if FIELDS[name]["ttype"] == "reference"
                        else {}
                    ),
                }
                for name in sorted(names)
                if name != "x_name"
            ]
        )

    @classmethod
    def tearDownClass(cls):
        cls.registry.registry_invalidated = True
        super().tearDownClass()
        with cls.muted_registry_logger:
            cls.registry.reset_changes()

    def member(self, **values):
        return self.env[CLUB].create({"x_name": "M", "x_title": "T", **values})

    def found(self, erasure):
        """:return: {id of a row: (treatment, columns)} of the club; what is kept of a
        row that is treated, such as a link, is left out"""
        lines = erasure.line_ids.filtered(lambda line: line.res_model == CLUB)
        lines = lines.sorted(lambda line: line.treatment != "keep")
        self.assertEqual(len(lines), len({(x.res_id, x.columns) for x in lines}))
        return {line.res_id: (line.treatment, line.columns) for line in lines}

    def declare(self, treatment, reason="The club agreed", **values):
        return (
            self.env["privacy.declaration"]
            .with_user(self.officer)
            .create(
                {
                    "model_id": self.club.id,
                    "treatment": treatment,
                    "reason": reason,
                    **values,
                }
            )
        )

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    def ways(self):
        """:return: {field: values of a row in which she is found by it}"""
        return {
            "x_partner_id": {"x_partner_id": self.ann.id},
            "x_partner_ids": {"x_partner_ids": [Command.link(self.ann.id)]},
            "x_about": {"x_about": f"res.partner,{self.ann.id}"},
            "x_note": {"x_note": "<p>Ask &lt;ANN@canary.example&gt;</p>"},
            "x_json": {"x_json": '{"to": ["ann@canary.example"]}'},
            "x_title": {"x_title": "call +32 (2) 555.01.02"},
            "x_name": {"x_name": "tel:+32%202%20555%2001%2002"},
        }

    def test_rows_are_found_by_links_addresses_and_numbers(self):
        rows = {name: self.member(**values) for name, values in self.ways().items()}
        with_name = self.member(x_partner_id=self.ann.id, x_name="Ann  CANARY")
        found = self.found(self.begin())
        expected = {row.id: ("undecided", name) for name, row in rows.items()}
        expected[with_name.id] = ("undecided", "x_name, x_partner_id")
        self.assertEqual(found, expected)

    def test_era3_tables_are_searched_once_for_all_people(self):
        """Whatever number of batches, and of models that have the people."""
        bea = self.make_contact("Bea Canary", email="bea@canary.example")
        people = self.ann | bea
        rows = [self.member(x_partner_id=one.id, x_note=one.email) for one in people]
        self.declare("blank")
        self.patch(privacy_erasure_run, "BATCH_SIZE", 1)
        subjects = self.registry["privacy.erasure.subject"]
        search, searched = subjects._find_by_catalogue, []

        def counting(subjects, terms, tables):
            searched.append(subjects.mapped("res_id"))
            return search(subjects, terms, tables)

        self.patch(subjects, "_find_by_catalogue", counting)
        both = self.member(x_partner_ids=[Command.set(people.ids)])
        erasure = self.begin(people)
        # what comes after the dry run is found as well
        rows.append(self.member(x_partner_id=bea.id, x_note=bea.email))
        self.execute(erasure)
        self.assertEqual(searched, [people.ids] * 2, "dry run, erasing")
        self.assertEqual(people.mapped("privacy_status"), ["erased"] * 2)
        for row in rows:
            self.assertEqual((row.x_partner_id.id, row.x_note), (False, False))
        self.assertFalse(both.x_partner_ids)

    def test_era3_a_row_of_two_people_goes_with_each(self):
        """Also where the one whose line it is turns out not to be erased."""
        bea = self.make_contact("Bea Canary", email="bea@canary.example")
        both = self.member(x_partner_ids=[Command.set((self.ann | bea).ids)])
        self.declare("blank")
        self.patch(privacy_erasure_run, "BATCH_SIZE", 1)
        erasure = self.begin(self.ann | bea)
        fulfil = self.registry["privacy.erasure.subject"]._fulfil

        def refusing(subjects):
            if self.ann.id in subjects.mapped("res_id"):
                raise UserError("Not now")
            return fulfil(subjects)

        self.patch(self.registry["privacy.erasure.subject"], "_fulfil", refusing)
        with mute_logger(JOB):
            self.execute(erasure)
        self.assertEqual(set(erasure.subject_ids.mapped("state")), {"failed", "erased"})
        self.assertEqual(both.x_partner_ids, self.ann)

    def test_era3_a_large_database_is_searched_in_the_background(self):
        row = self.member(x_partner_id=self.ann.id)
        at_once = self.begin()
        self.patch(privacy_erasure_dry_run, "SEARCHED_AT_ONCE", 0)
        erasure = self.begin()
        self.assertEqual((erasure.state, self.found(erasure)), ("find", {}))
        self.assertIn("res.partner", erasure.line_ids.mapped("res_model"))
        with self.assertRaisesRegex(UserError, "not a dry run"):
            erasure._confirm("Too soon")
        self.run_cron()
        self.assertEqual(erasure.state, "draft")
        self.assertEqual(self.found(erasure), {row.id: ("undecided", "x_partner_id")})
        lines = [
            sorted(run.line_ids.mapped(lambda x: (x.res_model, x.res_id, x.treatment)))
            for run in (at_once, erasure)
        ]
        self.assertEqual(*lines)
        erasure.action_find_again()
        self.assertEqual(erasure.state, "find")
        erasure.action_cancel()
        self.run_cron()
        self.assertEqual((erasure.state, erasure.line_ids.ids), ("cancelled", []))

    def test_addresses_are_found_however_they_are_written(self):
        people = {
            "ann.b-c@x.example": (
                '"Ann.B-C"@X.example',
                "&quot;ann.b-c&quot;@x.example",
            ),
            "o'brien+tag@x.example": ("o&#39;brien+tag@x.example",),
            "\u017c@x.example": ("\u017b@x.example",),
            "100%_@x.example": ("<100%_@x.example>",),
        }
        for address, ways in people.items():
            person = self.make_contact(address, email=address)
            rows = self.member(x_note=f"To: {address}.")
            for way in ways:
                rows |= self.member(x_title=f"by {way}")
            with self.subTest(address=address):
                self.assertEqual(set(self.found(self.begin(person))), set(rows.ids))

    def test_one_row_makes_a_table_be_searched(self):
        """Whichever way it leads to her, and however many people are erased along."""
        self.member()
        people = self.begin().subject_ids.sudo()
        few = people._wanted(people._terms())
        others = tuple((people.id, str(10**9 + number)) for number in range(100))
        many = replace(few, numbers=few.numbers + others)
        catalogue = self.env["privacy.data.map"]._catalogue()
        club = [table for table in catalogue if table.model == CLUB]
        self.assertEqual(people._holding(club, few), [])
        for name, values in self.ways().items():
            row = self.member(**values)
            self.env.flush_all()
            for wanted in (few, many):
                with self.subTest(name, numbers=len(wanted.numbers)):
                    self.assertEqual(people._holding(club, wanted), club)
            row.unlink()

    def test_a_table_may_have_any_number_of_columns(self):
        """More than a function of PostgreSQL takes."""
        names = [f"x_{number}" for number in range(250)]
        columns = [SQL("%s AS %s", name, SQL.identifier(name)) for name in names]
        row = SQL(
            "SELECT %s FROM (SELECT %s) AS held",
            joined(names, " "),
            SQL(", ").join(columns),
        )
        [(text,)] = self.env.execute_query(row)
        self.assertEqual(text.split(), names)

    def test_strangers_are_not_found(self):
        self.member(x_note="joann@canary.example, o'ann@canary.example")
        self.member(x_note="o&#39;ann@canary.example ann@canary.example.com")
        self.member(x_title="+32 2 555 01 023, 13225550102")
        self.member(x_name="Ann Canary")  # a name alone may be anybody's
        self.member(x_partner_id=self.make_contact("Bea Other").id)
        self.assertEqual(self.found(self.begin()), {})

    def test_an_apostrophe_is_part_of_an_address_in_any_code(self):
        pat = self.make_contact("Pat", email="o'brien@x.example")
        rows = self.member(x_note="o'brien@x.example") | self.member(
            x_json="o&#39;brien@x.example"
        )
        self.member(x_note="brien@x.example")
        self.assertEqual(set(self.found(self.begin(pat))), set(rows.ids))

    def test_properties_lead_to_people(self):
        definitions = self.env["properties.base.definition"]
        definition = definitions._get_definition_for_property_field(
            "res.partner", "properties"
        )
        definition.properties_definition = [
            {"name": "friend", "type": "many2one", "comodel": "res.partner"},
            {"name": "all", "type": "many2many", "comodel": "res.partner"},
        ]
        bea, cleo = self.make_contact("Bea Other"), self.make_contact("Cleo Other")
        for person, value in ((bea, {"friend": self.ann.id}), (cleo, {"all": [1, 0]})):
            text = str(value).replace("'", '"').replace("0]", f"{self.ann.id}]")
            self.env.execute_query(
                SQL(
                    "UPDATE res_partner SET properties = %s::jsonb WHERE id = %s"
                    " RETURNING id",
                    text,
                    person.id,
                )
            )
        erasure = self.begin()
        lines = erasure.line_ids.filtered(
            lambda line: (
                line.res_id in (bea | cleo).ids and line.res_model == "res.partner"
            )
        )
        self.assertEqual(lines.mapped("columns"), ["properties"] * 2)
        # and those of the person go
        own = self.erase(bea).own_ids.filtered(lambda own: own.treatment != "keep")
        self.assertIn("properties", own.columns)
        self.env.cr.execute("SELECT properties FROM res_partner WHERE id = %s", bea.ids)
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def test_somebody_else_with_the_address_is_named(self):
        twin = self.make_twin(self.ann)
        erasure = self.begin()
        [line] = erasure.line_ids.filtered(lambda line: line.res_id == twin.id)
        self.assertEqual((line.res_model, line.treatment), ("res.partner", "keep"))
        self.assertIn("same address", line.reason_label)
        self.execute(erasure)
        self.assertEqual(twin.email, "ann@canary.example")

    def test_each_finding_is_one_line_however_many_people(self):
        self.make_contact("Door", type="delivery", parent_id=self.ann.id, email=False)
        bea = self.make_contact("Bea Other")
        self.env.cr.execute(
            "INSERT INTO bus_bus (create_date, channel, message)"
            " SELECT now() - interval '1 hour', 'x', 'y' FROM generate_series(1, 50)"
        )
        self.env.cr.execute("SELECT count(*) FROM bus_bus")
        [count] = self.env.cr.fetchone()
        self.member(x_partner_ids=[Command.set((self.ann | bea).ids)])
        erasure = self.begin(self.ann | bea)
        bus = erasure.line_ids.filtered(lambda line: line.res_model == "bus.bus")
        self.assertLessEqual(len(bus), count)
        self.assertGreaterEqual(len(bus), 50)
        self.assertEqual(len(self.found(erasure)), 1)

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def test_what_nobody_decided_stays_and_is_named(self):
        row = self.member(x_partner_id=self.ann.id, x_note="ann@canary.example")
        erasure = self.begin()
        [total] = erasure.undecided_ids
        self.assertEqual((total.model_label, total.row_count), ("Club", 1))
        self.assertEqual(total.field_labels, "Note, Partner Id")
        self.assertIn("Nobody has declared", total.reason_label)
        dialogue = total.with_user(self.officer).action_decide()
        self.assertEqual(dialogue["context"], {"default_model_id": self.club.id})
        self.execute(erasure)
        self.assertIn("ann@canary.example", row.x_note)
        self.assertIn("undecided", [one["treatment"] for one in erasure._treated()])

    def test_decisions(self):
        """Each treatment does what it says, in the dry run and afterwards."""
        for number, (treatment, values, left) in enumerate(DECISIONS):
            address = f"ann{number}@canary.example"
            note = f"<p>For Ann Canary, {address}</p>"
            with self.subTest(treatment=treatment, **values):
                person = self.make_contact("Ann Canary", email=address)
                row = self.member(x_partner_id=person.id, x_note=note)
                other = self.member(x_note="<p>For Bea</p>")
                mention = self.member(x_note=f"<p>Bea knows {address}</p>")
                declaration = self.declare(treatment, **values)
                erasure = self.begin(person)
                self.assertEqual(self.found(erasure)[row.id][0], treatment)
                self.assertFalse(erasure.undecided_ids)
                self.execute(erasure)
                self.assertEqual(other.x_note, "<p>For Bea</p>")
                self.assertEqual(bool(row.exists()), left is not None)
                if left:
                    title, text, linked = left
                    self.assertEqual(row.x_title, title.format(row.id))
                    self.assertEqual(row.x_note or False, text and text.format(note))
                    self.assertEqual(bool(row.x_partner_id), linked)
                # somebody else's row stays, without the person
                kept = treatment == "keep"
                self.assertEqual(mention.x_title, "T")
                self.assertEqual(address in mention.x_note, kept)
                self.assertIn("Bea knows", mention.x_note)
                treated = [x for x in erasure._treated() if x["model"] == CLUB]
                self.assertIn("The club agreed", [one["because"] for one in treated])
                declaration.unlink()
                row.exists().unlink()

    def test_a_number_in_a_link_goes_or_is_named(self):
        """Odoo makes links of numbers, whose blanks are coded."""
        link = '<a href="tel:+32%202%20{0}%2001%2002">+32 2 {0} 01 02</a>'
        bea = self.make_contact("Bea Other")
        row = self.member(x_partner_id=bea.id, x_note=link.format(555))
        alone = self.member(x_note="tel:+32%202%20555%2001%2002")
        declaration = self.declare("anonymise")
        self.erase()
        self.assertNotIn("555", row.x_note)
        self.assertNotIn("555", alone.x_note)
        declaration.unlink()
        cid = self.make_contact("Cid Canary", phone="+32 2 666 01 02")
        alone.x_note = "tel:+32%202%20666%2001%2002"
        erasure = self.erase(cid)
        found = erasure.finding_ids.filtered(lambda one: one.res_model == CLUB)
        self.assertEqual(found.mapped("res_id"), alone.ids)

    def test_a_row_of_somebody_else_stays(self):
        """Whatever of it is the person's as well, such as a number they share."""
        number, link = "+32 2 555 01 02", [Command.link(self.ann.id)]
        sam = self.make_contact("Sam Other", phone=number)
        staff = Command.link(self.officer.partner_id.id)
        gone = (
            self.member(x_partner_id=self.ann.id, x_title="sam@other.example")
            | self.member(x_title="ann@canary.example")
            | self.member(x_partner_ids=[*link, staff])
        )
        shared = self.member(x_title=number)
        linked = self.member(
            x_partner_id=sam.id, x_title=number, x_note="Hi Ann Canary"
        )
        second = self.member(x_about=f"res.partner,{sam.id}", x_partner_ids=link)
        both = self.member(x_name="ann@canary.example", x_title="sam@other.example")
        # of Ann alone by its link, with the address of somebody whom we know
        carried = self.member(x_partner_id=self.ann.id, x_title=f"Sam <{sam.email}>")
        self.declare("delete")
        erasure = self.begin()
        self.assertEqual(self.found(erasure)[second.id], ("keep", "x_partner_ids"))
        self.assertEqual(self.found(erasure)[carried.id], ("keep", "x_partner_id"))
        self.execute(erasure)
        self.assertFalse(gone.exists())
        self.assertEqual((shared.x_title, linked.x_title), ("[…]", "[…]"))
        self.assertIn(sam.email, carried.x_title)
        self.assertEqual((linked.x_partner_id, second.x_about), (sam, sam))
        self.assertNotIn("Canary", linked.x_note)
        self.assertEqual(second.x_partner_ids, self.ann)
        self.assertEqual((both.x_name, both.x_title), ("[…]", "sam@other.example"))

    def test_an_address_of_two_people_is_not_one_s_alone(self):
        """And the dry run says so."""
        self.make_twin(self.ann)
        row = self.member(x_title="Ann <ANN@canary.example>")
        linked = self.member(x_partner_id=self.ann.id, x_title="ann@canary.example")
        self.declare("delete")
        erasure = self.begin()
        self.assertEqual(self.found(erasure)[row.id], ("anonymise", "x_title"))
        [line] = erasure.line_ids.filtered(lambda line: line.res_id == row.id)
        self.assertIn("Belongs to others", line.reason_label)
        self.execute(erasure)
        self.assertEqual(row.x_title, "Ann <[…]>")
        self.assertFalse(linked.exists())

    def test_a_decision_made_after_the_dry_run(self):
        row = self.member(x_partner_id=self.ann.id)
        erasure = self.begin()
        self.declare("keep", "Statutes of the club")
        erasure.with_user(self.officer).action_find_again()
        self.env.invalidate_all()
        self.assertEqual(self.found(erasure), {row.id: ("keep", "x_partner_id")})
        self.execute(erasure)
        with self.assertRaisesRegex(UserError, "not a dry run any more"):
            erasure.with_user(self.officer).action_find_again()

    def test_what_may_not_be_declared(self):
        models = self.env["ir.model"]
        for name, treatment, refusal in (
            ("res.partner", "keep", "the people themselves"),
            ("res.country", "keep", "needs no declaration: dialling codes"),
            ("ir.rule", "delete", "Odoo needs these rows"),
            ("privacy.erasure.line", "delete", "needs no declaration"),
            ("consent.event", "delete", "Odoo needs these rows"),
            ("mail.message", "delete", "an add-on declares"),
            ("mail.compose.message", "keep", "holds no rows that stay"),
        ):
            with self.subTest(model=name), self.assertRaises(UserError) as caught:
                self.declare(treatment, model_id=models._get_id(name))
            self.assertIn(refusal, str(caught.exception))
        for columns, treatment, refusal in (
            ("x_nothing", "blank", "has no column x_nothing"),
            ("id", "blank", "neither blanked nor"),
            ("x_partner_id", "anonymise", "neither blanked nor"),
            ("x_note", "delete", "Columns are named"),
        ):
            with self.subTest(name=columns), self.assertRaises(UserError) as caught:
                self.declare(treatment, columns=columns)
            self.assertIn(refusal, str(caught.exception))

    def test_it_is_said_before_saving(self):
        """What Odoo needs can only be kept: the dialogue begins with that, and says why
        nothing else is possible while it is chosen."""
        declarations = self.env["privacy.declaration"].with_user(self.officer)
        context = declarations._dialogue("ir.cron")["context"]
        form = Form(declarations.with_context(**context))
        self.assertEqual((form.treatment, form.refusal), ("keep", False))
        form.treatment = "delete"
        self.assertIn("can only be kept", form.refusal)
        self.assertNotIn("default_treatment", declarations._dialogue(CLUB)["context"])

    def test_models_are_called_as_in_the_users_language(self):
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        model = self.env["ir.model"]._get("res.partner.bank")
        model.with_context(lang="fr_FR").name = "Comptes en banque"
        data_map = self.env["privacy.data.map"].with_context(lang="fr_FR")
        self.assertEqual(data_map._model_label(model.model), "Comptes en banque")

    def test_who_decides(self):
        declaration = self.declare("keep")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertTrue(elsewhere)
        mine = declaration.with_user(self.officer)
        for act in (lambda: mine.write({"reason": "x"}), mine.unlink):
            with self.assertRaisesRegex(AccessError, "binds all companies"):
                act()
        with self.assertRaises(AccessError):
            declaration.with_user(self.make_user("clerk")).read(["reason"])

    def test_export(self):
        declaration = self.declare("blank", columns="x_note", reason="Art. 17 <GDPR>")
        [record] = etree.fromstring(declaration._data_file())
        values = {field.get("name"): field.text for field in record}
        self.assertEqual(record.get("model"), "privacy.declaration")
        self.assertEqual(
            values,
            {
                "model_id": None,
                "treatment": "blank",
                "columns": "x_note",
                "reason": "Art. 17 <GDPR>",
            },
        )
        action = declaration.with_user(self.officer).action_export()
        self.assertIn("/web/content/", action["url"])

    def test_undeclared_models_are_listed_before_anybody_asks(self):
        rows = self.env["privacy.undeclared"].with_user(self.officer)
        [row] = rows.search([("model", "=", CLUB)])
        self.assertEqual(row.name, "Club")
        self.assertIn("Partner", row.field_labels)
        self.assertEqual(row.action_declare()["res_model"], "privacy.declaration")
        self.assertFalse(row.can_only_be_kept)
        self.declare("keep")
        self.assertFalse(rows.search([("model", "=", CLUB)]))

    # ------------------------------------------------------------------
    # What refuses
    # ------------------------------------------------------------------

    def test_a_row_that_the_database_needs_is_emptied_and_the_rest_goes(self):
        """A foreign key that restricts holds up nothing but its row."""
        needed, free = (
            self.member(x_partner_id=self.ann.id, x_note="ann@canary.example")
            for _i in range(2)
        )
        self.env.cr.execute(
            SQL(
                "CREATE TABLE x_needs (club integer REFERENCES x_privacy_club (id));"
                "INSERT INTO x_needs VALUES (%s)",
                needed.id,
            )
        )
        self.declare("delete")
        with mute_logger(JOB, "odoo.sql_db"):
            erasure = self.erase()
        self.assertEqual((erasure.state, erasure.erased_count), ("done", 1))
        self.assertFalse(free.exists())
        self.assertEqual(
            (needed.x_note, needed.x_title), (False, f"erased-{needed.id}")
        )
        lines = erasure.line_ids.filtered(lambda line: line.res_id == needed.id)
        [line] = lines.filtered(lambda line: line.res_model == CLUB)
        self.assertEqual(line.treatment, "keep")
        self.assertIn("ForeignKeyViolation", line.reason_label)

    def test_what_a_model_refuses_is_named_in_the_dry_run(self):
        """Such as a restricted audit trail: it is kept as it is."""
        kept, free = (
            self.member(x_partner_id=self.ann.id, x_name=name) for name in "KF"
        )
        self.declare("delete")

        def refuse(rows):
            if "K" in rows.mapped("x_name"):
                raise UserError("Ann Canary is part of an audit trail")

        refuse._ondelete = True
        self.patch(self.registry[CLUB], "_ondelete_methods", [refuse])
        with mute_logger(JOB):
            erasure = self.begin()
        self.assertEqual(self.found(erasure)[kept.id], ("keep", False))
        self.assertEqual(self.found(erasure)[free.id], ("delete", False))
        [line] = erasure.line_ids.filtered(
            lambda line: (line.res_model, line.res_id) == (CLUB, kept.id)
        )
        self.assertEqual(line.reason_label, "[…] is part of an audit trail")
        with mute_logger(JOB):
            self.execute(erasure)
        self.assertEqual(kept.x_name, "K")
        self.assertFalse(free.exists())
        self.assertEqual(self.ann.privacy_status, "erased")
