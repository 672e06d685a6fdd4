"""Speed, measured beside a raw limit of the same run: `linli bench intake|live|orders|due [--postgres] [--small] --json`."""
