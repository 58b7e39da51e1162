from django.db import migrations

# What triggers write from now on. Apart from what alters the tables: PostgreSQL makes no index
# where rows wait to be checked.
READINGS = """
    INSERT INTO companies_reading (article_id, newest_id, names)
    SELECT v.article_id, v.id, '' FROM articles_version v WHERE NOT v.late AND NOT EXISTS (
        SELECT 1 FROM articles_version n
        WHERE n.article_id = v.article_id AND n.number > v.number AND NOT n.late
    )
    ON CONFLICT (article_id) DO UPDATE SET newest_id = excluded.newest_id
"""
PERUSALS = """
    INSERT INTO companies_perusal (article_id, read_id, told, changes, rules)
    SELECT r.article_id, CASE WHEN r.version_id = r.newest_id THEN r.version_id END, (
        SELECT COUNT(*) FROM companies_historicalmention h WHERE h.article_id = r.article_id
    ), 0, '' FROM companies_reading r WHERE 1 = 1
    ON CONFLICT (article_id) DO UPDATE SET read_id = excluded.read_id, told = excluded.told
"""
# Before, no row said the same.
UNREAD = "DELETE FROM companies_reading WHERE version_id IS NULL"
UNPERUSED = "DELETE FROM companies_perusal WHERE version_id IS NULL"


class Migration(migrations.Migration):
    dependencies = [("companies", "0016_due")]

    operations = [
        migrations.RunSQL(READINGS, UNREAD),
        migrations.RunSQL(PERUSALS, UNPERUSED),
    ]
