"""SELECTs over SELECTs: relations whose columns know how they add up, and everything that may stand over them."""
