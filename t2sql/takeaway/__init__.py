"""What a person takes away from an answer: CSV, a workbook with its proof, text for the clipboard, a picture.

Every form holds what the answer holds and no more, and is made for the person who asked. Text out of data or of a
question stays text wherever it is opened: none of it becomes a formula, markup or code.
"""

from t2sql.takeaway.fonts import has_chinese
from t2sql.takeaway.pictures import to_picture
from t2sql.takeaway.tables import to_csv, to_text
from t2sql.takeaway.workbooks import to_workbook

__all__ = ["has_chinese", "to_csv", "to_picture", "to_text", "to_workbook"]
