"""A sheet on paper: drawn once, for the preview, the printer and PDF. Nothing here is loaded before it is wanted."""
