"""t2sql: questions about a bank in Chinese or English, answered with checked SQL over signed metric definitions."""
