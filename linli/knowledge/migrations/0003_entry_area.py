"""An entry holds for a street too, so its place is an area."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("knowledge", "0002_gaps_facts_sources")]

    operations = [migrations.RenameField(model_name="entry", old_name="community_id", new_name="area_id")]
