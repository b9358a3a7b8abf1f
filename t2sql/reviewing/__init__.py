"""What review leads to: corrections tested and signed, synonyms in the definitions, cases for the evaluation."""
