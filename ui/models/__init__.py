"""What views show, prepared: item models and plain values made of domain objects. No widgets, no SQL."""
