"""The standard sheets: described as data, laid out as a grid of cells, written as a workbook."""
