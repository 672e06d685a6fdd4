"""The top floor: settings, urls, the API mount, the server processes and the `linli` command."""
