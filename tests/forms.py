"""Forms as a browser would send them."""


def typed(response):
    """What the admin's change form would send if nothing in it were touched."""
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets", []):
        forms += [inline.formset.management_form, *inline.formset.forms]
    opened = {"opened": str(response.context["opened"])} if "opened" in response.context else {}
    return opened | {
        name: value
        for form in forms
        for field in form.fields
        for name, value in _controls(form[field])
        if value is not None and value is not False  # 0 is a count
    }


def restoring(response):
    """What the page of an earlier state would send if all that it offers were restored."""
    changes = [change.id for change, _chosen in response.context["changes"]]
    return {"seen": response.context["seen"], "change": changes}


def _controls(bound):
    value, widget = bound.value(), bound.field.widget
    if hasattr(widget, "decompress"):
        parts = value if isinstance(value, list) else widget.decompress(value)  # typed or stored
        return [(f"{bound.html_name}_{number}", part) for number, part in enumerate(parts)]
    if isinstance(value, list):
        return [(bound.html_name, [getattr(item, "pk", item) for item in value])]
    return [(bound.html_name, value)]
