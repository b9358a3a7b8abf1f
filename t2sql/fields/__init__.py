"""Questions over fields: which tables, columns, values, numbers and dates a text speaks of, where no metric fits."""

from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.linking import link
from t2sql.fields.readings import FieldReading, field_readings, read_question
from t2sql.fields.undated import undated

__all__ = ["FieldIndex", "FieldReading", "Linked", "field_readings", "link", "read_question", "undated"]
