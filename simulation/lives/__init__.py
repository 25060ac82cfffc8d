"""Courses composed at random: stages, delays and departures drawn one by one, the truth kept beside them."""
