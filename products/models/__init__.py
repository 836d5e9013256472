"""Rows of the products app: the catalogue, its embeddings and clusters, and image searches."""

from products.models.calibration import Calibration
from products.models.catalogue_import import (
    CatalogueImport,
    ColumnMapping,
    ImportedProduct,
    LastImport,
    RefusedRow,
)
from products.models.embedding import ClusterAssignment, ImageClassification, ProductEmbedding
from products.models.label_review import LabelReview
from products.models.photo_traits import PhotoTraits
from products.models.product import (
    Product,
    ProductImage,
    default_currency,
    product_photo_path,
)
from products.models.recall import RecallCheck
from products.models.receipt import DeletionReceipt
from products.models.search import ImageSearch, default_expiry, search_photo_path

__all__ = [
    "Calibration",
    "CatalogueImport",
    "ClusterAssignment",
    "ColumnMapping",
    "DeletionReceipt",
    "ImageClassification",
    "ImageSearch",
    "ImportedProduct",
    "LabelReview",
    "LastImport",
    "PhotoTraits",
    "Product",
    "ProductEmbedding",
    "ProductImage",
    "RecallCheck",
    "RefusedRow",
    "default_currency",
    "default_expiry",
    "product_photo_path",
    "search_photo_path",
]
