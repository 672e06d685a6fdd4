"""Is the database there and up to date? Only the demo migrates by itself."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def problems() -> list[str]:
    """Why pages and workers must not run on this database, and how to mend it; empty = it is ready."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as exc:
        return [f"The database does not answer ({type(exc).__name__}). Is DATABASE_URL right, does its server run?"]
    if plan:
        return [f"The database lacks {len(plan)} steps. Make a backup, then run:  linli migrate"]
    return []
