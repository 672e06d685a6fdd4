"""The standards library. The seven clauses known before were seeded by the product and are written anew, in their standards,
by `seed_standards`; what orders and procedures name (WXQ-4.2) stays the same."""

import django.db.models.deletion
import linli.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('standards', '0003_procedures_in_versions'),
    ]

    operations = [
        migrations.DeleteModel(name='Clause'),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=8)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('title', models.CharField(max_length=60)),
                ('subsystem', models.CharField(max_length=16)),
                ('module', models.CharField(max_length=24)),
                ('state', models.CharField(default='draft', max_length=12)),
                ('scope', models.TextField()),
                ('object', models.TextField()),
                ('flow', models.JSONField(default=list)),
                ('requirement', models.TextField()),
                ('valid_from', models.DateField(null=True)),
                ('valid_until', models.DateField(null=True)),
                ('writers', models.JSONField(default=list)),
                ('approver_id', models.UUIDField(null=True)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('changed_at', models.DateTimeField()),
                ('in_force_at', models.DateTimeField(null=True)),
                ('superseded_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('code', 'version'), name='document_version'),
                    models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('code',), name='document_in_force_once'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'review', 'approved'])), fields=('code',), name='document_coming_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(db_index=True, max_length=32)),
                ('number', models.CharField(max_length=16)),
                ('chapter', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=60)),
                ('text', models.TextField()),
                ('values', models.JSONField(default=list)),
                ('position', models.PositiveIntegerField()),
                ('tokens', models.TextField(blank=True, default='')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='standards.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='clause_once')],
            },
        ),
    ]
