"""Emptying columns below the ORM, and leaving no copy behind (ASK-2, ERA-2).

What Odoo computes from a field follows it, and the history of each record would tell
what it was. What can be edited may also be left as it is by its compute method, such as
the phone number that a lead has taken over from its customer.
"""

from contextlib import contextmanager

from odoo.tools import SQL

# Of these types a copy is recognised by its value.
COPIED = frozenset(
    {"char", "text", "html", "selection", "date", "datetime", "many2one"}
)


@contextmanager
def leaving_no_copy(records, names, companies=None):
    """Empty columns of records in the block, by SQL. What was computed from them is
    computed anew, or emptied where it still has the same value; no history tells of it.

    :param records: of one model, as superuser, with archived ones among what they find
    :param names: of fields with a column
    :param companies: ids of those whose copies are emptied; None: all
    """
    env = records.env
    env.flush_all()  # what users changed before is told as ever
    silent = records.with_context(tracking_disable=True)
    former = {name: _texts(silent, name) for name in names if _is_copied(silent, name)}
    silent.modified(names, before=True)
    yield
    silent.modified(names)
    pending = list(_pending_copies(silent, former))
    silent.env.flush_all()
    for name in names:
        forget_noted(records, name)
    for copies, name, texts in pending:
        if left := _reached(_holding(copies, name, texts), companies):
            empty(left, name, companies)


def compute_silently(records, names):
    """What depends on columns that were written by SQL follows them, and no history
    tells what it was before or is now."""
    silent = records.with_context(tracking_disable=True)
    silent.modified(names)
    silent.env.flush_all()


def empty(records, name, companies=None):
    """Empty a column of records, also in their history.

    :param records: as of :func:`leaving_no_copy`, and the companies
    """
    with leaving_no_copy(records, [name], companies):
        set_null(records, name)
    erase_tracked(records, name)


def set_null(records, name):
    """Also in the rows without a value: whoever writes one at this moment has seen the
    former state, and the database makes one of the two start again when both write the
    row."""
    records.env.execute_query(
        SQL(
            "UPDATE %s SET %s = NULL WHERE id = ANY(%s) RETURNING id",
            SQL.identifier(records._table),
            SQL.identifier(name),
            records.ids,
        )
    )
    invalidate_column(records, name)


def invalidate_column(records, name):
    """What a column holds was changed below the ORM."""
    records.invalidate_recordset([name], flush=False)
    for inverse in records.pool.field_inverses[records._fields[name]]:
        records.env[inverse.model_name].invalidate_model([inverse.name], flush=False)


def erase_tracked(records, name):
    """Remove the former values of a field from the history of records."""
    records.env.execute_query(
        SQL(
            """
            DELETE FROM mail_tracking_value tracking
                  USING mail_message message, ir_model_fields field
                  WHERE message.id = tracking.mail_message_id
                    AND message.model = %(model)s
                    AND message.res_id = ANY(%(ids)s)
                    AND field.id = tracking.field_id
                    AND field.model = %(model)s
                    AND field.name = %(name)s
              RETURNING tracking.id
            """,
            model=records._name,
            ids=records.ids,
            name=name,
        )
    )
    records.env["mail.tracking.value"].invalidate_model(flush=False)


def forget_noted(records, name):
    """Core notes a value before it changes, and tells of it on committing."""
    noted = records.env.cr.precommit.data.get(f"mail.tracking.{records._name}", {})
    for id_ in records.ids:
        (noted.get(id_) or {}).pop(name, None)


def _is_copied(records, name):
    return records._fields[name].type in COPIED


def _texts(records, name):
    """:return: set of what a column holds, as text"""
    column = SQL.identifier(name)
    rows = records.env.execute_query(
        SQL(
            "SELECT DISTINCT %s::text FROM %s WHERE id = ANY(%s) AND %s IS NOT NULL",
            column,
            SQL.identifier(records._table),
            records.ids,
            column,
        )
    )
    return {text for (text,) in rows} - {""}


def _pending_copies(records, former):
    """:param dict former: {field name: values that it had}
    :return: iterator of (records, field name, values) of what is about to be computed
        from these fields and may go on holding their values"""
    pending = dict(records.env.transaction.tocompute)
    for name, texts in former.items():
        source = records._fields[name]
        for field in records.pool.get_dependent_fields(source) if texts else ():
            if field in pending and field.type == source.type and not field.required:
                model = records.env[field.model_name]
                yield model.browse(pending[field]), field.name, texts


def _holding(records, name, texts):
    """:return: those that have one of these values"""
    column = SQL.identifier(name)
    rows = records.env.execute_query(
        SQL(
            "SELECT id FROM %s WHERE id = ANY(%s) AND %s::text = ANY(%s)",
            SQL.identifier(records._table),
            list(records._ids),
            column,
            list(texts),
        )
    )
    return records.browse(id_ for (id_,) in rows)


def _reached(records, companies):
    """:return: those that are no other company's"""
    others = records.env["privacy.data.map"]._out_of_reach(
        records._name, records.ids, companies
    )
    return records.filtered(lambda record: record.id not in others)
