"""Pages of the storefront. They parse, call and render; decisions live elsewhere."""
