"""A small taxonomy for tests of shares and heatmaps."""

from error_map.records import CategoryId
from error_map.taxonomy import Category, Taxonomy, reserved

SLIP = Category(CategoryId("sum.slip"), "Slip", "A slip.")
TREE = Taxonomy(
    (
        Category(CategoryId("sum"), "Sum", "Sums.", (SLIP,)),
        Category(CategoryId("form"), "Form", "Forms."),
        *reserved(),
    )
)
