"""Every schema there ever was, one step after the other: a released step is never edited, only followed by another."""
