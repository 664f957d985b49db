"""Ways of finding values out by asking whether they are so."""

from attack_company import secret
from attack_reading import SHOW
from attack_ways import PAGES, P, way


def _search(name, *domain, **options):
    @way(name)
    def search(a):
        return a(P, "search", domain=list(domain), **options)


def _group(name, method, **arguments):
    @way(name)
    def group(a):
        return a(P, method, domain=[], **arguments)


_search("search by guess", ["ref", "=", secret("ref")], ["name", "=", "Ann"])
_search(
    "search by guess, among several",
    ["ref", "in", ["x", secret("ref")]],
    ["name", "=", "Ann"],
)
_search("search by wrong guess", ["ref", "=", "Z"])
_search("search by guess in lower case", ["ref", "=", secret("ref").lower()])
_search("search by the mask", ["ref", "=", "••••1234"])
_search("search a sealed value by guess", ["function", "=", secret("job")])
_search("search on a prefix", ["ref", "=like", "Q%"])
_search("search on a part", ["ref", "ilike", "Q"])
_search("search on what is missing", ["ref", "not like", "Q%"])
_search("search by comparing", ["ref", ">=", "Q"])
_search("search on a dotted part", ["ref.x", "=like", "Q%"])
_search("search along a relation", ["commercial_partner_id.ref", "=like", "Q%"])
_search("search with any", ["child_ids", "any", [["ref", "=like", "Q%"]]])
_search("search with not any", ["child_ids", "not any", [["ref", "=like", "Q%"]]])
_search("search users", ["user_ids.ref", "=like", "Q%"])
_search("search below a name", ["id", "child_of", "Q"])
_search("search with a hidden context", ["ref", "=like", "Q%"], context={"x": 1})
_search("order by", order="ref desc")
_search("order by a part", order="ref.x")
_search("order with a context", order="ref", context={"privacy_fetching": True})
_group("group by", "formatted_read_group", groupby=["ref"], aggregates=["__count"])
_group("group by in a list", "web_read_group", groupby=["ref"], aggregates=["__count"])
_group("group by as of old", "read_group", fields=["ref"], groupby=["ref"])
_group(
    "group by along a relation",
    "formatted_read_group",
    groupby=["parent_id.ref"],
    aggregates=["__count"],
)
_group(
    "sets of groups",
    "formatted_read_grouping_sets",
    grouping_sets=[["ref"]],
    aggregates=["__count"],
)
_group(
    "progress bar",
    "read_progress_bar",
    group_by="ref",
    progress_bar={"field": "type", "colors": {"contact": "success"}},
)
_group(
    "progress bar of values",
    "read_progress_bar",
    group_by="parent_id",
    progress_bar={"field": "ref", "colors": {"x": "success"}},
)
for _aggregate in ("max", "min", "count", "count_distinct", "array_agg"):
    _group(
        f"aggregate {_aggregate}",
        "formatted_read_group",
        groupby=[],
        aggregates=[f"ref:{_aggregate}"],
    )
_group(
    "having",
    "formatted_read_group",
    groupby=["parent_id"],
    aggregates=["__count"],
    having=[["ref:max", ">", "A"]],
)


@way("search on the name")
def name_search(a):
    return a(P, "name_search", name="QZREF", context=SHOW)


@way("order of a web_read")
def web_read_order(a):
    spec = {"child_ids": {"fields": {"name": {}}, "order": "ref"}}
    return a(P, "web_read", [a.firm], specification=spec)


@way("search panel")
def search_panel(a):
    return a(P, "search_panel_select_range", field_name="ref")


@way("counters of the search panel")
def search_panel_counters(a):
    return a(
        P,
        "search_panel_select_range",
        field_name="parent_id",
        enable_counters=True,
        search_domain=[["ref", "=like", "Q%"]],
    )


@way("filtered_domain")
def filtered_domain(a):
    return a(P, "filtered_domain", [a.ann], domain=[["ref", "=like", "Q%"]])


@way("sorted")
def sorted_(a):
    return a(P, "sorted", [a.ann], key="ref")


@way("private search")
def private_search(a):
    return a(P, "_name_search", name="QZ")


@way("saved filter")
def saved_filter(a):
    domain = "[('ref', '=like', 'Q%')]"
    kept = a(
        "ir.filters",
        "create",
        vals_list=[
            {
                "name": f"F{a.number()}",
                "model_id": P,
                "domain": domain,
                "sort": '["ref"]',
            }
        ],
    )
    if kept.kind != "ok":
        return kept
    return a(P, "search_count", domain=[["ref", "=like", "Q%"]])


@way("domain check", via=PAGES)
def domain_check(a):
    return a.route("/web/domain/validate", model=P, domain=[["ref", "=like", "Q%"]])


@way("merge by equal values")
def merge_by(a):
    wizard = "base.partner.merge.automatic.wizard"
    made = a(wizard, "create", vals_list=[{"group_by_vat": True}])
    if made.kind != "ok":
        return made
    return a(wizard, "action_start_manual_process", made.value)
