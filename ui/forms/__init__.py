"""Forms made from the facts of fields: an editor for each type, and the form that lays them out."""
