"""The parts of an export of the catalogue; ``products.exporters`` runs them for command and admin.

rows -> labels -> csv_file | workbook | merchant_feed
"""
