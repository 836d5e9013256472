"""Products: the catalogue, its embeddings, look-alike search, storefront and API."""
