"""Pages that know the shopper. They parse, call and render; decisions live elsewhere."""
