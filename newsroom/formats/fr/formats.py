"""French dates as Django writes them, and hours as newsrooms do: 8 mars 2022 à 18h00."""

DATETIME_FORMAT = r"j F Y à H\hi"
TIME_FORMAT = r"H\hi"
