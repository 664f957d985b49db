"""ROL-2: rows about people are read by whom may read the people. What the database is
asked is compared with lists of ids."""

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .test_other_company import OtherCompanyCase

# What other add-ons let people see of contacts: nothing more, or some of them, by what
# is in the row, by a join, and by a sub-select; or none at all.
RULES = (
    "[]",
    "[('name', 'like', '1')]",
    "[('parent_id.name', '!=', 'Firm')]",
    "[('category_id', 'any', [('name', '=', 'Seen')])]",
    "[(0, '=', 1)]",
)
GROUPS = (
    "privacy_guard.group_privacy_user",
    "privacy_guard.group_privacy_officer",
)
PEOPLE = 12


@tagged("post_install", "-at_install")
class TestVisibleRows(OtherCompanyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env.company | cls.elsewhere
        cls.rule = cls.env["ir.rule"].create(
            {
                "name": "Some contacts",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[]",
            }
        )
        cls.readers = [
            cls.make_user(
                f"reader{number}{len(companies)}",
                group,
                email=f"reader{number}{len(companies)}@example.com",
                company_id=companies[:1].id,
                company_ids=[Command.set(companies.ids)],
            )
            for number, group in enumerate(GROUPS)
            for companies in (cls.elsewhere, cls.companies)
        ]
        firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        seen = cls.env["res.partner.category"].create({"name": "Seen"})
        people = cls.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}",
                    "company_id": (cls.companies.ids + [False])[number % 3],
                    "active": number % 4 > 0,
                    "parent_id": number % 5 == 0 and firm.id,
                    "category_id": [Command.set(seen.ids if number % 2 else [])],
                }
                for number in range(PEOPLE)
            ]
        )
        cls.ids = people.ids
        people[-3:].unlink()
        cls._multiply_rows()

    @classmethod
    def models(cls):
        names = cls.env.registry.descendants(["consent.subject.row.mixin"], "_inherit")
        return [
            cls.env[name]
            for name in sorted(names)
            if not cls.env.registry[name]._abstract
        ]

    @classmethod
    def _multiply_rows(cls):
        """Each row about Ann and Ben is there about the others too, and about records
        that are no people; by SQL: nobody may make them."""
        for model in cls.models():
            if not model._auto:
                continue
            columns = [
                name
                for name, field in model._fields.items()
                if field.column_type
                and field.store
                and name not in ("id", "res_model", "res_id")
            ]
            cls.env.execute_query(
                SQL(
                    """
                    INSERT INTO %(table)s (res_model, res_id, %(columns)s)
                    SELECT kind.name, other.id, %(values)s
                      FROM %(table)s AS own,
                           unnest(ARRAY['res.partner', 'res.country']) AS kind (name),
                           unnest(%(ids)s) AS other (id)
                     WHERE own.res_model = 'res.partner' AND own.res_id = ANY(%(known)s)
                ON CONFLICT DO NOTHING
                 RETURNING id
                    """,
                    table=SQL.identifier(model._table),
                    columns=SQL(", ").join(map(SQL.identifier, columns)),
                    values=SQL(", ").join(SQL.identifier("own", n) for n in columns),
                    ids=cls.ids,
                    known=(cls.ann | cls.ben).ids,
                )
            )
            model.invalidate_model()

    def visible(self, model):
        """:return: Domain of the rows that the user of a model may read, by lists"""
        visible = Domain.FALSE
        for name in model._subject_models():
            people = model.env[name].with_context(active_test=False)
            if not people.has_access("read"):
                continue
            found = Domain("res_id", "in", people.search([]).ids)
            if model._keeps_rows_of_deleted_subjects:
                found |= Domain("res_id", "not in", people.sudo().search([]).ids)
            visible |= Domain("res_model", "=", name) & found
        if model._name in ("privacy.job.item", "privacy.decision"):
            # what failed with a user, a field or a company is about no person, nor is
            # what went to an address that nobody has
            visible |= Domain("res_model", "not in", model._subject_models())
        if model._name == "consent.evidence":
            visible &= Domain("digest", "not in", self.told_elsewhere(model))
        return visible

    def told_elsewhere(self, model):
        """:return: digests of what answers to consents of other companies came with"""
        events = self.env["consent.event"].search([("evidence_hash", "!=", False)])
        own = events.filtered(
            lambda event: event.purpose_id.company_id <= model.env.companies
        )
        told = set((events - own).mapped("evidence_hash"))
        return sorted(told - set(own.mapped("evidence_hash")))

    def rules(self, model):
        return model.env["ir.rule"]._compute_domain(model._name, "read")

    @settings(max_examples=15, deadline=None)
    @given(data=st.data())
    def test_the_same_rows_as_by_lists_of_ids(self, data):
        self.rule.domain_force = data.draw(st.sampled_from(RULES), "rule")
        reader = data.draw(st.sampled_from(self.readers), "reader")
        allowed = data.draw(st.sampled_from((reader.company_ids, reader.company_id)))
        self.env.flush_all()
        for model in self.models():
            rows = model.with_user(reader).with_context(
                allowed_company_ids=allowed.ids, active_test=False
            )
            if rows.has_access("read"):
                self.compare(rows)

    def compare(self, model):
        every = model.sudo().search([])
        visible = self.visible(model)
        readable = every.search(visible & self.rules(model))
        # all, a page, another order, counted, counted up to a limit, in groups
        self.assertEqual(model.search([]), readable)
        self.assertEqual(model.search([], limit=3), readable[:3])
        self.assertEqual(model.search([], offset=2, limit=9), readable[2:11])
        newest = readable.sorted("id", reverse=True)
        self.assertEqual(model.search([], order="id desc", limit=5), newest[:5])
        self.assertEqual(model.search_count([]), len(readable))
        self.assertEqual(model.search_count([], limit=4), min(4, len(readable)))
        [[counted]] = model._read_group([], [], ["__count"])
        self.assertEqual(counted, len(readable))
        # beside other conditions, taken back, and in memory
        about = Domain("res_id", "in", self.ids[::2])
        self.assertEqual(
            model.search(about),
            readable.search(about & Domain("id", "in", readable.ids)),
        )
        self.assertEqual(every._filtered_access("read"), every)
        self.assertEqual(
            every.with_env(model.env)._filtered_access("read").sudo(), readable
        )
        for by_page in (False, True):
            own = model._visible_domain(by_page)
            hidden = every - every.search(visible)
            if model._auto:
                self.assertEqual(every.search(~own), hidden)
                self.assertEqual(every.filtered_domain(own), every - hidden)

    def test_no_list_is_empty_or_whole_by_chance(self):
        reader = self.readers[-1]
        self.rule.domain_force = RULES[1]
        # proof packs are of who has asked for them, besides
        self.env.cr.execute("UPDATE consent_proof_order SET user_id = %s", [reader.id])
        self.env.invalidate_all()
        for model in self.models():
            if model.with_user(reader).has_access("read"):
                rows = model.search([("res_id", "in", self.ids)])
                seen = model.with_user(reader).search(Domain("id", "in", rows.ids))
                with self.subTest(model=model._name):
                    self.assertTrue(seen)
                    self.assertLess(seen.sudo(), rows)
