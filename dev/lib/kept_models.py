"""The models of the template, set up once for all processes that are forked.

Setting them up takes a third of a second of a core, and as much again of PostgreSQL's,
each time. A process takes them over where its database tells the same of them: what
Odoo reads of it in order to set them up is compared, all of it. Nothing that Odoo has
cached comes along.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import Any

from psycopg2.errors import UndefinedTable

from . import databases, template

# What Odoo reads: the rows of these, whole,
TABLES = ("ir_module_module", "ir_model", "ir_model_fields")
ROWS = "SELECT md5(string_agg(held::text, ',' ORDER BY id)) FROM {} AS held"
# which columns there are, and what they hold always,
COLUMNS = """
    SELECT md5(string_agg(concat_ws(' ', relname, attname, atttypid, attnotnull), ','
                          ORDER BY relname, attname))
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace = current_schema::regnamespace AND relkind = 'r'
       AND attnum > 0 AND NOT attisdropped"""
# how often processes were told to set them up anew, and whether an upgrade is due.
NEWS = """
    SELECT (SELECT max(id) FROM orm_signaling_registry),
           (SELECT count(*) FROM ir_config_parameter
             WHERE key = 'base.partially_updated_database')"""


class KeptModels:
    """
    :param registry: Odoo's, of a database that may be dropped afterwards
    """

    def __init__(self, registry: Any):
        self._registry: Any = registry
        self._told = _told(registry)

    def taken_over(self, database: str) -> Any:
        """:return: the registry, of this database from now on; None if the database
        tells something else of its models, or another one has got it"""
        from odoo import sql_db

        registry = self._registry
        if registry is None:
            return None
        registry.db_name, registry._db = database, sql_db.db_connect(database)
        if _told(registry) != self._told:
            return None
        self._registry = None
        for cache in registry._Registry__caches.values():
            cache.clear()
        registry.setup_signaling()
        return registry


def keep() -> None:
    """Set the models up, if there is a template, and give them to the first who asks
    for those of a database. Leaves no connection behind: this process is to be forked.
    """
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config

    source = template.ready()
    if not source:
        return
    database = databases.copy(source)
    try:
        kept = KeptModels(Registry(database))
    finally:
        Registry.delete(database)
        sql_db.close_all()
        sql_db._Pool = None
        databases.drop(database)
    make = Registry.new.__func__

    def new(cls: Any, db_name: str, **options: Any) -> Any:
        plain = not (any(options.values()) or config["test_enable"])
        registry = kept.taken_over(db_name) if plain else None
        if registry is None:
            return make(cls, db_name, **options)
        cls.registries[db_name] = registry
        return registry

    Registry.new = classmethod(new)


def _told(registry: Any) -> list[Any]:
    """:return: all that a database says of its models, less where it is none of Odoo's
    yet"""
    told = []
    with closing(registry._db.cursor()) as cursor, suppress(UndefinedTable):
        for query in (COLUMNS, NEWS, *map(ROWS.format, TABLES)):
            cursor.execute(query, log_exceptions=False)
            told += cursor.fetchall()
    return told
